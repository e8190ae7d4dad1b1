import ControlCore
import Journal
import Platform

extension JournalThread {
  /// What has been kept long enough goes, a chunk at a time, while nothing waits to be written.
  mutating func growOld() {
    let now = MonotonicClock.now()
    guard keeping != Journal.Keeping(), now >= nextAge, let journal else { return }
    nextAge = now + RuntimeLimits.ageLook.nanoseconds
    do throws(StoreError) {
      let kept = try journal.keptClock()
      var clock = retention ?? RetentionClock(steady: kept.steady, countedAt: kept.at, settle: settle)
      let time = clock.time(clock: status.clock, wall: WallClock.milliseconds(), monotonic: now)
      retention = clock
      if now >= nextClockSave || clock.steady < kept.steady {
        nextClockSave = now + RuntimeLimits.clockSave.nanoseconds
        try journal.keep(clock: (clock.steady, clock.countedAt))
      }
      guard let time else { return }
      if try journal.age(keeping, now: time) { nextAge = now }
      let faded = try journal.fadedThrough()
      status.updateJournal { $0.redactedThrough = faded }
      publish(error: nil)
    } catch {
      failed(error)
    }
  }
}
