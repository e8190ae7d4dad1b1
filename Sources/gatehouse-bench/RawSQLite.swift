import CSQLite
import Glibc

/// A table of bytes through SQLite's C functions and nothing else: the baseline of what stores or looks up.
@safe final class RawSQLite {
  private var connection: OpaquePointer?
  private var insert: OpaquePointer?
  private var lineInsert: OpaquePointer?

  init(path: String) throws {
    guard unsafe sqlite3_open(path, &connection) == SQLITE_OK else {
      throw BenchFault("sqlite3_open \(path)")
    }
    try execute("PRAGMA journal_mode = WAL")
    try execute("PRAGMA synchronous = FULL")
    try execute("CREATE TABLE IF NOT EXISTS raw(seq INTEGER PRIMARY KEY, record BLOB)")
    try execute("CREATE TABLE IF NOT EXISTS list(credential TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")
    unsafe insert = try prepare("INSERT INTO raw(record) VALUES (?)")
  }

  deinit {
    unsafe sqlite3_finalize(insert)
    unsafe sqlite3_finalize(lineInsert)
    unsafe sqlite3_close(connection)
  }

  /// One transaction with `count` rows of the same bytes.
  func append(_ bytes: [UInt8], count: Int) throws {
    try execute("BEGIN IMMEDIATE")
    for _ in 0..<count {
      unsafe gh_sqlite3_bind_blob(insert, 1, bytes, Int32(bytes.count))
      guard unsafe sqlite3_step(insert) == SQLITE_DONE else { throw BenchFault("sqlite3_step: \(message)") }
      unsafe sqlite3_reset(insert)
    }
    try execute("COMMIT")
  }

  /// One transaction with a row of seq and bytes for each.
  func append(_ records: [[UInt8]], from first: Int64, with sql: String) throws {
    let statement = unsafe try prepare(sql)
    defer { unsafe sqlite3_finalize(statement) }
    try execute("BEGIN IMMEDIATE")
    for (number, record) in records.enumerated() {
      unsafe try record.withUnsafeBytes { unsafe try run(statement, first + Int64(number), $0) }
    }
    try execute("COMMIT")
  }

  /// One transaction with a row of seq and bytes for each line behind a place; how many there were.
  func append(lines: [UInt8], at start: Int, from first: Int64, with sql: String) throws -> Int64 {
    if unsafe lineInsert == nil { unsafe lineInsert = try prepare(sql) }
    try execute("BEGIN IMMEDIATE")
    var count: Int64 = 0
    try unsafe lines.withUnsafeBytes { bytes in
      var place = start
      while place < bytes.count, let base = bytes.baseAddress,
        let end = unsafe memchr(base + place, 0x0A, bytes.count - place)
      {
        let next = unsafe base.distance(to: UnsafeRawPointer(end))
        unsafe try run(lineInsert, first + count, UnsafeRawBufferPointer(rebasing: bytes[place..<next]))
        count += 1
        place = next + 1
      }
    }
    try execute("COMMIT")
    return count
  }

  private func run(_ statement: OpaquePointer?, _ seq: Int64, _ bytes: UnsafeRawBufferPointer) throws {
    unsafe sqlite3_bind_int64(statement, 1, seq)
    unsafe sqlite3_bind_blob(statement, 2, bytes.baseAddress, Int32(bytes.count), nil)
    guard unsafe sqlite3_step(statement) == SQLITE_DONE else { throw BenchFault("sqlite3_step: \(message)") }
    unsafe sqlite3_reset(statement)
  }

  /// Fills `list` with these keys, their place as the row.
  func fill(_ keys: [String]) throws {
    let statement = unsafe try prepare("INSERT INTO list VALUES (?, ?)")
    defer { unsafe sqlite3_finalize(statement) }
    try execute("BEGIN IMMEDIATE")
    for (row, key) in keys.enumerated() {
      unsafe gh_sqlite3_bind_text(statement, 1, key, Int32(key.utf8.count))
      unsafe sqlite3_bind_int64(statement, 2, Int64(row))
      guard unsafe sqlite3_step(statement) == SQLITE_DONE else {
        throw BenchFault("sqlite3_step: \(message)")
      }
      unsafe sqlite3_reset(statement)
    }
    try execute("COMMIT")
  }

  func prepareLookup() throws -> OpaquePointer? {
    unsafe try prepare("SELECT row FROM list WHERE credential = ?")
  }

  /// One point look-up with a prepared statement; the row, or nil.
  static func look(_ statement: OpaquePointer?, _ key: String) -> Int64? {
    unsafe gh_sqlite3_bind_text(statement, 1, key, Int32(key.utf8.count))
    defer { unsafe sqlite3_reset(statement) }
    return unsafe sqlite3_step(statement) == SQLITE_ROW ? unsafe sqlite3_column_int64(statement, 0) : nil
  }

  static func finish(_ statement: OpaquePointer?) {
    unsafe sqlite3_finalize(statement)
  }

  private var message: String { unsafe String(cString: sqlite3_errmsg(connection)) }

  func execute(_ sql: String) throws {
    guard unsafe sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else {
      throw BenchFault("\(sql): \(message)")
    }
  }

  private func prepare(_ sql: String) throws -> OpaquePointer? {
    var statement: OpaquePointer?
    guard unsafe sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK else {
      throw BenchFault("\(sql): \(message)")
    }
    return unsafe statement
  }
}
