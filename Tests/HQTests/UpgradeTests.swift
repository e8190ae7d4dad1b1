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

  /// What the version after it added.
  private func second(_ path: String) throws {
    let database = try Database(path: path, mode: .readWrite)
    try database.execute(
      """
      ALTER TABLE gateway ADD COLUMN last INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE gateway ADD COLUMN complete_at INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE record ADD COLUMN stored_at INTEGER; ALTER TABLE record ADD COLUMN at INTEGER;
      ALTER TABLE record ADD COLUMN type TEXT; ALTER TABLE record ADD COLUMN point TEXT;
      ALTER TABLE record ADD COLUMN decision TEXT; ALTER TABLE record ADD COLUMN reason TEXT;
      ALTER TABLE record ADD COLUMN event TEXT; ALTER TABLE record ADD COLUMN amount INTEGER;
      ALTER TABLE gap ADD COLUMN told_at INTEGER;
      CREATE TABLE alarm(id INTEGER PRIMARY KEY, gateway INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
        raised_at INTEGER NOT NULL, last_at INTEGER NOT NULL, count INTEGER NOT NULL, ended_at INTEGER, ended_by TEXT);
      CREATE UNIQUE INDEX alarm_open ON alarm(gateway, kind) WHERE ended_at IS NULL;
      CREATE TABLE publication(id TEXT NOT NULL, gateway INTEGER NOT NULL, version INTEGER NOT NULL, base INTEGER,
        digest BLOB NOT NULL, sent_at INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT, ended_at INTEGER,
        PRIMARY KEY(gateway, id)) WITHOUT ROWID;
      CREATE TABLE collector(slot INTEGER PRIMARY KEY, name TEXT NOT NULL, beat_at INTEGER NOT NULL,
        connected INTEGER NOT NULL, started_at INTEGER NOT NULL);
      UPDATE record SET stored_at = 1000 + seq, type = 'what the old version read of it';
      INSERT INTO alarm(gateway, kind, text, raised_at, last_at, count) VALUES(1, 'silent', 'x', 1, 1, 1);
      PRAGMA user_version = 1;
      """)
  }

  /// What the version after that made of it.
  private func third(_ path: String) throws {
    let database = try Database(path: path, mode: .readWrite)
    try database.execute(
      """
      ALTER TABLE gateway ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
      UPDATE gateway SET urgent = through + 2;
      CREATE TABLE parcel(list TEXT NOT NULL, base INTEGER NOT NULL, part INTEGER NOT NULL, payload BLOB NOT NULL,
        UNIQUE(list, base, part));
      CREATE TABLE entry(id INTEGER PRIMARY KEY, hash BLOB NOT NULL, record BLOB NOT NULL, stored_at INTEGER);
      INSERT INTO entry SELECT gateway << 48 | seq, hash, record, stored_at FROM record;
      DROP TABLE record;
      CREATE VIEW record AS SELECT id >> 48 AS gateway, id & 281474976710655 AS seq, hash, record, stored_at,
        json_extract(CAST(record AS TEXT), '$.type') AS type, CAST(substr(json_extract(CAST(record AS TEXT), '$.at'),
        18, 2) AS INTEGER) * 1000 + substr(json_extract(CAST(record AS TEXT), '$.at'), 21, 3) AS at FROM entry;
      PRAGMA user_version = 2;
      """)
  }

  @Test(arguments: [0, 1, 2])
  func anOldStoreIsBroughtUpAndGoesOn(version: Int) throws {
    let estate = try Estate()
    try estate.write(2_500)
    try estate.journal.redact([7])
    let path = "\(estate.place.path)/old.db"
    try oldStore(path, estate)
    if version >= 1 { try second(path) }
    if version == 2 { try third(path) }
    #expect(throws: StoreError.self) { try HQStore(path: path, mode: .readOnly) }
    let store = try HQStore(path: path)
    let gateway = try #require(try store.gateways().first)
    #expect(try store.verify(gateway) == .intact(records: 2_500))
    let database = try Database(path: path, mode: .readOnly)
    #expect(try database.integer("SELECT count(*) FROM record WHERE type = 'access'") == 2_499)
    #expect(try database.integer("SELECT count(at) FROM record") == 2_499)
    #expect(try database.integer("SELECT at FROM record WHERE seq = 2345") == 2_344)
    #expect(
      try database.integer("SELECT sum(stored_at = 1000 + seq) FROM record WHERE gateway = 1")
        == (version >= 1 ? 2_500 : 0))
    #expect(
      try database.integer("SELECT count(*) FROM told WHERE id = 1 << 48 | 2502") == (version == 2 ? 1 : 0))
    #expect(try store.alarms(open: true).map(\.kind) == (version >= 1 ? [.silent] : []))
    #expect(
      try store.records(of: gateway, after: 0, limit: 9_999) == estate.reader.records(after: 0, limit: 9_999))
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
