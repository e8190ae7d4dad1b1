/// One record as it stands in the journal.
public struct StoredRecord: Sendable, Equatable {
  public var seq: Int64
  /// The record's line; of a redacted one the line that stands in for it.
  public var bytes: [UInt8]
  /// The chain's hash of this record, 32 bytes.
  public var hash: [UInt8]

  public init(seq: Int64, bytes: [UInt8], hash: [UInt8]) {
    self.seq = seq
    self.bytes = bytes
    self.hash = hash
  }
}

/// A place in the chain: a seq and its hash.
public struct ChainLink: Sendable, Equatable {
  public var seq: Int64
  /// 32 bytes.
  public var hash: [UInt8]

  public init(seq: Int64, hash: [UInt8]) {
    self.seq = seq
    self.hash = hash
  }

  /// Before the first record.
  public static var origin: ChainLink { ChainLink(seq: 0, hash: Digest.zero) }
}

/// Records one after another without a hole, with the hash before them: what a batch to HQ is made of.
public struct JournalStretch: Sendable, Equatable {
  /// The hash before the first record.
  public var previous: [UInt8]
  /// What was asked for and is kept no longer, directly before the first record.
  public var gap: ClosedRange<Int64>?
  /// At least one.
  public var records: [StoredRecord]
}
