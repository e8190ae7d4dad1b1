import Messages

/// The seqs that the gap records kept tell as lost.
struct ToldGaps {
  /// In order; no two of them touch.
  private var ranges: [ClosedRange<Int64>] = []
  /// The newest gap record that was read.
  private var newest: Int64 = 0

  /// Takes the gap records that were not read before. A record counts by its bytes, which the chain proves.
  mutating func read(_ database: Database) throws(StoreError) {
    let rows = try database.prepare("SELECT seq, record FROM log WHERE type = ? AND seq > ? ORDER BY seq")
    try rows.bind(1, RecordClass.gap.rawValue)
    try rows.bind(2, newest)
    while try rows.step() {
      newest = rows.integer(0)
      if let bytes = rows.optionalRecord(1), let range = Self.range(bytes), range.upperBound < newest {
        ranges.append(range)
      }
    }
    join()
  }

  /// What a gap record tells; nil where it is none.
  static func range(_ bytes: [UInt8]) -> ClosedRange<Int64>? {
    guard case .record(_, let record)? = try? LogRecord.parse(bytes), record.type == .gap,
      let first = record.detail["first"]?.integerValue, let last = record.detail["last"]?.integerValue,
      first > 0, first <= last, last < .max
    else { return nil }
    return first...last
  }

  private mutating func join() {
    ranges.sort { $0.lowerBound < $1.lowerBound }
    var joined: [ClosedRange<Int64>] = []
    for range in ranges {
      guard let before = joined.last, range.lowerBound <= before.upperBound + 1 else {
        joined.append(range)
        continue
      }
      joined[joined.count - 1] = before.lowerBound...max(before.upperBound, range.upperBound)
    }
    ranges = joined
  }

  /// The first seq of a hole that no gap record tells; nil where all of it is told.
  func firstUntold(in hole: ClosedRange<Int64>) -> Int64? {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < hole.lowerBound { low = middle + 1 } else { high = middle }
    }
    guard low < ranges.count, ranges[low].contains(hole.lowerBound) else { return hole.lowerBound }
    return ranges[low].upperBound < hole.upperBound ? ranges[low].upperBound + 1 : nil
  }
}
