import Journal

/// What goes ahead of the log at once, for whoever watches: it may be lost, and never counts as delivered.
///
/// Doors that wait for nobody must not be drowned by traffic: alarms and emergencies all go, the rest up to so many a
/// second.
struct LiveStream {
  /// The newest seq that was looked at.
  private(set) var after: Int64
  private var left = UplinkLimits.liveRecords
  private var filledAt: UInt64

  init(after seq: Int64, now: UInt64) {
    after = seq
    filledAt = now
  }

  /// Of records that are new, those to be sent. `now` in nanoseconds.
  mutating func take(_ records: [StoredRecord], now: UInt64) -> [StoredRecord] {
    if now >= filledAt + 1_000_000_000 {
      filledAt = now
      left = UplinkLimits.liveRecords
    }
    guard let last = records.last else { return [] }
    after = last.seq
    return records.filter { record in
      if Self.isUrgent(record.bytes) { return true }
      guard left > 0 else { return false }
      left -= 1
      return true
    }
  }

  /// The type stands where our encoder puts it; a text that somebody smuggled into a credential may at worst be urgent.
  static func isUrgent(_ record: [UInt8]) -> Bool {
    urgent.contains { mark in record.contains(mark) }
  }

  private static let urgent = ["\"type\":\"door-alarm\"", "\"type\":\"emergency\""].map { Array($0.utf8) }
}
