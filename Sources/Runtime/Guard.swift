import ControlCore
import Platform
import Site

/// The parent process: it starts the controller, listens to its heartbeat, and takes the outputs when it is gone.
///
/// It has one thread, so that `fork` is sound; the threads that bring safe levels to the buses end before the next fork.
struct Guard: ~Copyable {
  private let site: SiteDescription
  private let options: ControllerOptions
  private let board: GuardBoard
  private let signals: SignalWait
  private var banks: FieldBanks
  private let buses: SafeBuses
  private var service: ServiceWatch
  private var failures = 0
  private var nextChipLook: UInt64 = 0

  private enum Outcome {
    /// SIGTERM or SIGINT: all is over.
    case stop
    /// `safeAt`: when every output had its safe level.
    case restart(GuardCause, safeAt: UInt64)
  }

  init(site: SiteDescription, options: ControllerOptions) throws(SystemError) {
    self.site = site
    self.options = options
    board = try GuardBoard()
    SignalWait.ignoreBrokenPipes()
    signals = SignalWait([Signal.terminate, Signal.interrupt, Signal.child])
    banks = FieldBanks(site: site, runDirectory: options.runDirectory)
    buses = SafeBuses(site: site)
    service = ServiceWatch(board: board)
  }

  /// Until SIGTERM or SIGINT; the exit status.
  mutating func run() -> Int32 {
    if !becomeRealTime() {
      StandardError.write("gatehoused: no right to real-time priority: the guard runs without it")
    }
    _ = MemoryLock.lockWithinLimit()
    _ = banks.openMissing()
    for fault in banks.faults { StandardError.write("gatehoused: \(fault)") }
    while true {
      board.prepareStart()
      let started = MonotonicClock.now()
      do {
        guard let child = try ForkedProcess.fork() else { becomeController() }
        switch watch(child) {
        case .stop:
          return 0
        case .restart(let cause, let safeAt):
          report(cause, safeAt: safeAt)
          if pauseEnds(pause(afterRunOf: safeAt - started, cause)) { return 0 }
        }
      } catch {
        StandardError.write("gatehoused: \(error)")
        if pauseEnds(RuntimeLimits.longestPause.milliseconds) { return 0 }
      }
    }
  }

  /// What runs after `fork` in the child, which never returns into the guard's code.
  private mutating func becomeController() -> Never {
    ForkedProcess.dieWithParent(options.guardProcess)
    ForkedProcess.neverDumpCore()
    let status = ControllerProcess.run(site: site, options: options, board: board, banks: banks)
    ForkedProcess.leave(status: status)
  }

  // MARK: Watching

  private mutating func watch(_ child: ForkedProcess) -> Outcome {
    let started = MonotonicClock.now()
    var heartbeat = HeartbeatWatch(limit: site.loop.guardTime, now: started)
    var stopBy: UInt64?
    while true {
      let signal = signals.next(milliseconds: RuntimeLimits.guardLook.milliseconds)
      let now = MonotonicClock.now()
      if signal == Signal.terminate || signal == Signal.interrupt {
        service.stopping()
        stopBy = stopBy ?? orderStop(now)
      }
      if let ending = child.ending(milliseconds: 0) {
        let safeAt = takeOver(from: child)
        return stopBy != nil ? .stop : .restart(GuardCause(ending), safeAt: safeAt)
      }
      if let stopBy {
        if now > stopBy {
          end(child)
          return .stop
        }
      } else if let cause = lost(&heartbeat, started: started, now: now) {
        return .restart(cause, safeAt: end(child))
      } else if chipReturned(now) {
        return stopForChip(child, now)
      }
      service.look(now: now)
    }
  }

  private func lost(_ heartbeat: inout HeartbeatWatch, started: UInt64, now: UInt64) -> GuardCause? {
    switch board.phase {
    case .starting:
      return now - started > RuntimeLimits.startLimit.nanoseconds ? .startTooLong : nil
    case .scanning, .ready, .stopping:
      return heartbeat.look(beats: board[.beats], now: now).map { .silent(milliseconds: $0) }
    }
  }

  private func orderStop(_ now: UInt64) -> UInt64 {
    let board = self.board
    board[.request] = GuardBoard.Request.stop.rawValue
    return now + RuntimeLimits.stopLimit.nanoseconds
  }

