import Glibc
import Platform
import Synchronization
import Testing

@Suite struct ProcessTests {
  @Test func outputAndExitCodeComeBack() throws {
    let directory = try TemporaryDirectory()
    let out = directory.path + "/out"
    let child = try ChildProcess(
      "/bin/sh", ["-c", "printf '%s' \"$GREETING $1\"; exit 3", "sh", "two words"],
      environment: ["GREETING": "hello"], output: .append(path: out))
    #expect(try child.wait() == .exited(3))
    #expect(try child.wait() == .exited(3), "asked again")
    #expect(try String(decoding: Files.read(out), as: UTF8.self) == "hello two words")
  }

  @Test func aProgramIsFoundInThePathOrNamed() throws {
    #expect(try ChildProcess("true", []).wait() == .exited(0))
    #expect(throws: SystemError(call: "posix_spawn no-such-program", code: ENOENT)) {
      try ChildProcess("no-such-program", [])
    }
  }

  @Test func aChildIsKilledWithItsOwner() throws {
    var process: pid_t = 0
    do {
      let child = try ChildProcess("sleep", ["60"])
      process = child.process
      #expect(try child.wait(milliseconds: 20) == nil)
      #expect(kill(process, 0) == 0)
    }
    #expect(kill(process, 0) != 0)
  }

  @Test func aSignalIsTold() throws {
    let child = try ChildProcess("sleep", ["60"])
    child.signal(SIGTERM)
    #expect(try child.wait(milliseconds: 5_000) == .signalled(SIGTERM))
  }

  /// What this program waits for with ``SignalWait`` must reach one that knows nothing of it.
  @Test func aChildHearsSignalsThatItsParentBlocks() throws {
    let ended = Mutex<ChildProcess.Ending?>(nil)
    let thread = try PlatformThread.start(name: "blocks") {
      _ = SignalWait([SIGTERM, SIGINT])
      guard let child = try? ChildProcess("sleep", ["60"]) else { return }
      child.signal(SIGTERM)
      let ending = (try? child.wait(milliseconds: 5_000)) ?? nil
      ended.withLock { $0 = ending }
    }
    thread.join()
    #expect(ended.withLock { $0 } == .signalled(SIGTERM))
  }

  @Test func memoryIsSharedOverFork() throws {
    let memory = try SharedMemory.anonymous(bytes: 4_096)
    #expect((0..<4_096).allSatisfy { unsafe memory.base.load(fromByteOffset: $0, as: UInt8.self) == 0 })
    guard let child = try ForkedProcess.fork() else {
      unsafe memory.base.storeBytes(of: 0xC0FFEE, toByteOffset: 128, as: UInt64.self)
      ForkedProcess.leave(status: 0)
    }
    #expect(child.reap(milliseconds: 5_000) == .exited(0))
    #expect(unsafe memory.base.load(fromByteOffset: 128, as: UInt64.self) == 0xC0FFEE)
  }

  @Test(arguments: [(Int32(0), ChildProcess.Ending.exited(0)), (7, .exited(7)), (-1, .signalled(SIGKILL))])
  func anEndIsKnownBeforeTheProcessIsReaped(_ status: Int32, _ expected: ChildProcess.Ending) throws {
    guard let child = try ForkedProcess.fork() else {
      if status < 0 { MonotonicClock.sleep(milliseconds: 60_000) }
      ForkedProcess.leave(status: status)
    }
    if status < 0 {
      #expect(child.ending(milliseconds: 20) == nil)
      child.signal(SIGKILL)
    }
    #expect(child.ending(milliseconds: 5_000) == expected)
    #expect(kill(child.process, 0) == 0, "it is still there, as a zombie")
    #expect(child.ending(milliseconds: 0) == expected)
    #expect(child.reap(milliseconds: 0) == expected)
    #expect(child.ending(milliseconds: 0) == .exited(-1), "there is no such child any more")
  }

  @Test func aFileIsSharedMemory() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/shared"
    let one = try SharedMemory.file(path: path, bytes: 100)
    let other = try SharedMemory.file(path: path, bytes: 4_096)
    unsafe one.base.storeBytes(of: 7, toByteOffset: 42, as: UInt8.self)
    #expect(unsafe other.base.load(fromByteOffset: 42, as: UInt8.self) == 7)
    #expect(Files.size(path) == 4_096)
    #expect(throws: SystemError.self) { try SharedMemory.file(path: directory.path, bytes: 1) }
  }
}

@Suite struct ThreadTests {
  @Test func aThreadRunsAndIsJoined() throws {
    let name = Mutex("")
    let thread = try PlatformThread.start(name: "a long name for one") {
      let text = (try? Files.read("/proc/thread-self/comm")) ?? []
      name.withLock { $0 = String(decoding: text, as: UTF8.self) }
    }
    thread.join()
    #expect(name.withLock { $0 } == "a long name for\n")
    #expect(!thread.gotRealTime)
  }

  @Test func aRefusedPriorityStillRuns() throws {
    // Whether this process may have one is the machine's business; that the thread runs is not.
    let ran = Mutex(false)
    let policy = Mutex<Int32>(-1)
    let thread = try PlatformThread.start(name: "fifo", realTimePriority: 10) {
      ran.withLock { $0 = true }
      policy.withLock { $0 = sched_getscheduler(0) }
    }
    thread.join()
    #expect(ran.withLock { $0 })
    #expect(policy.withLock { $0 } == (thread.gotRealTime ? SCHED_FIFO : SCHED_OTHER))
  }

  @Test func aThreadOfARealTimeThreadIsOrdinary() throws {
    let policy = Mutex<Int32>(-1)
    let outer = try PlatformThread.start(name: "outer", realTimePriority: 10) {
      let inner = try? PlatformThread.start(name: "inner") { policy.withLock { $0 = sched_getscheduler(0) } }
      inner?.join()
    }
    outer.join()
    #expect(policy.withLock { $0 } == SCHED_OTHER)
  }

  @Test func clocksGoForward() {
    let start = MonotonicClock.now()
    MonotonicClock.sleep(until: start + 3_000_000)
    #expect(MonotonicClock.now() >= start + 3_000_000)
    MonotonicClock.sleep(until: start)
    #expect(WallClock.milliseconds() > 1_700_000_000_000)
  }

  @Test func signalsAreTakenOneByOne() throws {
    let taken = Mutex<[Int32?]>([])
    let thread = try PlatformThread.start(name: "signals") {
      let wait = SignalWait([SIGUSR1, SIGUSR2])
      pthread_kill(pthread_self(), SIGUSR2)
      let found = [wait.next(milliseconds: 5_000), wait.next(milliseconds: 1)]
      taken.withLock { $0 = found }
    }
    thread.join()
    #expect(taken.withLock { $0 } == [SIGUSR2, nil])
  }
}
