import CLinux
import Glibc

/// A copy of this process made by `fork`, and what its parent can do to it.
///
/// `fork` copies one thread only: the caller must be the only thread that its process has.
public struct ForkedProcess: Sendable {
  public let process: Int32

  /// `fork`: nil in the child.
  public static func fork() throws(SystemError) -> ForkedProcess? {
    let result = try checked("fork") { Int(gh_fork()) }
    return result == 0 ? nil : ForkedProcess(process: Int32(result))
  }

  /// In the child: `prctl` PR_SET_PDEATHSIG, so that it never outlives `parent`. Call it first.
  public static func dieWithParent(_ parent: Int32) {
    _ = gh_prctl_parent_death_signal(SIGKILL)
    // A parent that went before the call sends no signal any more.
    if getppid() != parent { leave(status: 1) }
  }

  /// `prctl` PR_SET_DUMPABLE 0: a trap ends this process at once, without writing its memory to a file first.
  public static func neverDumpCore() {
    _ = gh_prctl_no_core_dump()
  }

  /// `_exit`: at once, without running what the parent registered for its own end.
  public static func leave(status: Int32) -> Never {
    _exit(status)
  }

  public static var own: Int32 { getpid() }

  public func signal(_ number: Int32) {
    kill(process, number)
  }

  /// How it ended, asked for at most `milliseconds`, without reaping it: `waitid` WNOWAIT; nil while it is there.
  ///
  /// Who has something urgent to do once a process is over asks this, and reaps afterwards.
  public func ending(milliseconds: UInt64) -> ChildProcess.Ending? {
    asked(for: milliseconds) {
      var code: Int32 = 0
      var status: Int32 = 0
      switch unsafe gh_waitid_look(process, &code, &status) {
      case 1: return code == 1 ? .exited(status) : .signalled(status)
      case 0: return nil
      default: return errno == ECHILD ? .exited(-1) : nil
      }
    }
  }

  /// `waitpid` WNOHANG, asked for at most `milliseconds`; nil where the process is still there.
  ///
  /// The kernel takes the entries of the process in `/proc` away in this call. Where another thread does so too, a
  /// caller with real-time priority can spin on it until the kernel's throttle ends that: see
  /// ``Scheduling/becomeOrdinary()``.
  public func reap(milliseconds: UInt64) -> ChildProcess.Ending? {
    asked(for: milliseconds) {
      var status: Int32 = 0
      let result = unsafe waitpid(process, &status, Int32(WNOHANG))
      if result == process { return ChildProcess.ending(status) }
      return result < 0 && errno == ECHILD ? .exited(-1) : nil
    }
  }

  private func asked(
    for milliseconds: UInt64, _ question: () -> ChildProcess.Ending?
  ) -> ChildProcess.Ending? {
    let deadline = MonotonicClock.now() &+ milliseconds &* 1_000_000
    while true {
      if let ending = question() { return ending }
      let now = MonotonicClock.now()
      if now >= deadline { return nil }
      MonotonicClock.sleep(until: min(deadline, now &+ 500_000))
    }
  }
}

/// The numbers of signals, for rooms that do not import the C library.
public enum Signal {
  public static var terminate: Int32 { SIGTERM }
  public static var interrupt: Int32 { SIGINT }
  public static var child: Int32 { SIGCHLD }
  public static var killed: Int32 { SIGKILL }
  public static var stopped: Int32 { SIGSTOP }
  public static var trap: Int32 { SIGTRAP }
  public static var illegalInstruction: Int32 { SIGILL }

  /// `strsignal`: "Killed", "Illegal instruction".
  public static func name(_ number: Int32) -> String {
    guard let text = unsafe strsignal(number) else { return "signal \(number)" }
    return unsafe String(cString: text)
  }
}
