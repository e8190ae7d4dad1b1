import ControlCore
import Messages
import Platform

/// How far the wall clock can be believed: right now, still, or not.
///
/// `synced`: the kernel says that something keeps it right. `holdover`: it was right within the last seven days, here or
/// in the newest record of the log. `untrusted`: neither, or it stands before that record.
struct ClockWatch {
  private var lastSyncedMonotonic: UInt64?
  /// Wall-clock milliseconds of the newest record, where its clock was believed.
  private var believedAt: Int64?
  private var newestRecordAt: Int64?

  init(newestRecordAt: Int64?, wasBelieved: Bool) {
    self.newestRecordAt = newestRecordAt
    believedAt = wasBelieved ? newestRecordAt : nil
  }

  mutating func state(
    synchronised: Bool = WallClock.isSynchronised(), wall: Int64 = WallClock.milliseconds(),
    monotonic: UInt64 = MonotonicClock.now()
  ) -> LogRecord.Clock {
    if synchronised {
      lastSyncedMonotonic = monotonic
      return .synced
    }
    let life = RuntimeLimits.holdover
    if let last = lastSyncedMonotonic, monotonic - last < life.nanoseconds { return .holdover }
    if let newest = newestRecordAt, wall < newest { return .untrusted }
    if let believed = believedAt, wall - believed < Int64(life.milliseconds) { return .holdover }
    return .untrusted
  }
}
