import Synchronization

/// Counts of durations in microseconds: eight buckets an octave, so that a percentile is right to an eighth.
///
/// Recorded by one thread without a lock, read by any.
@safe public final class Histogram: @unchecked Sendable {
  private static var bucketCount: Int { 8 * 22 }
  private let buckets: UnsafeMutablePointer<Atomic<UInt64>>
  private let total = Atomic<UInt64>(0)
  private let largest = Atomic<UInt64>(0)

  public init() {
    unsafe buckets = .allocate(capacity: Self.bucketCount)
    for place in 0..<Self.bucketCount { unsafe (buckets + place).initialize(to: Atomic(0)) }
  }

  deinit {
    unsafe buckets.deinitialize(count: Self.bucketCount)
    unsafe buckets.deallocate()
  }

  public func record(nanoseconds: UInt64) {
    let place = Self.bucket(of: nanoseconds / 1_000)
    unsafe buckets[place].add(1, ordering: .relaxed)
    total.add(1, ordering: .relaxed)
    if nanoseconds > largest.load(ordering: .relaxed) { largest.store(nanoseconds, ordering: .relaxed) }
  }

  public var count: UInt64 { total.load(ordering: .relaxed) }

  public var maximumMicroseconds: UInt64 { largest.load(ordering: .relaxed) / 1_000 }

  /// The upper bound in microseconds of the bucket below which `share` (0 to 1) of all counts lie; 0 where there is none.
  public func percentile(_ share: Double) -> UInt64 {
    let counts = (0..<Self.bucketCount).map { unsafe buckets[$0].load(ordering: .relaxed) }
    let all = counts.reduce(0, +)
    guard all > 0 else { return 0 }
    let wanted = max(1, UInt64((Double(all) * share).rounded(.up)))
    var seen: UInt64 = 0
    for (place, count) in counts.enumerated() {
      seen += count
      if seen >= wanted { return min(Self.upperBound(of: place), max(1, maximumMicroseconds)) }
    }
    return maximumMicroseconds
  }

  /// Counts below each of `bounds` (microseconds, ascending) and above the one before; the last is all that is beyond.
  public func counts(below bounds: [UInt64]) -> [UInt64] {
    var result = [UInt64](repeating: 0, count: bounds.count + 1)
    for place in 0..<Self.bucketCount {
      let count = unsafe buckets[place].load(ordering: .relaxed)
      if count == 0 { continue }
      let upper = Self.upperBound(of: place)
      result[bounds.firstIndex { upper <= $0 } ?? bounds.count] += count
    }
    return result
  }

  /// 0 to 7 have a bucket each; from there on, eight an octave.
  private static func bucket(of microseconds: UInt64) -> Int {
    if microseconds < 8 { return Int(microseconds) }
    let octave = 63 - microseconds.leadingZeroBitCount
    let step = Int((microseconds >> UInt64(octave - 3)) & 7)
    return min(bucketCount - 1, (octave - 2) * 8 + step)
  }

  private static func upperBound(of place: Int) -> UInt64 {
    if place < 8 { return UInt64(place) + 1 }
    let octave = UInt64(place / 8 + 2)
    return (UInt64(place % 8) + 9) << (octave - 3)
  }
}
