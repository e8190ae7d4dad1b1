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

  /// `PRAGMA user_version`: the rows in blocks. 0 is the format before: a row of the table for each.
  private static var format: Int64 { 2 }

  /// Makes `list` the version in force.
  ///
  /// - Returns: the SHA-256 over it, which stands beside the version from now on.
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
    var nobody = ListCount()
    let back = try Self.scan(aside, to: &nobody)
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
        CREATE TABLE block(place INTEGER PRIMARY KEY, rows BLOB NOT NULL);
        PRAGMA application_id = \(Self.application);
        PRAGMA user_version = \(Self.format);
        """)
      return try insert(list, into: database)
    }
  }

  private func insert(_ list: StoredList, into database: Database) throws(StoreError) -> [UInt8] {
    let insert = try database.prepare("INSERT INTO block(rows) VALUES(?)")
    let digest = RunningDigest()
    var block = ListBlock.Writer()
    func write() throws(StoreError) {
      digest.add(block.bytes)
      try insert.bind(1, block.bytes)
      try insert.run()
      block = ListBlock.Writer()
    }
    for (place, row) in list.rows.enumerated() {
      let before = block.bytes.count
      block.add(row)
      guard block.bytes.count - before <= JournalLimits.listRowBytes else {
        throw StoreError(
          kind: .refused, text: "row \(place + 1) has more than \(JournalLimits.listRowBytes) bytes",
          during: "save \(path)")
      }
      if block.bytes.count >= JournalLimits.listBlockBytes { try write() }
    }
    if !block.bytes.isEmpty { try write() }
    let head = try database.prepare("INSERT INTO list VALUES(?, ?, ?)")
    try head.bind(1, list.version)
    try head.bind(2, Int64(list.rows.count))
    let whole = Self.finish(digest, version: list.version, count: Int64(list.rows.count))
    try head.bind(3, whole)
    try head.run()
    return whole
  }

  /// The head's two numbers stand behind the blocks, eight bytes each, the lowest first.
  private static func finish(_ digest: RunningDigest, version: Int64, count: Int64) -> [UInt8] {
    digest.add(
      [version, count].flatMap { number in (0..<8).map { UInt8(truncatingIfNeeded: number >> Int64($0 * 8)) }
      })
    return digest.finish()
  }

  /// The version in force; nil where there is none yet.
  ///
  /// - Throws: ``StoreError``; of kind `damaged` where the file is not what was saved: it has then been set aside as
  ///   `list.db.damaged-N`, and the error's text says so.
  public func load() throws(StoreError) -> StoredList? {
    var rows = ListRows()
    guard let head = try read(to: &rows) else { return nil }
    return StoredList(version: head.version, rows: rows.rows)
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
    return try Self.head(try Database(path: path, mode: .readOnly)).head
  }

  /// As ``load()``, but row by row: what the receiver was given is only to be believed once this has returned.
  public func read<Receiver: StoredListReceiver & ~Copyable>(
    to receiver: inout Receiver
  ) throws(StoreError) -> Head? {
    guard Files.exists(path) else { return nil }
    do throws(StoreError) {
      return try Self.scan(path, to: &receiver)
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
  private static func scan<Receiver: StoredListReceiver & ~Copyable>(
    _ path: String, to receiver: inout Receiver
  ) throws(StoreError) -> Head {
    let database = try Database(path: path, mode: .readOnly)
    let (head, format) = try head(database)
    guard format == Self.format else { return try scanRows(database, head, to: &receiver) }
    // No check by SQLite: the digest is over all that is read here, and of a file that was cut off something is missing.
    let bytes = try (database.integer("PRAGMA page_count") ?? 0) * (database.integer("PRAGMA page_size") ?? 0)
    guard Files.size(path) == bytes else { throw damaged("not as long as it was written", path) }
    let digest = RunningDigest()
    var found: Int64 = 0
    let most = min(head.count, Int64(JournalLimits.listRows))
    let blocks = try database.prepare("SELECT rows FROM block ORDER BY place")
    while try blocks.step() {
      let rows = unsafe blocks.withBytes(0) { bytes in
        let block = unsafe Span(_unsafeElements: bytes)
        digest.add(block)
        return ListBlock.read(block, limit: most - found, to: &receiver)
      }
      guard let rows, rows > 0 else { throw damaged("block \(found) holds no rows", path) }
      found += rows
    }
    guard found == head.count else { throw damaged("\(found) rows, \(head.count) were saved", path) }
    guard finish(digest, version: head.version, count: head.count) == head.digest else {
      throw damaged("the rows do not fit their SHA-256", path)
    }
    return head
  }

  private static func head(_ database: Database) throws(StoreError) -> (head: Head, format: Int64) {
    guard try database.integer("PRAGMA application_id") == application else {
      throw damaged("not a gatehouse list", database.path)
    }
    let format = try database.integer("PRAGMA user_version") ?? 0
    guard format == 0 || format == Self.format else {
      throw StoreError(
        kind: .other, text: "format \(format), this program knows \(Self.format); send the list again",
        during: "read \(database.path)")
    }
    let head = try database.prepare("SELECT version, count, digest FROM list")
    guard try head.step() else { throw damaged("the version is missing", database.path) }
    let found = Head(version: head.integer(0), count: head.integer(1), digest: head.bytes(2))
    head.reset()
    guard found.digest.count == Digest.count else { throw damaged("the digest is cut off", database.path) }
    return (found, format)
  }

  static func damaged(_ text: String, _ path: String) -> StoreError {
    StoreError(kind: .damaged, text: text, during: "read \(path)")
  }
}

/// Takes the rows and forgets them: only the check is of interest.
private struct ListCount: StoredListReceiver {
  mutating func terms(_ terms: StoredListTerms) -> Int { 0 }
  mutating func row(credential: Span<UInt8>, holder: Span<UInt8>, terms: Int) {}
}

/// Keeps every row as text.
private struct ListRows: StoredListReceiver {
  var rows: [StoredListRow] = []
  private var known: [StoredListTerms] = []

  mutating func terms(_ terms: StoredListTerms) -> Int {
    known.append(terms)
    return known.count - 1
  }

  mutating func row(credential: Span<UInt8>, holder: Span<UInt8>, terms: Int) {
    rows.append(
      StoredListRow(
        credential: ListBlock.string(credential), holder: ListBlock.string(holder), terms: known[terms]))
  }
}
