import Glibc
import Messages
import Platform
import Shell

/// The real gatehoused as a child of the demo.
final class DemoController: Sendable {
  private let process: ChildProcess
  private let runDirectory: String
  private let logPath: String

  init(folder: String, profiles: String) throws {
    runDirectory = "\(folder)/run"
    logPath = "\(folder)/gatehoused.log"
    let own = try Files.ownProgram()
    let program = own[..<(own.lastIndex(of: "/") ?? own.startIndex)] + "/gatehoused"
    guard Files.exists(String(program)) else {
      throw DemoFault("\(program) is not there: build it with 'swift build --product gatehoused'")
    }
    process = try ChildProcess(
      String(program),
      [
        "--site", "\(folder)/site.json5", "--state", "\(folder)/state", "--run", runDirectory, "--profiles",
        profiles,
      ], output: .append(path: logPath), error: .append(path: logPath))
  }

  /// What the controller has printed.
  var said: String { String(decoding: (try? Files.read(logPath)) ?? [], as: UTF8.self) }

  /// Waits until the control socket answers.
  func awaitReady(milliseconds: UInt64) throws(DemoFault) {
    let deadline = MonotonicClock.now() + milliseconds * 1_000_000
    while MonotonicClock.now() < deadline {
      if (try? SocketTransport(runDirectory: runDirectory, patience: 1_000).ask("status")) != nil { return }
      if let ending = try? process.wait(milliseconds: 0) {
        throw DemoFault("gatehoused ended at its start (\(ending)): \(said)")
      }
      MonotonicClock.sleep(milliseconds: 20)
    }
    throw DemoFault("gatehoused does not answer: \(said)")
  }

  /// SIGKILL to the controller, the guard's child; the guard stays.
  func kill() throws(DemoFault) {
    guard let child = Self.child(of: process.process) else {
      throw DemoFault("the guard has no child in /proc")
    }
    _ = Glibc.kill(child, SIGKILL)
  }

  /// SIGTERM, then SIGKILL where it does not end in time.
  func stop() -> ChildProcess.Ending? {
    process.signal(SIGTERM)
    if let ending = try? process.wait(milliseconds: 10_000) { return ending }
    process.signal(SIGKILL)
    return try? process.wait()
  }

  /// The first process whose parent is `parent`: the fourth word of /proc/PID/stat, behind the name in brackets.
  private static func child(of parent: pid_t) -> pid_t? {
    for name in (try? Files.list("/proc")) ?? [] {
      guard let process = pid_t(name), let bytes = try? Files.read("/proc/\(name)/stat") else { continue }
      let text = String(decoding: bytes, as: UTF8.self)
      guard let bracket = text.lastIndex(of: ")") else { continue }
      let words = text[text.index(after: bracket)...].split(separator: " ")
      if words.count > 1, words[0] != "Z", pid_t(words[1]) == parent { return process }
    }
    return nil
  }
}
