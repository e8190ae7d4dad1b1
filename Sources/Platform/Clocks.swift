import CLinux
import Glibc

/// CLOCK_MONOTONIC: what durations are measured with, and what libgpiod stamps edges with.
public enum MonotonicClock {
  /// Nanoseconds since boot.
  public static func now() -> UInt64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// `clock_nanosleep` to an absolute instant; returns at once where it has passed.
  public static func sleep(until deadline: UInt64) {
    var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
    while unsafe clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &time, nil) == EINTR {}
  }

  public static func sleep(milliseconds: UInt64) {
    sleep(until: now() &+ milliseconds &* 1_000_000)
  }
}

/// CLOCK_REALTIME: what a record is dated with. It may jump; nothing is measured with it.
public enum WallClock {
  /// Milliseconds since 1970 UTC.
  public static func milliseconds() -> Int64 {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Whether the kernel says that something keeps the clock right: `adjtimex` without STA_UNSYNC.
  public static func isSynchronised() -> Bool {
    gh_adjtimex_synchronised() == 1
  }
}