  /// SIGKILL, and every output to its safe level; when that was done.
  ///
  /// A thread that the disk or a busy machine holds can keep the process from being reaped; the scan is dead all the
  /// same, so its outputs are not waited for.
  @discardableResult
  private func end(_ child: ForkedProcess) -> UInt64 {
    child.signal(Signal.killed)
    if child.ending(milliseconds: RuntimeLimits.endLimit.milliseconds) != nil { return takeOver(from: child) }
    let safeAt = takeOutputs()
    while child.ending(milliseconds: 100) == nil {}
    takeOver(from: child)
    return safeAt
  }

  /// Safe levels from a process that is over, and then its end; when the outputs were safe.
  ///
  /// Reaping comes last, and without priority: the kernel may spin in it on what ordinary threads hold.
  @discardableResult
  private func takeOver(from child: ForkedProcess) -> UInt64 {
    let safeAt = takeOutputs()
    Scheduling.becomeOrdinary()
    while child.reap(milliseconds: 100) == nil {}
    _ = becomeRealTime()
    return safeAt
  }

  private func becomeRealTime() -> Bool {
    Scheduling.becomeRealTime(priority: min(99, site.loop.priority + 1))
  }

  private mutating func chipReturned(_ now: UInt64) -> Bool {
    let suspects = board[.chipSuspects]
    guard suspects != 0 || !banks.faults.isEmpty, now >= nextChipLook else { return false }
    nextChipLook = now + RuntimeLimits.chipLook.nanoseconds
    return banks.openMissing(suspects: suspects)
  }

  private func stopForChip(_ child: ForkedProcess, _ now: UInt64) -> Outcome {
    _ = orderStop(now)
    if child.ending(milliseconds: RuntimeLimits.stopLimit.milliseconds) == nil {
      return .restart(.chipReturned, safeAt: end(child))
    }
    return .restart(.chipReturned, safeAt: takeOver(from: child))
  }

  // MARK: After the controller

  /// Every output at its safe level; when that was done.
  @discardableResult
  private func takeOutputs() -> UInt64 {
    banks.writeSafeLevels()
    let faults = buses.write()
    let now = MonotonicClock.now()
    for fault in faults { StandardError.write("gatehoused: outputs not safe: \(fault)") }
    let board = self.board
    board.unsafeOutputs = faults.joined(separator: "; ")
    return now
  }

  /// The time is told from the last heartbeat on: until then the controller was well.
  private mutating func report(_ cause: GuardCause, safeAt: UInt64) {
    let lastBeat = board[.beatAt]
    let microseconds = safeAt > lastBeat ? (safeAt - lastBeat) / 1_000 : 0
    let board = self.board
    board[.restarts] += 1
    board[.cause] = cause.words.cause
    board[.causeNumber] = cause.words.number
    board[.safeMicroseconds] = microseconds
    board[.endedAt] = MonotonicClock.now()
    let words = board.lastWords
    StandardError.write(
      "gatehoused: controller \(cause.text)\(words.isEmpty ? "" : ": \(words)"); outputs safe after "
        + "\(microseconds / 1_000) ms")
  }

  /// Milliseconds: none the first time, then twice as long each time, up to the limit; never for ever.
  private mutating func pause(afterRunOf nanoseconds: UInt64, _ cause: GuardCause) -> UInt64 {
    if cause == .chipReturned || nanoseconds > RuntimeLimits.steadyRun.nanoseconds { failures = 0 }
    failures += 1
    if failures == 1 { return 0 }
    return min(RuntimeLimits.longestPause.milliseconds, 100 << UInt64(min(failures - 2, 10)))
  }

  /// Waits; true where SIGTERM or SIGINT came meanwhile.
  private func pauseEnds(_ milliseconds: UInt64) -> Bool {
    let until = MonotonicClock.now() + milliseconds * 1_000_000
    while true {
      let now = MonotonicClock.now()
      let rest = until > now ? (until - now) / 1_000_000 : 0
      let signal = signals.next(milliseconds: rest)
      if signal == Signal.terminate || signal == Signal.interrupt { return true }
      if signal == nil && MonotonicClock.now() >= until { return false }
    }
  }
}
