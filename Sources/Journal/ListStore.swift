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
  /// - Throws: ``StoreError``; the version before stays in force.
  public func save(_ list: StoredList) throws(StoreError) {
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
    guard Files.exists(path) else { return nil }
    do throws(StoreError) {
      var rows: [StoredListRow] = []
      let version = try Self.scan(path) { rows.append($0) }.version
      return StoredList(version: version, rows: rows)
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
  ) throws(StoreError) -> (version: Int64, digest: [UInt8]) {
    func damaged(_ text: String) -> StoreError {
      StoreError(kind: .damaged, text: text, during: "read \(path)")
    }
    let database = try Database(path: path, mode: .readOnly)
    guard try database.integer("PRAGMA application_id") == application else {
      throw damaged("not a gatehouse list")
    }
    let check = try database.prepare("PRAGMA quick_check(1)")
    guard try check.step(), check.text(0) == "ok" else { throw damaged("quick_check says \(check.text(0))") }
    check.reset()
    let head = try database.prepare("SELECT version, count, digest FROM list")
    guard try head.step() else { throw damaged("the version is missing") }
    let (version, count, expected) = (head.integer(0), head.integer(1), head.bytes(2))
    head.reset()
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
      guard found <= count, found <= JournalLimits.listRows else {
        throw damaged("more rows than were saved")
      }
      body(row)
    }
    guard found == count else { throw damaged("\(found) rows, \(count) were saved") }
    guard digest.finish() == expected else { throw damaged("the rows do not fit their SHA-256") }
    return (version, expected)
  }
}
