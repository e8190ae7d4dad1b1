import Messages

/// Reads the journal from another thread or process while the writer goes on. It never writes and never checkpoints.
public final class JournalReader {
  /// What there is.
  public struct Summary: Sendable, Equatable {
    public var gateway: String
    public var boot: Int64
    /// Oldest and newest seq kept; 0 where none is.
    public var first: Int64
    public var last: Int64
    public var acked: ChainLink
  }

  let database: Database
  let statement: KeptStatements
  public let gateway: String

  /// - Parameter path: the file `gatehouse.db`.
  /// - Throws: ``StoreError``: `io` where there is no such file, `damaged` where it is not a journal.
  public init(path: String) throws(StoreError) {
    database = try Database(path: path, mode: .readOnly)
    try Schema.check(database)
    statement = KeptStatements(database)
    gateway = try Self.name(database)
  }

  private static func name(_ database: Database) throws(StoreError) -> String {
    let statement = try database.prepare("SELECT bytes FROM meta WHERE key = 'gateway'")
    return try statement.step() ? statement.text(0) : ""
  }

  public func summary() throws(StoreError) -> Summary {
    try consistently { () throws(StoreError) in
      Summary(
        gateway: gateway, boot: try Meta.link(.boot, in: database).seq,
        first: try database.integer("SELECT min(seq) FROM log") ?? 0,
        last: try database.integer("SELECT max(seq) FROM log") ?? 0,
        acked: try Meta.link(.acknowledged, in: database))
    }
  }

  /// Records after a seq in order, holes passed over.
  public func records(after seq: Int64, limit: Int) throws(StoreError) -> [StoredRecord] {
    try LogReading.records(statement, gateway: gateway, after: seq, limit: limit)
  }

  /// The next stretch after a seq: up to `limit` records without a hole between them; nil where there is none.
  public func stretch(after seq: Int64, limit: Int) throws(StoreError) -> JournalStretch? {
    try consistently { () throws(StoreError) in
      var records = try LogReading.records(statement, gateway: gateway, after: seq, limit: limit)
      guard let first = records.first?.seq else { return nil }
      for (place, record) in records.enumerated() where record.seq != first + Int64(place) {
        records.removeSubrange(place...)
        break
      }
      return JournalStretch(
        previous: try previous(of: first), gap: first > seq + 1 ? seq + 1...first - 1 : nil, records: records)
    }
  }

  /// The chain's hash of a seq; nil where nothing is kept of it.
  public func hash(of seq: Int64) throws(StoreError) -> [UInt8]? {
    try consistently { () throws(StoreError) in
      try LogReading.hash(of: seq, statement, anchor: try Meta.link(.anchor, in: database))
    }
  }

  /// One read transaction: what is read together was true together.
  func consistently<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    try database.transaction("BEGIN", body)
  }
}
