/// The tables of gatehouse.db.
enum Schema {
  /// `PRAGMA application_id`: "GhJ1".
  static var application: Int64 { 0x4768_4A31 }
  /// `PRAGMA user_version`; a higher one is from a newer daemon and is refused.
  static var version: Int64 { 3 }
  /// Half of SQLite's own: a commit of one record rewrites one page, and the card lives longer.
  static var pageBytes: Int { 2_048 }

  static var create: String {
    """
    CREATE TABLE meta(key TEXT PRIMARY KEY, number INTEGER, bytes BLOB) WITHOUT ROWID;
    CREATE TABLE log(seq INTEGER PRIMARY KEY, type INTEGER NOT NULL, at INTEGER,
      digest BLOB NOT NULL, hash BLOB NOT NULL, record BLOB);
    CREATE TABLE hole(first INTEGER PRIMARY KEY, last INTEGER NOT NULL, hash BLOB NOT NULL);
    CREATE TABLE presence(credential TEXT PRIMARY KEY, area TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE uses(credential TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE occupancy(area TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
    PRAGMA application_id = \(application);
    PRAGMA user_version = \(version);
    """
  }

  /// Sets up a connection that writes: a write-ahead log, synced at every commit.
  static func prepare(_ database: Database) throws(StoreError) {
    try database.execute(
      """
      PRAGMA page_size = \(pageBytes); PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA secure_delete = FAST;
      """)
    if try database.integer("PRAGMA application_id") == 0,
      try database.integer("SELECT count(*) FROM sqlite_schema") == 0
    {
      try database.transaction { () throws(StoreError) in try database.execute(create) }
    }
    try check(database)
    try update(database)
  }

  /// Version 1 did not know when a record was written, but in its own text. Version 2 did not pack records: what it
  /// wrote stays as it is, and is read beside what is packed.
  private static func update(_ database: Database) throws(StoreError) {
    guard let found = try database.integer("PRAGMA user_version"), found < version else { return }
    try database.transaction { () throws(StoreError) in
      if found == 1 { try database.execute("ALTER TABLE log ADD COLUMN at INTEGER") }
      try database.execute("PRAGMA user_version = \(version)")
    }
  }

  /// Refuses a file that is not this journal's.
  static func check(_ database: Database) throws(StoreError) {
    guard try database.integer("PRAGMA application_id") == application else {
      throw StoreError(kind: .damaged, text: "not a gatehouse journal", during: "open \(database.path)")
    }
    let found = try database.integer("PRAGMA user_version") ?? 0
    guard (1...version).contains(found) else {
      throw StoreError(
        kind: .refused, text: "format \(found), this program knows \(version): use the daemon that wrote it",
        during: "open \(database.path)")
    }
  }
}

/// The named values in the table meta.
enum Meta: String {
  case gateway, boot
  /// The link that HQ acknowledged last.
  case acknowledged
  /// The link before the oldest record kept.
  case anchor
  /// The seq through which credentials that were kept long enough have been dropped.
  case faded
  /// How long the clock has kept step, in milliseconds, and the wall clock's time when that was counted.
  case steady
  case steadyAt = "steady_at"

  static func link(_ key: Meta, in database: Database) throws(StoreError) -> ChainLink {
    let statement = try database.prepare("SELECT number, bytes FROM meta WHERE key = ?")
    try statement.bind(1, key.rawValue)
    guard try statement.step() else { return .origin }
    let link = ChainLink(seq: statement.integer(0), hash: statement.bytes(1))
    guard link.seq >= 0, link.hash.count == Digest.count else {
      throw StoreError(
        kind: .damaged, text: "meta \(key.rawValue) makes no sense", during: "read \(database.path)")
    }
    return link
  }

  static func set(_ key: Meta, _ number: Int64, _ bytes: [UInt8], in database: Database) throws(StoreError) {
    let statement = try database.prepare("INSERT OR REPLACE INTO meta(key, number, bytes) VALUES(?, ?, ?)")
    try statement.bind(1, key.rawValue)
    try statement.bind(2, number)
    try statement.bind(3, bytes)
    try statement.run()
  }

  static func set(_ key: Meta, _ link: ChainLink, in database: Database) throws(StoreError) {
    try set(key, link.seq, link.hash, in: database)
  }
}
