import Platform

/// `list.db`: the allow-list in force, so that decisions go on without HQ and over restarts.
///
/// One thread owns it. A new version is built aside, read back and checked, and only then takes the name: at every
/// moment the name stands for one whole version.
public struct ListStore: Sendable {
  public let path: String

  /// - Parameter directory: where `list.db` lies.
  public init(directory: String) {
    path = "\(directory)/list.db"
  }

  /// `PRAGMA application_id`: "GhL1".
  private static var application: Int64 { 0x4768_4C31 }

  /// Makes `list` the version in force.
  ///
  /// - Returns: the SHA-256 over its rows, which stands beside the version from now on.
  /// - Throws: ``StoreError``; the version before stays in force.
  @discardableResult
  public func save(_ list: StoredList) throws(StoreError) -> [UInt8] {
    guard list.rows.count <= JournalLimits.listRows else {
      throw StoreError(
        kind: .refused, text: "\(list.rows.count) rows, at most \(JournalLimits.listRows)",
        during: "save \(path)")
    }
    let aside = path + ".new"
    for suffix in ["", "-journal", "-wal", "-shm"] { Files.remove(aside + suffix) }
    let digest = try build(list, aside)
    let back = try Self.scan(aside) { _ in }
    guard back.version == list.version, back.digest == digest else {
      throw StoreError(kind: .io, text: "what was read back is not what was written", during: "save \(aside)")
    }
    do throws(SystemError) {
      try Files.move(aside, to: path)
    } catch {
      throw StoreError(error, during: "save \(path)")
    }
    return digest
  }

  private func build(_ list: StoredList, _ aside: String) throws(StoreError) -> [UInt8] {
    let database = try Database(path: aside, mode: .readWrite)
    try database.execute("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;")
    return try database.transaction { () throws(StoreError) in
      try database.execute(
        """
        CREATE TABLE list(version INTEGER NOT NULL, count INTEGER NOT NULL, digest BLOB NOT NULL);
        CREATE TABLE row(place INTEGER PRIMARY KEY, credential TEXT NOT NULL, holder TEXT NOT NULL,
          groups TEXT NOT NULL, valid_from INTEGER, valid_until INTEGER, uses INTEGER, flags TEXT NOT NULL);
        PRAGMA application_id = \(Self.application);
        """)
      return try Self.insert(list, into: database)
    }
  }

  private static func insert(_ list: StoredList, into database: Database) throws(StoreError) -> [UInt8] {
    let insert = try database.prepare("INSERT INTO row VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
    let digest = RunningDigest()
    for (place, row) in list.rows.enumerated() {
      digest.add(row.canonical)
      try insert.bind(1, Int64(place))
      try insert.bind(2, row.credential)
      try insert.bind(3, row.holder)
      try insert.bind(4, row.groups)
      try insert.bind(5, row.validFrom)
      try insert.bind(6, row.validUntil)
      try insert.bind(7, row.uses)
      try insert.bind(8, row.flags)
      try insert.run()
    }
    let head = try database.prepare("INSERT INTO list VALUES(?, ?, ?)")
    try head.bind(1, list.version)
    try head.bind(2, Int64(list.rows.count))
    let whole = digest.finish()
    try head.bind(3, whole)
    try head.run()
    return whole
  }

  /// The version in force; nil where there is none yet.
  ///
  /// - Throws: ``StoreError``; of kind `damaged` where the file is not what was saved: it has then been set aside as
  ///   `list.db.damaged-N`, and the error's text says so.
  public func load() throws(StoreError) -> StoredList? {
    var rows: [StoredListRow] = []
    guard let head = try read({ rows.append($0) }) else { return nil }
    return StoredList(version: head.version, rows: rows)
  }

  /// What stands before the rows.
  public struct Head: Sendable, Equatable {
    public var version: Int64
    public var count: Int64
    /// SHA-256 over the rows.
    public var digest: [UInt8]
  }

  /// The version in force without a look at its rows; nil where there is none yet.
  ///
  /// - Throws: ``StoreError``; nothing is set aside.
  public func head() throws(StoreError) -> Head? {
    guard Files.exists(path) else { return nil }
    return try Self.head(try Database(path: path, mode: .readOnly))
  }

  /// As ``load()``, but row by row: what `row` was given is only to be believed once this has returned.
  public func read(_ row: (StoredListRow) -> Void) throws(StoreError) -> Head? {
    guard Files.exists(path) else { return nil }
    do throws(StoreError) {
      return try Self.scan(path, row)
    } catch {
      guard error.kind == .damaged else { throw error }
      var number = 1
      while Files.exists("\(path).damaged-\(number)") { number += 1 }
      let aside = "\(path).damaged-\(number)"
      do throws(SystemError) {
        try Files.move(path, to: aside)
      } catch let failure {
        throw StoreError(failure, during: "set aside \(path)")
      }
      throw StoreError(
        kind: .damaged, code: error.code, text: "\(error.text); set aside as \(aside)", during: error.during)
    }
  }

  /// Gives every row in order, and the version with its digest once all has been checked.
  private static func scan(
    _ path: String, _ body: (StoredListRow) -> Void
  ) throws(StoreError) -> Head {
    func damaged(_ text: String) -> StoreError { Self.damaged(text, path) }
    let database = try Database(path: path, mode: .readOnly)
    let check = try database.prepare("PRAGMA quick_check(1)")
    guard try check.step(), check.text(0) == "ok" else { throw damaged("quick_check says \(check.text(0))") }
    check.reset()
    let head = try Self.head(database)
    let digest = RunningDigest()
    var found: Int64 = 0
    let rows = try database.prepare(
      "SELECT credential, holder, groups, valid_from, valid_until, uses, flags FROM row ORDER BY place")
    while try rows.step() {
      let row = StoredListRow(
        credential: rows.text(0), holder: rows.text(1), groups: rows.text(2),
        validFrom: rows.optionalInteger(3),
        validUntil: rows.optionalInteger(4), uses: rows.optionalInteger(5), flags: rows.text(6))
      digest.add(row.canonical)
      found += 1
      guard found <= head.count, found <= JournalLimits.listRows else {
        throw damaged("more rows than were saved")
      }
      body(row)
    }
    guard found == head.count else { throw damaged("\(found) rows, \(head.count) were saved") }
    guard digest.finish() == head.digest else { throw damaged("the rows do not fit their SHA-256") }
    return head
  }

  private static func head(_ database: Database) throws(StoreError) -> Head {
    guard try database.integer("PRAGMA application_id") == application else {
      throw damaged("not a gatehouse list", database.path)
    }
    let head = try database.prepare("SELECT version, count, digest FROM list")
    guard try head.step() else { throw damaged("the version is missing", database.path) }
    let found = Head(version: head.integer(0), count: head.integer(1), digest: head.bytes(2))
    head.reset()
    guard found.digest.count == Digest.count else { throw damaged("the digest is cut off", database.path) }
    return found
  }

  private static func damaged(_ text: String, _ path: String) -> StoreError {
    StoreError(kind: .damaged, text: text, during: "read \(path)")
  }
}
