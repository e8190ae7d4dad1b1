import ControlCore
import Messages

/// The time by which the log grows old. What is dropped does not come back, so only a clock beyond doubt counts.
///
/// Beyond doubt is a clock that something keeps right and that has kept step with the monotonic one for a whole day of
/// running. A jump begins the day anew; so does a start that finds the clock before, or more than a week after, the time
/// at which the last one was counted.
struct RetentionClock {
  /// Milliseconds in step, and the wall-clock time at which they were counted: kept in the journal.
  private(set) var steady: Int64
  private(set) var countedAt: Int64
  private var last: (wall: Int64, monotonic: UInt64)?
  private let settle: Interval

  init(steady: Int64, countedAt: Int64, settle: Interval = RuntimeLimits.clockSettle) {
    self.steady = steady
    self.countedAt = countedAt
    self.settle = settle
  }

  /// The time in milliseconds since 1970, or nil while it is in doubt. To be asked every minute or so.
  mutating func time(clock: LogRecord.Clock, wall: Int64, monotonic: UInt64) -> Int64? {
    guard clock == .synced else {
      last = nil
      return nil
    }
    if let last {
      let passed = Int64(clamping: (monotonic &- last.monotonic) / 1_000_000)
      let step = Int64(RuntimeLimits.clockStep.milliseconds)
      steady = abs(wall - last.wall - passed) > step ? 0 : steady + passed
    } else if !(0...Int64(RuntimeLimits.clockAbsence.milliseconds)).contains(wall - countedAt) {
      steady = 0
    }
    last = (wall, monotonic)
    countedAt = wall
    return steady >= Int64(settle.milliseconds) ? wall : nil
  }
}
