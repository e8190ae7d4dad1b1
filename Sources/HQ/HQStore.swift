import Glibc
public import Journal
import Messages
import Platform

/// HQ's store: the records of every gateway, once, in order, with their chain; and what is known of the gateways.
///
/// One thread uses it. Other processes may write to the same file: each transaction waits for its ``WriteTurn``.
public final class HQStore {
  let database: Database
  let statement: KeptStatements
  private let turn: WriteTurn?
  private var isTogether = false

  /// - Throws: ``StoreError``; `damaged` where the file is something else, or was written by a newer gatehouse-hq.
  public init(path: String, mode: Database.Mode = .readWrite) throws(StoreError) {
    turn = mode == .readWrite ? try WriteTurn(path: "\(path).turn") : nil
    if mode == .readWrite { try Self.makeFile(path) }
    database = try Database(path: path, mode: mode)
    statement = KeptStatements(database)
    if let turn {
      try turn.take { () throws(StoreError) in
        try database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        try prepareSchema()
      }
    }
    try checkSchema()
  }

  /// Whatever the umask: SQLite would let everybody read who came through which door. It takes an empty file for a new
  /// store, and gives the files beside it the same permissions.
  private static func makeFile(_ path: String) throws(StoreError) {
    guard !Files.exists(path) else { return }
    do throws(SystemError) {
      _ = try FileDescriptor.open(path: path, flags: O_RDONLY | O_CREAT, mode: 0o640)
    } catch {
      throw StoreError(error, during: "make \(path)")
    }
  }

  /// One transaction in its turn: all of it is durable when this returns, or nothing of it happened. Within
  /// ``together(_:)`` it is durable when that returns.
  func write<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    guard !isTogether else { return try database.nested(body) }
    guard let turn else { preconditionFailure("the store was opened for reading") }
    return try turn.take { () throws(StoreError) in try database.transaction("BEGIN IMMEDIATE", body) }
  }

  /// What would be several transactions, in one: its sync to the disk is the same for one batch and for ten.
  ///
  /// - Throws: what `body` throws, and then nothing of it happened.
  func together<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    try write { () throws(StoreError) in
      isTogether = true
      defer { isTogether = false }
      return try body()
    }
  }

  /// One read transaction: what is read together was true together.
  func consistently<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    try database.isInTransaction ? body() : database.transaction("BEGIN", body)
  }
}
