import Glibc

/// Real-time priority of the calling thread.
public enum Scheduling {
  /// `sched_setscheduler` SCHED_FIFO with SCHED_RESET_ON_FORK: what is forked starts as an ordinary process.
  /// False where the system refuses.
  public static func becomeRealTime(priority: Int) -> Bool {
    become(SCHED_FIFO, priority: Int32(priority))
  }

  /// `sched_setscheduler` SCHED_OTHER: for a call in which the kernel may wait for threads without priority.
  @discardableResult
  public static func becomeOrdinary() -> Bool {
    become(SCHED_OTHER, priority: 0)
  }

  private static func become(_ policy: Int32, priority: Int32) -> Bool {
    // sched.h: SCHED_RESET_ON_FORK, which stands behind _GNU_SOURCE.
    let resetOnFork: Int32 = 0x4000_0000
    var parameter = sched_param()
    parameter.sched_priority = priority
    return unsafe sched_setscheduler(0, policy | resetOnFork, &parameter) == 0
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
