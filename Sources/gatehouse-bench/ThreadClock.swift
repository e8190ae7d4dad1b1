import CBaseline
import Glibc

/// Processor time of the calling thread in nanoseconds: what a neighbour's load takes away is not counted, to either
/// side of a ratio.
enum ThreadClock {
  /// `clock_gettime` CLOCK_THREAD_CPUTIME_ID.
  static func now() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
