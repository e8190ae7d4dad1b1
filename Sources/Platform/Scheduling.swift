import Glibc

/// Real-time priority of the calling thread.
public enum Scheduling {
  /// `sched_setscheduler` SCHED_FIFO with SCHED_RESET_ON_FORK: what is forked starts as an ordinary process.
  /// False where the system refuses.
  public static func becomeRealTime(priority: Int) -> Bool {
    // sched.h: SCHED_RESET_ON_FORK, which stands behind _GNU_SOURCE.
    let resetOnFork: Int32 = 0x4000_0000
    var parameter = sched_param()
    parameter.sched_priority = Int32(priority)
    return unsafe sched_setscheduler(0, SCHED_FIFO | resetOnFork, &parameter) == 0
  }
}

extension MemoryLock {
  /// `mlockall` for what is mapped now, and for what will be where no limit can make a later `malloc` fail for it.
  ///
  /// Under a finite RLIMIT_MEMLOCK, MCL_FUTURE would turn a full limit into a failed allocation: there only the present
  /// pages are locked. False where nothing could be locked.
  public static func lockWithinLimit() -> Bool {
    var limit = rlimit()
    let unlimited =
      unsafe geteuid() == 0
      || (getrlimit(__rlimit_resource_t(__RLIMIT_MEMLOCK.rawValue), &limit) == 0
        && limit.rlim_cur == rlim_t.max)
    return unlimited ? lockAll() : mlockall(MCL_CURRENT) == 0
  }
}
