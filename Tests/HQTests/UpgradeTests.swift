import HQ
import Journal
import Messages
import Platform
import Testing

@Suite struct UpgradeTests {
  /// As the first version made it.
  private func oldStore(_ path: String, _ estate: Estate) throws {
    let database = try Database(path: path, mode: .readWrite)
    try database.execute(
      """
      CREATE TABLE gateway(id INTEGER PRIMARY KEY, site TEXT NOT NULL, name TEXT NOT NULL, boot INTEGER NOT NULL,
        list INTEGER NOT NULL, challenge TEXT NOT NULL, through INTEGER NOT NULL, hash BLOB NOT NULL,
        seen_at INTEGER NOT NULL, connected INTEGER NOT NULL, fault TEXT, UNIQUE(site, name));
      CREATE TABLE record(gateway INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, record BLOB NOT NULL,
        PRIMARY KEY(gateway, seq)) WITHOUT ROWID;
      CREATE TABLE gap(gateway INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, hash BLOB NOT NULL,
        PRIMARY KEY(gateway, first)) WITHOUT ROWID;
      PRAGMA application_id = 1198016561;
      """)
    let records = try estate.reader.records(after: 0, limit: 10_000)
    try database.execute("BEGIN")
    for record in records {
      let insert = try database.prepare("INSERT INTO record VALUES(1, ?, ?, ?)")
      try insert.bind(1, record.seq)
      try insert.bind(2, record.hash)
      try insert.bind(3, record.bytes)
      try insert.run()
    }
    let last = try #require(records.last)
    let gateway = try database.prepare(
      "INSERT INTO gateway VALUES(1, 'riverside', 'gw-1', 3, 0, '', ?, ?, 0, 0, NULL)")
    try gateway.bind(1, last.seq)
    try gateway.bind(2, last.hash)
    try gateway.run()
    try database.execute("COMMIT")
  }

  @Test func anOldStoreIsBroughtUpAndGoesOn() throws {
    let estate = try Estate()
    try estate.write(2_500)
    try estate.journal.redact([7])
    let path = "\(estate.place.path)/old.db"
    try oldStore(path, estate)
    #expect(throws: StoreError.self) { try HQStore(path: path, mode: .readOnly) }
    let store = try HQStore(path: path)
    let gateway = try #require(try store.gateways().first)
    #expect(try store.verify(gateway) == .intact(records: 2_500))
    let database = try Database(path: path, mode: .readOnly)
    #expect(try database.integer("SELECT count(*) FROM record WHERE type = 'access'") == 2_499)
    #expect(try database.integer("SELECT count(at) FROM record") == 2_499)
    try estate.write(5)
    _ = try store.take(try estate.batch(after: 2_500, limit: 5), site: "riverside", at: 1)
    #expect(try store.verify(try #require(try store.gateways().first)) == .intact(records: 2_505))
  }

  @Test func whatIsNoStoreIsLeftAsItIs() throws {
    let place = try TemporaryDirectory(prefix: "hq")
    let path = "\(place.path)/other.db"
    do { try Database(path: path, mode: .readWrite).execute("CREATE TABLE mine(x)") }
    #expect(throws: StoreError.self) { try HQStore(path: path) }
    #expect(try Database(path: path, mode: .readOnly).integer("SELECT count(*) FROM mine") == 0)
    do {
      _ = try HQStore(path: "\(place.path)/new.db")
      try Database(path: "\(place.path)/new.db", mode: .readWrite).execute("PRAGMA user_version = 9")
    }
    #expect(throws: StoreError.self) { try HQStore(path: "\(place.path)/new.db") }
  }
}
