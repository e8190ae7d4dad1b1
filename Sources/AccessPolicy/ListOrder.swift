/// The rows of a draft in the order of their buckets, within a bucket in the order in which they came.
struct ListOrder {
  /// Of each row, from the highest bit down: where its record begins (32), the lower bits of its key's mark (11), its
  /// place (21).
  private(set) var rows: [UInt64]
  /// Behind the rows of each bucket.
  private(set) var ends: [UInt32]

  init(_ draft: borrowing ListDraft) {
    precondition(draft.count <= 1 << ListOrder.placeBits, "more rows than a place can name")
    let buckets = max(1, draft.count / ListStore.recordsOfBucket)
    ends = Array(repeating: 0, count: buckets + 1)
    for place in 0..<draft.count {
      ends[ListStore.bucket(draft.marks[place], among: buckets) + 1] += 1
    }
    for bucket in 0..<buckets { ends[bucket + 1] += ends[bucket] }
    // From here on where each bucket's next row goes, and at last where the bucket ends.
    rows = Array(repeating: 0, count: draft.count)
    for place in 0..<draft.count {
      let mark = draft.marks[place]
      let bucket = ListStore.bucket(mark, among: buckets)
      rows[Int(ends[bucket])] =
        UInt64(draft.records[place]) << 32 | UInt64(mark & 0x7FF) << ListOrder.placeBits | UInt64(place)
      ends[bucket] += 1
    }
    ends.removeLast()
  }

  private static var placeBits: UInt64 { 21 }
  private static var markBits: UInt64 { 0x7FF << placeBits }

  @inline(__always)
  func place(_ index: Int) -> Int { Int(rows[index] & (1 << ListOrder.placeBits - 1)) }

  @inline(__always)
  func record(_ index: Int) -> UInt32 { UInt32(truncatingIfNeeded: rows[index] >> 32) }

  /// Rows whose credential came before, each with the first row that has it.
  func repeats(_ draft: borrowing ListDraft) -> [(place: Int, first: Int)] {
    var repeats: [(place: Int, first: Int)] = []
    var begin = 0
    for end in ends {
      for later in begin..<Int(end) {
        for first in begin..<later where (rows[first] ^ rows[later]) & ListOrder.markBits == 0 {
          guard draft.hasSameKey(place(first), place(later)) else { continue }
          repeats.append((place(later), place(first)))
          break
        }
      }
      begin = Int(end)
    }
    return repeats
  }
}
