/// Records one after another without a hole, as one run of bytes: what goes to HQ in bulk.
public struct JournalLines: Sendable, Equatable {
  /// The seq of the first record.
  public var first: Int64
  /// The hash before it.
  public var previous: [UInt8]
  /// What was asked for and is kept no longer, directly before the first record.
  public var gap: ClosedRange<Int64>?
  /// The records' bytes, one behind the other.
  public var bytes: [UInt8] = []
  /// Where each record stands in ``bytes``; at least one.
  public var places: [Range<Int>] = []
}

extension JournalReader {
  /// What ``stretch(after:limit:)`` gives, without a copy of each record, up to the first record with which it would be
  /// more than so many bytes.
  public func lines(after seq: Int64, limit: Int, maximumBytes: Int) throws(StoreError) -> JournalLines? {
    try consistently { () throws(StoreError) in
      let rows = try statement("SELECT seq, record, digest FROM log WHERE seq > ? ORDER BY seq LIMIT ?")
      defer { rows.reset() }
      try rows.bind(1, seq)
      try rows.bind(2, Int64(max(0, limit)))
      guard try rows.step() else { return nil }
      let first = rows.integer(0)
      var lines = JournalLines(
        first: first, previous: try previous(of: first), gap: first > seq + 1 ? seq + 1...first - 1 : nil)
      lines.bytes.reserveCapacity(min(limit, 512) * 320)
      repeat {
        let start = lines.bytes.count
        LogReading.append(rows, gateway: gateway, to: &lines.bytes)
        guard lines.places.isEmpty || lines.bytes.count <= maximumBytes else {
          lines.bytes.removeSubrange(start...)
          break
        }
        lines.places.append(start..<lines.bytes.count)
      } while try rows.step() && rows.integer(0) == first + Int64(lines.places.count)
      return lines
    }
  }

  /// The chain's hash before a seq. Within a transaction.
  func previous(of seq: Int64) throws(StoreError) -> [UInt8] {
    let before = try statement("SELECT hash FROM log WHERE seq = ?")
    defer { before.reset() }
    try before.bind(1, seq - 1)
    if try before.step() { return before.bytes(0) }
    let anchor = try Meta.link(.anchor, in: database)
    guard let found = try LogReading.hash(of: seq - 1, statement, anchor: anchor) else {
      throw StoreError(
        kind: .damaged, text: "nothing is known before seq \(seq)", during: "read \(database.path)")
    }
    return found
  }
}
