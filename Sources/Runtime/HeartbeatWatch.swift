import ControlCore

/// Tells a silent controller from a machine that stood still as a whole.
///
/// Silence is counted in the time that the guard itself was awake: one pause of everything, however long, counts at
/// most half the limit, so that a stall of the machine does not kill a controller that is well.
struct HeartbeatWatch {
  private let limit: UInt64
  private var beats: UInt64 = 0
  private var lookedAt: UInt64
  private var silence: UInt64 = 0

  init(limit: Interval, now: UInt64) {
    self.limit = limit.nanoseconds
    lookedAt = now
  }

  /// The silence in milliseconds once it is over the limit.
  mutating func look(beats: UInt64, now: UInt64) -> UInt64? {
    let passed = now - lookedAt
    lookedAt = now
    if beats != self.beats {
      self.beats = beats
      silence = 0
      return nil
    }
    silence += min(passed, limit / 2)
    return silence > limit ? silence / 1_000_000 : nil
  }
}
