import Platform

/// What the service manager is told: sd_notify's READY, WATCHDOG and STATUS.
///
/// The guard says it, since it is the service's main process; WATCHDOG only while scan, buses and journal have moved.
struct ServiceWatch {
  private let notifier = ServiceNotifier()
  private let board: GuardBoard
  private let interval: UInt64
  private var nextLook: UInt64 = 0
  private var moved: [UInt64] = [0, 0, 0]
  private var told = ""
  private var ready = false

  init(board: GuardBoard) {
    self.board = board
    let microseconds = notifier.watchdogMicroseconds ?? 3_000_000
    interval = microseconds * 1_000 / 3
  }

  mutating func look(now: UInt64) {
    if !ready && board.phase == .ready {
      ready = true
      say("READY=1")
    }
    guard ready, now >= nextLook else { return }
    nextLook = now + interval
    let counts = [board[.beats], board[.busProgress], board[.journalProgress]]
    if zip(counts, moved).allSatisfy({ $0 != $1 }) { say("WATCHDOG=1") }
    moved = counts
    let degraded = board[.degraded]
    let status =
      (degraded == 0 ? "running" : "running, \(degraded) faults")
      + (board[.restarts] == 0 ? "" : ", restarted \(board[.restarts]) times")
    if status != told {
      told = status
      say("STATUS=\(status)")
    }
  }

  func stopping() { say("STOPPING=1") }

  private func say(_ state: String) {
    do {
      try notifier.send(state)
    } catch {
      StandardError.write("gatehoused: \(error)")
    }
  }
}
