import Platform

/// `list-past.db`: rows that later versions of the allow-list replaced, so that a past decision can be made again.
///
/// One thread owns it. It holds differences only: for each credential that a version changed, the row before it, or that
/// there was none. Nothing depends on it but explanations: where it cannot be written, less can be explained.
public final class ListPast {
  /// What a credential's row was before a version changed it.
  public struct Change: Sendable, Equatable {
    public var credential: String
    /// Nil: it did not stand in the list.
    public var row: StoredListRow?

    public init(credential: String, row: StoredListRow?) {
      self.credential = credential
      self.row = row
    }
  }

  public let path: String

  /// - Parameter directory: where `list-past.db` lies, beside `list.db`.
  public init(directory: String) {
    path = Self.path(in: directory)
  }

  public static func path(in directory: String) -> String { "\(directory)/list-past.db" }

  /// `PRAGMA application_id`: "GhP1".
  static var application: Int64 { 0x4768_5031 }

  /// To be called once a start, with the version in force.
  ///
  /// Where an older version came back (a copy was put in place, the file was lost), numbers may be given twice: what
  /// stands in records of earlier boots under a higher number is then another list, and no longer known.
  public func begin(version: Int64, boot: Int64) throws(StoreError) {
    try write { (database) throws(StoreError) in
      let known = try Self.number("version", in: database) ?? version
      if known < version { try Self.clear(database, from: version) }
      if known > version {
        try database.execute(
          "DELETE FROM past WHERE until > \(version); DELETE FROM version WHERE until > \(version)")
        let fork = min(version, try Self.number("fork", in: database) ?? version)
        try Self.set("fork", fork, in: database)
        try Self.set("fork_boot", boot, in: database)
      }
      try Self.set("version", version, in: database)
      if try Self.number("floor", in: database) ?? version >= version {
        try Self.set("floor", version, in: database)
      }
    }
  }

  /// Before `version` takes the place of `old`.
  ///
  /// - Parameters:
  ///   - changes: every difference, each credential once; nil: too many, and nothing before `version` stays known.
  ///   - at: Unix milliseconds.
  public func replace(
    _ old: Int64, with version: Int64, _ changes: [Change]?, at: Int64
  ) throws(StoreError) {
    try write { (database) throws(StoreError) in
      if try Self.number("version", in: database) != old { try Self.clear(database, from: old) }
      if let changes, changes.count <= JournalLimits.listPastRows {
        try Self.insert(changes, until: version, at: at, into: database)
        try Self.makeRoom(in: database)
      } else {
        try Self.clear(database, from: version)
      }
      try Self.set("version", version, in: database)
    }
  }

  /// `version` did not come into force: `old` stays.
  public func takeBack(_ version: Int64, to old: Int64) throws(StoreError) {
    try write { (database) throws(StoreError) in
      try database.execute(
        "DELETE FROM past WHERE until = \(version); DELETE FROM version WHERE until = \(version)")
      try Self.set("version", old, in: database)
      if try Self.number("floor", in: database) ?? old > old { try Self.set("floor", old, in: database) }
    }
  }

  /// Drops what was replaced before a moment, in Unix milliseconds: people who are off the list for long.
  public func forget(before moment: Int64) throws(StoreError) {
    try write { (database) throws(StoreError) in
      let last = try database.integer("SELECT max(until) FROM version WHERE at < \(moment)") ?? 0
      if last > 0 { try Self.drop(through: last, in: database) }
    }
  }

  // MARK: The file

  /// Opened for each change and let go of behind it: a file that is open keeps a card that was taken out mounted, and then
  /// the one that is put in cannot be written either.
  private func write(_ body: (Database) throws(StoreError) -> Void) throws(StoreError) {
    do throws(StoreError) {
      let database = try open()
      try database.transaction { () throws(StoreError) in try body(database) }
    } catch {
      guard error.kind == .damaged else { throw error }
      // Nothing but explanations hangs on it.
      for suffix in ["", "-journal"] { Files.remove(path + suffix) }
      throw error
    }
  }

  private func open() throws(StoreError) -> Database {
    let database = try Database(path: path, mode: .readWrite)
    try database.execute(
      "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")
    if try database.integer("SELECT count(*) FROM sqlite_schema") == 0 {
      try database.transaction { () throws(StoreError) in
        try database.execute(
          """
          CREATE TABLE meta(key TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
          CREATE TABLE version(until INTEGER PRIMARY KEY, at INTEGER NOT NULL, rows INTEGER NOT NULL);
          CREATE TABLE past(credential TEXT NOT NULL, until INTEGER NOT NULL, holder TEXT, groups TEXT,
            valid_from INTEGER, valid_until INTEGER, uses INTEGER, flags TEXT,
            PRIMARY KEY(credential, until)) WITHOUT ROWID;
          PRAGMA application_id = \(Self.application);
          """)
      }
    }
    try Self.check(database)
    return database
  }

  static func check(_ database: Database) throws(StoreError) {
    guard try database.integer("PRAGMA application_id") == application else {
      throw StoreError(kind: .damaged, text: "not a gatehouse list's past", during: "open \(database.path)")
    }
  }

  static func number(_ key: String, in database: Database) throws(StoreError) -> Int64? {
    let statement = try database.prepare("SELECT number FROM meta WHERE key = ?")
    defer { statement.reset() }
    try statement.bind(1, key)
    return try statement.step() ? statement.integer(0) : nil
  }

  private static func set(_ key: String, _ number: Int64, in database: Database) throws(StoreError) {
    let statement = try database.prepare("INSERT OR REPLACE INTO meta(key, number) VALUES(?, ?)")
    try statement.bind(1, key)
    try statement.bind(2, number)
    try statement.run()
  }

  private static func clear(_ database: Database, from version: Int64) throws(StoreError) {
    try database.execute("DELETE FROM past; DELETE FROM version")
    try set("floor", version, in: database)
  }

  private static func insert(
    _ changes: [Change], until version: Int64, at: Int64, into database: Database
  ) throws(StoreError) {
    try database.execute(
      "DELETE FROM past WHERE until >= \(version); DELETE FROM version WHERE until >= \(version)")
    let insert = try database.prepare("INSERT OR REPLACE INTO past VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
    for change in changes {
      try insert.bind(1, change.credential)
      try insert.bind(2, version)
      try insert.bind(3, change.row?.holder)
      try insert.bind(4, change.row?.terms.groups)
      try insert.bind(5, change.row?.terms.validFrom)
      try insert.bind(6, change.row?.terms.validUntil)
      try insert.bind(7, change.row?.terms.uses)
      try insert.bind(8, change.row?.terms.flags)
      try insert.run()
    }
    try database.execute("INSERT INTO version VALUES(\(version), \(at), \(changes.count))")
  }

  /// The oldest versions go, whole ones.
  private static func makeRoom(in database: Database) throws(StoreError) {
    while true {
      let rows = try database.integer("SELECT sum(rows) FROM version") ?? 0
      let versions = try database.integer("SELECT count(*) FROM version") ?? 0
      guard rows > Int64(JournalLimits.listPastRows) || versions > Int64(JournalLimits.listPastVersions)
      else { return }
      try drop(through: try database.integer("SELECT min(until) FROM version") ?? 0, in: database)
    }
  }

  /// What was before `version` is no longer known; `version` itself is.
  private static func drop(through version: Int64, in database: Database) throws(StoreError) {
    try database.execute(
      "DELETE FROM past WHERE until <= \(version); DELETE FROM version WHERE until <= \(version)")
    try set("floor", version, in: database)
  }
}
