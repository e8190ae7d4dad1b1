import Messages
import Platform

/// What the journal starts from.
struct OpenedStore {
  var database: Database
  var sequences: SequenceFile
  var last: ChainLink
  var anchor: ChainLink
  var acked: ChainLink
  var kept: Int
  var opening: Journal.Opening
}

extension Journal {
  static func databasePath(in directory: String) -> String { "\(directory)/gatehouse.db" }

  /// Opens or makes the journal in `directory`, and counts one more boot.
  ///
  /// A database that SQLite calls damaged, or that is empty, is set aside as `gatehouse.db.damaged-N`, never deleted,
  /// and a new one is begun. Where only the newest records are gone (an older copy was put back, the write-ahead log
  /// was removed), the others stay. Either way the log goes on above every seq that may have been given, with a gap
  /// record first.
  /// - Parameters:
  ///   - capacity: the most records kept, ``JournalLimits/capacity`` or more.
  ///   - capacityBytes: the most bytes of the database in use, ``JournalLimits/capacityBytes`` or more.
  ///   - forgetsCredentials: what is dropped is overwritten too, at some cost in writing.
  ///   - before: what is still known of the journal that was open before.
  /// - Throws: ``StoreError``: `inUse` where another process has it, `refused` where it belongs to another gateway or
  ///   a newer program, `readOnly`, `full` and `io` for what the disk says.
  public static func open(
    directory: String, gateway: String, capacity: Int, capacityBytes: Int64? = nil,
    forgetsCredentials: Bool = false, before: JournalBefore = JournalBefore()
  ) throws(StoreError) -> Journal {
    precondition(
      capacity >= JournalLimits.capacity, "a journal keeps \(JournalLimits.capacity) records or more")
    precondition((capacityBytes ?? .max) >= JournalLimits.capacityBytes, "too few bytes for a journal")
    let lock = try takeLock(directory)
    let sequences = SequenceFile.read(in: directory)
    let opened: OpenedStore
    do throws(StoreError) {
      opened = try openKept(directory, gateway, sequences, before)
    } catch {
      guard error.kind == .damaged else { throw error }
      opened = try recover(directory, gateway, sequences, before, why: error.text)
    }
    if before.boot != nil { try rewriteLog(opened.database) }
    if forgetsCredentials { try opened.database.execute("PRAGMA secure_delete = ON") }
    return try Journal(
      opened: opened, directory: directory, gateway: gateway, capacity: capacity,
      capacityBytes: capacityBytes, lock: lock)
  }

  /// After a failed `fsync` the kernel may hold for written what is on no disk: what is in the write-ahead log is written
  /// once more, into the database, before anything is built on it.
  private static func rewriteLog(_ database: Database) throws(StoreError) {
    guard try database.integer("PRAGMA wal_checkpoint(TRUNCATE)") == 0 else {
      throw StoreError(kind: .busy, text: "a reader holds the log", during: "open \(database.path)")
    }
  }

  private static func takeLock(_ directory: String) throws(StoreError) -> FileLock {
    let path = "\(directory)/gatehouse.lock"
    do throws(SystemError) {
      return try FileLock(path: path)
    } catch {
      // EWOULDBLOCK is EAGAIN, 11, on Linux.
      if error.code == 11 {
        throw StoreError(
          kind: .inUse, code: error.code, text: "another process writes it", during: "lock \(path)")
      }
      throw StoreError(error, during: "lock \(path)")
    }
  }

  private static func openKept(
    _ directory: String, _ gateway: String, _ known: SequenceFile?, _ before: JournalBefore
  ) throws(StoreError) -> OpenedStore {
    let path = databasePath(in: directory)
    func lost(_ text: String) -> StoreError { StoreError(kind: .damaged, text: text, during: "open \(path)") }
    if let known, known.damaged { throw lost("found damaged while in use") }
    let isNew = !Files.exists(path)
    if let known, known.ceiling > 0, Files.size(path) ?? 0 == 0 {
      throw lost("the database is gone or empty")
    }
    // Looked at before SQLite makes a new one.
    let hasWriteAheadLog = Files.exists("\(path)-wal")
    let database = try Database(path: path, mode: .readWrite)
    // An open that fails half-way (a full disk) must not look like a loss to the next one.
    database.keepWriteAheadLog(true)
    try Schema.prepare(database)
    try claim(database, gateway)
    let anchor = try Meta.link(.anchor, in: database)
    let acked = try Meta.link(.acknowledged, in: database)
    var last = try newest(database) ?? anchor
    guard last.seq >= anchor.seq, acked.seq <= last.seq else { throw lost("its seqs contradict each other") }
    var opening = isNew ? Opening.fresh : .continued
    let counted = max(try Meta.link(.boot, in: database).seq, known?.boot ?? 0) + 1
    let boot = before.boot ?? counted
    if let why = before.whatIsMissing(last: last.seq)
      ?? known?.whatIsMissing(last: last.seq, hasWriteAheadLog: hasWriteAheadLog)
    {
      let through = max(known?.ceiling ?? 0, last.seq, before.last)
      opening = .recovered(setAside: nil, why: why, through: through)
      last = try skip(database, gateway, boot, last, through, why)
    }
    try database.transaction { () throws(StoreError) in try Meta.set(.boot, boot, Digest.zero, in: database) }
    // From here on the write-ahead log is there, and its absence at the next open means a loss.
    let sequences = SequenceFile(
      ceiling: max(known?.ceiling ?? 0, last.seq + JournalLimits.reserve), boot: boot, acknowledged: acked)
    try sequences.write(in: directory)
    let kept = last.seq - anchor.seq - (try Holes.count(above: anchor.seq, in: database))
    guard kept >= 0 else { throw lost("its holes contradict its seqs") }
    return OpenedStore(
      database: database, sequences: sequences, last: last, anchor: anchor, acked: acked, kept: Int(kept),
      opening: opening)
  }

  /// Writes the gateway's name into a new database; refuses one with another's.
  private static func claim(_ database: Database, _ gateway: String) throws(StoreError) {
    let statement = try database.prepare("SELECT bytes FROM meta WHERE key = 'gateway'")
    let found = try statement.step() ? statement.text(0) : nil
    statement.reset()
    guard let found else {
      return try database.transaction { () throws(StoreError) in
        try Meta.set(.gateway, 0, Array(gateway.utf8), in: database)
      }
    }
    guard found == gateway else {
      throw StoreError(
        kind: .refused, text: "it is the journal of gateway '\(found)', the site file says '\(gateway)'",
        during: "open \(database.path)")
    }
  }

  /// The newest of the log and of the holes; nil where there is neither.
  static func newest(_ database: Database) throws(StoreError) -> ChainLink? {
    let statement = try database.prepare(
      """
      SELECT * FROM (SELECT seq, hash FROM log ORDER BY seq DESC LIMIT 1)
      UNION ALL SELECT * FROM (SELECT last, hash FROM hole ORDER BY first DESC LIMIT 1) ORDER BY 1 DESC LIMIT 1
      """)
    guard try statement.step() else { return nil }
    let link = ChainLink(seq: statement.integer(0), hash: statement.bytes(1))
    guard link.seq > 0, link.hash.count == Digest.count else {
      throw StoreError(kind: .damaged, text: "the newest record has no hash", during: "read \(database.path)")
    }
    return link
  }
}
