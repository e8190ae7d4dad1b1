internal import CSQLite

/// One SQLite connection. One thread uses it at a time.
@safe public final class Database {
  public enum Mode: Sendable {
    case readOnly
    /// Reads a file that nobody writes, without looking at its write-ahead log or taking a lock.
    case immutable
    case readWrite
  }

  public let path: String
  private let connection: OpaquePointer

  /// `sqlite3_open_v2`.
  public init(path: String, mode: Mode, busyMilliseconds: Int32 = 5_000) throws(StoreError) {
    var opened: OpaquePointer?
    let flags =
      switch mode {
      case .readOnly: SQLITE_OPEN_READONLY
      case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      case .readWrite: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      }
    let name = mode == .immutable ? "file:\(Self.escaped(path))?immutable=1" : path
    let code = unsafe sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX, nil)
    guard code == SQLITE_OK, let connection = unsafe opened else {
      let text = unsafe opened.map { unsafe String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      unsafe sqlite3_close(opened)
      throw StoreError(sqlite: code, text: text, during: "open \(path)")
    }
    self.path = path
    unsafe self.connection = connection
    unsafe sqlite3_busy_timeout(connection, busyMilliseconds)
    _ = unsafe gh_sqlite3_defensive(connection)
    if mode != .readWrite { keepWriteAheadLog(true) }
  }

  deinit {
    unsafe sqlite3_close_v2(connection)
  }

  /// Whether closing leaves the write-ahead log as a crash would: `SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE`.
  func keepWriteAheadLog(_ keep: Bool) {
    _ = unsafe gh_sqlite3_no_checkpoint_on_close(connection, keep ? 1 : 0)
  }

  private static func escaped(_ path: String) -> String {
    path.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "%"): "%25"
      case UInt8(ascii: "?"): "%3f"
      case UInt8(ascii: "#"): "%23"
      default: String(decoding: [byte], as: UTF8.self)
      }
    }.joined()
  }

  func error(_ code: Int32, during: String) -> StoreError {
    StoreError(
      sqlite: code, text: unsafe String(cString: sqlite3_errmsg(connection)), during: "\(during) \(path)")
  }

  /// `sqlite3_exec`: statements whose rows are of no interest.
  public func execute(_ sql: String) throws(StoreError) {
    let code = unsafe sqlite3_exec(connection, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw error(code, during: String(sql.prefix(32))) }
  }

  /// `sqlite3_prepare_v3`, to be kept and used again.
  public func prepare(_ sql: String) throws(StoreError) -> Statement {
    var prepared: OpaquePointer?
    let code = unsafe sqlite3_prepare_v3(
      connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let statement = unsafe prepared else {
      throw error(code, during: String(sql.prefix(32)))
    }
    return unsafe Statement(database: self, owning: statement)
  }

  /// The first column of the first row as an integer; nil where there is no row.
  public func integer(_ sql: String) throws(StoreError) -> Int64? {
    let statement = try prepare(sql)
    return try statement.step() ? statement.integer(0) : nil
  }

  public var isInTransaction: Bool { unsafe sqlite3_get_autocommit(connection) == 0 }

  /// Runs `body` within a transaction: where it fails, nothing of it happened, and the transaction goes on.
  public func nested<Result>(
    _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try whole("SAVEPOINT nested", "RELEASE nested", orElse: "ROLLBACK TO nested; RELEASE nested", body)
  }

  /// Runs `body` in one transaction: all of it is committed, or nothing.
  public func transaction<Result>(
    _ begin: String = "BEGIN IMMEDIATE", _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try whole(begin, "COMMIT", orElse: "ROLLBACK", body)
  }

  private func whole<Result>(
    _ begin: String, _ end: String, orElse undo: String, _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try execute(begin)
    do throws(StoreError) {
      let result = try body()
      try execute(end)
      return result
    } catch {
      // Some failures have rolled back already (SQLITE_FULL, SQLITE_IOERR); the first error is the one to tell.
      if isInTransaction { try? execute(undo) }
      throw error
    }
  }
}
