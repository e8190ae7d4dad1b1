import Glibc

/// Signals taken one by one by a thread instead of interrupting any: `sigprocmask`, `sigtimedwait`.
public struct SignalWait: Sendable {
  private let set: sigset_t

  /// Blocks the signals for this thread and those it starts afterwards.
  public init(_ numbers: [Int32]) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in numbers { unsafe sigaddset(&set, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    self.set = set
  }

  /// The next signal, or nil after `milliseconds`.
  public func next(milliseconds: UInt64) -> Int32? {
    var set = self.set
    var limit = timespec(tv_sec: Int(milliseconds / 1_000), tv_nsec: Int(milliseconds % 1_000) * 1_000_000)
    let number = unsafe sigtimedwait(&set, nil, &limit)
    return number > 0 ? number : nil
  }

  /// A peer that closes its end is an error of the write, never a signal.
  public static func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }
}
