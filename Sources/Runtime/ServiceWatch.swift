import Platform

/// What the service manager is told: sd_notify's READY, WATCHDOG and STATUS.
///
/// The guard says it, since it is the service's main process; WATCHDOG only while scan, buses and journal have moved.
struct ServiceWatch {
  private let board: GuardBoard
  private let say: (String) -> Void
  private let interval: UInt64
  private var nextLook: UInt64 = 0
  private var moved: [UInt64] = [0, 0, 0]
  private var told = ""
  private var ready = false

  /// Speaks three times within WATCHDOG_USEC; without a watchdog once a second.
  init(board: GuardBoard) {
    let notifier = ServiceNotifier()
    let microseconds = notifier.watchdogMicroseconds ?? 3_000_000
    self.init(board: board, interval: microseconds * 1_000 / 3) { state in
      do throws(SystemError) {
        try notifier.send(state)
      } catch {
        StandardError.write("gatehoused: \(error)")
      }
    }
  }

  /// - Parameter interval: nanoseconds between two looks.
  init(board: GuardBoard, interval: UInt64, say: @escaping (String) -> Void) {
    self.board = board
    self.interval = interval
    self.say = say
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
}
