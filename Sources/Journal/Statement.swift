internal import CSQLite

/// One prepared statement. Reset it, or let it run to its end, before the transaction ends.
@safe public final class Statement {
  /// Kept, so that the connection outlives its statements.
  private let database: Database
  private let statement: OpaquePointer

  init(database: Database, owning statement: OpaquePointer) {
    self.database = database
    unsafe self.statement = unsafe statement
  }

  deinit {
    unsafe sqlite3_finalize(statement)
  }

  private func check(_ code: Int32, _ what: String) throws(StoreError) {
    guard code == SQLITE_OK else { throw database.error(code, during: what) }
  }

  /// Places count from 1, as SQLite's do.
  public func bind(_ place: Int32, _ value: Int64?) throws(StoreError) {
    try check(
      unsafe value.map { unsafe sqlite3_bind_int64(statement, place, $0) }
        ?? sqlite3_bind_null(statement, place), "bind")
  }

  public func bind(_ place: Int32, _ text: String?) throws(StoreError) {
    guard let text else { return try check(unsafe sqlite3_bind_null(statement, place), "bind") }
    let count = Int32(text.utf8.count)
    try check(unsafe text.withCString { unsafe gh_sqlite3_bind_text(statement, place, $0, count) }, "bind")
  }

  /// An empty array is stored as an empty blob, not as NULL.
  public func bind(_ place: Int32, _ bytes: [UInt8]?) throws(StoreError) {
    guard let bytes else { return try check(unsafe sqlite3_bind_null(statement, place), "bind") }
    if bytes.isEmpty { return try check(unsafe sqlite3_bind_zeroblob(statement, place, 0), "bind") }
    let code = unsafe bytes.withUnsafeBytes {
      unsafe gh_sqlite3_bind_blob(statement, place, $0.baseAddress, Int32($0.count))
    }
    try check(code, "bind")
  }

  /// Binds bytes without a copy: they must stay where they are until the statement has run.
  @unsafe public func bind(_ place: Int32, borrowing bytes: UnsafeBufferPointer<UInt8>) throws(StoreError) {
    try check(unsafe sqlite3_bind_blob(statement, place, bytes.baseAddress, Int32(bytes.count), nil), "bind")
  }

  /// `sqlite3_step`: true with a row, false at the end; after the end and after an error it is reset.
  public func step() throws(StoreError) -> Bool {
    let code = unsafe sqlite3_step(statement)
    if code == SQLITE_ROW { return true }
    let failure = code == SQLITE_DONE ? nil : database.error(code, during: "step")
    reset()
    if let failure { throw failure }
    return false
  }

  /// A statement that gives no rows: steps once and resets.
  public func run() throws(StoreError) {
    while try step() {}
  }

  public func reset() {
    unsafe sqlite3_reset(statement)
  }

  /// Columns count from 0, as SQLite's do.
  public func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(statement, column) }

  public func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(statement, column) == SQLITE_NULL }

  public func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

  public func bytes(_ column: Int32) -> [UInt8] {
    guard let start = unsafe sqlite3_column_blob(statement, column) else { return [] }
    let count = Int(unsafe sqlite3_column_bytes(statement, column))
    return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// Lends a column's bytes; they are gone with the next step.
  func withBytes<Result>(_ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    let start = unsafe sqlite3_column_blob(statement, column)?.assumingMemoryBound(to: UInt8.self)
    let count = unsafe Int(sqlite3_column_bytes(statement, column))
    return unsafe body(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
  }

  public func optionalBytes(_ column: Int32) -> [UInt8]? { isNull(column) ? nil : bytes(column) }

  /// Text that is not UTF-8 is repaired, never refused: the file may be damaged.
  public func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }
}
