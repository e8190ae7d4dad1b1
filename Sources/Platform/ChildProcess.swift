public import Glibc

/// A program started with `posix_spawn`, killed and reaped with its owner.
public final class ChildProcess: @unchecked Sendable {
  public enum Ending: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
  }

  public enum Stream: Sendable {
    case inherit
    case discard
    /// A file that is made or appended to.
    case append(path: String)
    case descriptor(Int32)
  }

  public let process: pid_t
  private var ending: Ending?

  /// - Parameters:
  ///   - arguments: without the program's own name.
  ///   - environment: added to this process's own.
  public init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], input: Stream = .discard,
    output: Stream = .inherit, error: Stream = .inherit
  ) throws(SystemError) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in [(Int32(0), input), (1, output), (2, error)] {
      switch stream {
      case .inherit: break
      case .discard: unsafe posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
      case .append(let path):
        unsafe posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY | O_CREAT | O_APPEND, 0o640)
      case .descriptor(let raw): unsafe posix_spawn_file_actions_adddup2(&actions, raw, number)
      }
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    Self.resetSignals(&attributes)
    let words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    let variables = unsafe Self.merged(environment).map { unsafe strdup($0) } + [nil]
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var process = pid_t()
    let code = unsafe posix_spawnp(&process, program, &actions, &attributes, words, variables)
    guard code == 0 else { throw SystemError(call: "posix_spawn \(program)", code: code) }
    self.process = process
  }

  /// What this process blocks (``SignalWait``) or ignores must not be deaf in a program that knows nothing of it.
  private static func resetSignals(_ attributes: inout posix_spawnattr_t) {
    var none = sigset_t()
    unsafe sigemptyset(&none)
    var usual = none
    unsafe sigaddset(&usual, SIGPIPE)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &usual)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
  }

  deinit {
    if ending == nil {
      signal(SIGKILL)
      _ = try? wait()
    }
  }

  public func signal(_ number: Int32) {
    if ending == nil { kill(process, number) }
  }

  /// `waitpid`; with a time limit it polls and returns nil where the process still runs.
  public func wait(milliseconds: UInt64? = nil) throws(SystemError) -> Ending? {
    if let ending { return ending }
    let deadline = milliseconds.map { MonotonicClock.now() + $0 * 1_000_000 }
    while true {
      var status: Int32 = 0
      let result = try checked("waitpid") {
        Int(unsafe waitpid(process, &status, deadline == nil ? 0 : Int32(WNOHANG)))
      }
      if result == process {
        ending = Self.ending(status)
        return ending
      }
      if let deadline, MonotonicClock.now() >= deadline { return nil }
      MonotonicClock.sleep(milliseconds: 2)
    }
  }

  /// What a status of `waitpid` says: WIFEXITED, WEXITSTATUS, WTERMSIG.
  public static func ending(_ status: Int32) -> Ending {
    status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .signalled(status & 0x7F)
  }

  private static func merged(_ added: [String: String]) -> [String] {
    var result: [String] = []
    var next = unsafe environ
    while let text = unsafe next.pointee {
      let variable = unsafe String(cString: text)
      let name = variable.prefix { $0 != "=" }
      if added[String(name)] == nil { result.append(variable) }
      unsafe next += 1
    }
    return result + added.map { "\($0.key)=\($0.value)" }
  }
}
