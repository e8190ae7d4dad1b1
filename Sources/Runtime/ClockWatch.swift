import ControlCore
import Messages
import Platform

/// How far the wall clock can be believed: right now, still, or not.
///
/// `synced`: the kernel says that something keeps it right. `holdover`: it was right within the last seven days, here or
/// in the newest record of the log. `untrusted`: neither, or it stands before that record, or it jumped while nothing
/// keeps it right: setting the clock by hand ends the kernel's word, so that a jump that is meant comes with a new one.
struct ClockWatch {
  private var lastSyncedMonotonic: UInt64?
  /// Wall-clock milliseconds of the newest record, where its clock was believed.
  private var believedAt: Int64?
  private var newestRecordAt: Int64?
  /// Both clocks at the last look.
  private var last: ClockPair?
  private var hasJumped = false

  init(newestRecordAt: Int64?, wasBelieved: Bool) {
    self.newestRecordAt = newestRecordAt
    believedAt = wasBelieved ? newestRecordAt : nil
  }

  mutating func state(
    synchronised: Bool = WallClock.isSynchronised(), wall: Int64 = WallClock.milliseconds(),
    monotonic: UInt64 = MonotonicClock.now()
  ) -> LogRecord.Clock {
    let now = ClockPair(wall: wall, monotonic: monotonic)
    if let last, last.isJump(to: now) { hasJumped = true }
    last = now
    if synchronised {
      hasJumped = false
      lastSyncedMonotonic = monotonic
      return .synced
    }
    guard !hasJumped else { return .untrusted }
    let life = RuntimeLimits.holdover
    if let last = lastSyncedMonotonic, monotonic - last < life.nanoseconds { return .holdover }
    if let newest = newestRecordAt, wall < newest { return .untrusted }
    if let believed = believedAt, wall - believed < Int64(life.milliseconds) { return .holdover }
    return .untrusted
  }
}

/// The wall clock in Unix milliseconds and the monotonic clock in nanoseconds, read together.
struct ClockPair: Sendable, Equatable {
  var wall: Int64
  var monotonic: UInt64

  /// Whether one of them went so much further than the other that somebody has set the wall clock.
  func isJump(to later: ClockPair) -> Bool {
    let (passed, overflow) = later.wall.subtractingReportingOverflow(wall)
    guard !overflow, later.monotonic >= monotonic else { return true }
    let elapsed = Int64(clamping: (later.monotonic - monotonic) / 1_000_000)
    let (difference, tooFar) = passed.subtractingReportingOverflow(elapsed)
    return tooFar || difference.magnitude > UInt64(RuntimeLimits.clockJump.milliseconds)
  }
}
