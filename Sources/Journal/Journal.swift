import Messages
public import Platform

/// The only writer of `gatehouse.db`: the log with its chain, and who is where.
///
/// One thread owns it and calls it; it may be opened on one thread and handed to another, whole. Everything it
/// answers is durable when the call returns. After an error nothing of that call has happened and no seq is used up:
/// the same call may be made again later.
public final class Journal: @unchecked Sendable {
  /// What opening found.
  public enum Opening: Sendable, Equatable {
    case fresh
    case continued
    /// The database was lost: the old file, where there was one, lies at `setAside`; seqs up to `through` that HQ has
    /// not acknowledged are told as lost by a gap record.
    case recovered(setAside: String?, why: String, through: Int64)
  }

  /// What became of one draft, or of a gap record that the journal wrote by itself.
  public struct Appended: Sendable, Equatable {
    public var seq: Int64
    /// The record's line, without its line feed.
    public var bytes: [UInt8]
    public var hash: [UInt8]

    public init(seq: Int64, bytes: [UInt8], hash: [UInt8]) {
      self.seq = seq
      self.bytes = bytes
      self.hash = hash
    }
  }

  public let directory: String
  public let gateway: String
  /// The most records kept.
  public let capacity: Int
  /// The most bytes of the database in use; nil: as many as the records need.
  public let capacityBytes: Int64?
  /// Counts the opens: the gateway's starts.
  public let boot: Int64
  public let opening: Opening

  let database: Database
  let statements: JournalStatements
  /// Held as long as the journal is open.
  private let lock: FileLock
  var sequences: SequenceFile
  /// The newest record, and the link before the oldest kept.
  var last: ChainLink
  var anchor: ChainLink
  /// What HQ acknowledged last.
  public internal(set) var acked: ChainLink
  /// Records kept, and how many seqs above the anchor are holes.
  var kept: Int
  /// Where the search for droppable records of each kind goes on.
  var cursors: [RecordClass: Int64] = [:]
  /// Where the search for what has grown old goes on, where one look could not see it all.
  var ageSearch: [Meta: AgeSearch] = [:]
  /// Credentials were dropped, and the write-ahead log may hold them still.
  var hasFadedInLog = false

  init(
    opened: OpenedStore, directory: String, gateway: String, capacity: Int, capacityBytes: Int64?,
    lock: consuming FileLock
  ) throws(StoreError) {
    self.directory = directory
    self.gateway = gateway
    self.capacity = capacity
    self.capacityBytes = capacityBytes
    self.lock = lock
    boot = opened.sequences.boot
    opening = opened.opening
    database = opened.database
    sequences = opened.sequences
    last = opened.last
    anchor = opened.anchor
    acked = opened.acked
    kept = opened.kept
    statements = try JournalStatements(opened.database)
  }

  deinit {
    var closed = sequences
    closed.closedAt = last.seq
    closed.acknowledged = acked
    // Where this fails, the next open takes it for a crash, and finds the write-ahead log that a crash leaves.
    guard !closed.damaged, (try? closed.write(in: directory)) != nil else { return }
    database.keepWriteAheadLog(false)
  }

  /// The database as it stands on the disk.
  public var file: FileIdentity? { FileIdentity(path: Self.databasePath(in: directory)) }

  /// The seq of the newest record; 0 where there never was one.
  public var lastSequence: Int64 { last.seq }

  /// The seq of the oldest record kept; 0 where none is.
  public var firstSequence: Int64 {
    get throws(StoreError) { try database.integer("SELECT min(seq) FROM log") ?? 0 }
  }

  /// Seqs given and not acknowledged.
  public var depth: Int64 { last.seq - acked.seq }

  /// How much of the capacity, by count or by bytes, holds what HQ has not acknowledged: 0 to 1.
  public func fullness() throws(StoreError) -> Double {
    let waiting = min(depth, Int64(kept))
    guard waiting > 0 else { return 0 }
    let byCount = Double(waiting) / Double(capacity)
    guard let capacityBytes else { return min(1, byCount) }
    let byBytes =
      Double(try statements.usedBytes()) / Double(capacityBytes) * Double(waiting) / Double(kept)
    return min(1, max(byCount, byBytes))
  }

  /// Bytes of the database file, without its write-ahead log.
  public var bytes: Int64 { Files.size(database.path) ?? 0 }

  /// Records after a seq in order, holes passed over.
  public func read(after seq: Int64, limit: Int) throws(StoreError) -> [StoredRecord] {
    try LogReading.records(KeptStatements(database), gateway: gateway, after: seq, limit: limit)
  }

  /// Who is where, as committed.
  public func passageState() throws(StoreError) -> PassageState {
    try PassageTables.read(database)
  }
}
