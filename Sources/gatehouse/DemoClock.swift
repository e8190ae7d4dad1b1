import Journal
import Messages
import Platform

/// The demo takes this machine's clock as right, also where nothing keeps it so: a group's hours and a credential's
/// dates are not asked for under a clock that nobody trusts, and could not be shown.
enum DemoClock {
  /// Writes the first record of a new log, under a clock that was right: the controller goes on from there.
  static func vouch(stateDirectory: String, gateway: String) throws {
    try Files.makeDirectory(stateDirectory)
    let journal = try Journal.open(directory: stateDirectory, gateway: gateway, capacity: 100_000)
    let record = LogRecord(
      at: Timestamp(milliseconds: WallClock.milliseconds()), clock: .synced, monotonic: MonotonicClock.now(),
      type: .system, detail: ["event": "demo", "clock": "this machine's clock is taken as right"])
    _ = try journal.append([record])
  }
}
