import ControlCore

extension GateSetting {
  /// The times that a barrier has where the site says nothing, so that one script plays on both.
  mutating func takeBarrierTimes(closingWarning: Interval) {
    let barrier = BarrierSetting(raise: open, lower: close)
    travel = barrier.travel
    margin = barrier.margin
    deadTime = barrier.deadTime
    autoClose = barrier.autoClose
    entry = barrier.entry
    self.closingWarning = closingWarning
  }
}
