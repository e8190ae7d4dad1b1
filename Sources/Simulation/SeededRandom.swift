public import ControlCore

/// A small generator whose whole future is its seed: SplitMix64 (Steele, Lea, Flood 2014).
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) {
    state = seed
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mix = state
    mix = (mix ^ (mix >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mix = (mix ^ (mix >> 27)) &* 0x94D0_49BB_1331_11EB
    return mix ^ (mix >> 31)
  }

  /// True once in `count` on average.
  public mutating func oneIn(_ count: UInt64) -> Bool {
    next() % max(1, count) == 0
  }

  /// From `low` to `high` seconds, in milliseconds.
  public mutating func seconds(_ low: UInt64, _ high: UInt64) -> Interval {
    .milliseconds(low * 1_000 + next() % ((high - low) * 1_000 + 1))
  }

  /// One of `values`; the collection holds at least one.
  public mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int(next() % UInt64(values.count))]
  }
}
