public import Journal
public import Messages

/// Which batch goes next: a window of batches ahead of HQ's acknowledgement, and everything again when that stalls.
public struct LogSender: Sendable {
  private struct Sent: Sendable {
    var last: Int64
    var at: UInt64
  }

  /// Batches that may be on their way at once.
  public let window: Int
  /// Records in one batch.
  public let batch: Int
  /// HQ has everything through this seq.
  public private(set) var acknowledged: Int64 = 0
  private var cursor: Int64 = 0
  private var flying: [Sent] = []
  private var patience = UplinkLimits.resendMilliseconds
  /// How often everything was sent again since the connection was made or HQ acknowledged something.
  public private(set) var stalls = 0

  public init(window: Int, batch: Int) {
    precondition(window > 0 && batch > 0 && batch <= MessageLimits.batchRecords)
    self.window = window
    self.batch = batch
  }

  /// A new connection: what was on its way is on its way no longer.
  public mutating func restart(after seq: Int64) {
    acknowledged = max(acknowledged, seq)
    cursor = acknowledged
    flying.removeAll()
    stalls = 0
  }

  /// HQ has everything through `seq`.
  public mutating func acknowledge(through seq: Int64) {
    guard seq > acknowledged else { return }
    acknowledged = seq
    cursor = max(cursor, seq)
    flying.removeAll { $0.last <= seq }
    patience = UplinkLimits.resendMilliseconds
    stalls = 0
  }

  /// The next batch, where the window is open and there is one. `now` in nanoseconds.
  public mutating func next(from reader: JournalReader, now: UInt64) throws(StoreError) -> UplinkLogBatch? {
    if let oldest = flying.first, now >= oldest.at, now - oldest.at > patience * 1_000_000 {
      cursor = acknowledged
      flying.removeAll()
      stalls += 1
      patience = min(patience * 2, UplinkLimits.longestResendMilliseconds)
    }
    guard flying.count < window, let found = try Self.batch(from: reader, after: cursor, limit: batch) else {
      return nil
    }
    cursor = found.last
    flying.append(Sent(last: found.last, at: now))
    return found
  }

  /// One batch after a seq: at most `limit` records and ``UplinkLimits/batchBytes`` bytes, at least one record.
  static func batch(
    from reader: JournalReader, after seq: Int64, limit: Int
  ) throws(StoreError) -> UplinkLogBatch? {
    let found = try reader.lines(after: seq, limit: limit, maximumBytes: UplinkLimits.batchBytes)
    return found.map { lines in
      UplinkLogBatch(
        gateway: reader.gateway, first: lines.first, previous: lines.previous,
        gap: lines.gap.map { .init(first: $0.lowerBound, last: $0.upperBound) }, bytes: lines.bytes,
        places: lines.places)
    }
  }
}
