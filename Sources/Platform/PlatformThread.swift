import CLinux
import Glibc
import Synchronization

/// One POSIX thread with a name and, where the system allows it, SCHED_FIFO priority.
///
/// The body is a nonisolated function of a library: code at the top level of `main.swift` is bound to the main actor
/// and would trap here.
public final class PlatformThread: Sendable {
  private struct Start: Sendable {
    let name: String
    let body: @Sendable () -> Void
  }

  private final class Box: Sendable {
    let start: Start
    init(_ start: Start) { self.start = start }
  }

  private let thread: pthread_t
  /// False where real-time priority was asked for and refused (EPERM): the thread runs all the same.
  public let gotRealTime: Bool
  private let joined = Atomic<Bool>(false)

  private init(thread: pthread_t, gotRealTime: Bool) {
    self.thread = thread
    self.gotRealTime = gotRealTime
  }

  deinit {
    // Nobody will join it any more: its stack goes when it ends.
    if !joined.load(ordering: .relaxed) { pthread_detach(thread) }
  }

  /// `pthread_create`. `realTimePriority` 1 to 99 asks for SCHED_FIFO; nil is an ordinary thread.
  public static func start(
    name: String, realTimePriority: Int? = nil, stackBytes: Int = 1 << 20,
    body: @escaping @Sendable () -> Void
  ) throws(SystemError) -> PlatformThread {
    let box = Box(Start(name: name, body: body))
    if let realTimePriority, let thread = create(box, stackBytes, realTimePriority).thread {
      return PlatformThread(thread: thread, gotRealTime: true)
    }
    let (thread, code) = create(box, stackBytes, nil)
    guard let thread = thread else { throw SystemError(call: "pthread_create \(name)", code: code) }
    return PlatformThread(thread: thread, gotRealTime: false)
  }

  /// `pthread_join`; only once.
  public func join() {
    precondition(!joined.exchange(true, ordering: .relaxed), "a thread is joined once")
    pthread_join(thread, nil)
  }

  private static func create(_ box: Box, _ stackBytes: Int, _ priority: Int?) -> (
    thread: pthread_t?, code: Int32
  ) {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    unsafe pthread_attr_setstacksize(&attributes, stackBytes)
    // Told in either case: a thread that a real-time one starts is no real-time thread by itself.
    var parameter = sched_param()
    parameter.sched_priority = Int32(priority ?? 0)
    unsafe pthread_attr_setinheritsched(&attributes, Int32(PTHREAD_EXPLICIT_SCHED))
    unsafe pthread_attr_setschedpolicy(&attributes, priority == nil ? SCHED_OTHER : SCHED_FIFO)
    unsafe pthread_attr_setschedparam(&attributes, &parameter)
    let held = unsafe Unmanaged.passRetained(box)
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, &attributes,
      { argument in
        let box = unsafe Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue()
        _ = unsafe box.start.name.withCString { unsafe gh_prctl_thread_name($0) }
        box.start.body()
        return nil
      }, held.toOpaque())
    if code != 0 {
      unsafe held.release()
      return (nil, code)
    }
    return (thread, 0)
  }
}

public enum MemoryLock {
  /// `mlockall` for what is mapped now and later; false where the limit forbids it.
  public static func lockAll() -> Bool {
    mlockall(MCL_CURRENT | MCL_FUTURE) == 0
  }
}
