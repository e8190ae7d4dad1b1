import GPIODriver
import Glibc
import Messages
import Platform
import TestSupport

/// The real program `gatehoused` with a site of its own in a temporary directory; ended with its owner.
final class RunningGateway {
  let directory: TemporaryDirectory
  let state: String
  /// In memory, as `/run` is on a gateway: a write to a line of the simulated chip waits for no disk.
  let run: String
  private let runDirectory: TemporaryDirectory
  private var process: ChildProcess?

  /// - Parameter site: the site file's text.
  init(site: String, stateDirectory: String? = nil) throws {
    directory = try TemporaryDirectory(prefix: "gatehoused")
    runDirectory = try TemporaryDirectory(prefix: "gatehoused-run", in: "/dev/shm")
    run = runDirectory.path
    state = stateDirectory ?? "\(directory.path)/state"
    try Files.write(Array(site.utf8), to: "\(directory.path)/site.json5")
  }

  deinit {
    if let process {
      process.signal(SIGTERM)
      if (try? process.wait(milliseconds: 8_000)) == nil { process.signal(SIGKILL) }
    }
  }

  func start(_ more: [String] = [], environment: [String: String] = [:]) throws {
    let variables = environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { given, _ in given }
    process = try ChildProcess(
      try program("gatehoused"),
      ["--site", "\(directory.path)/site.json5", "--state", state, "--run", run] + more,
      environment: variables, error: .append(path: "\(directory.path)/log"))
  }

  /// Waits until the control socket answers.
  func startAndWait() throws {
    try start()
    _ = try control()
  }

  func stop() throws -> ChildProcess.Ending? {
    process?.signal(SIGTERM)
    let ending = try process?.wait(milliseconds: 8_000)
    if ending != nil { process = nil }
    return ending
  }

  /// SIGKILL to the guard, whose end is the controller's; back when neither holds the log any more.
  func killAndWait() {
    process?.signal(SIGKILL)
    _ = try? process?.wait()
    process = nil
    _ = waitUntil(limit: 5_000) { (try? FileLock(path: "\(state)/gatehouse.lock")) != nil }
  }

  var guardProcess: Int32 { process?.process ?? 0 }

  /// The controller that the guard has now; 0 where it has none.
  var controller: Int32 {
    let path = "/proc/\(guardProcess)/task/\(guardProcess)/children"
    guard let bytes = try? Files.read(path) else { return 0 }
    return String(decoding: bytes, as: UTF8.self).split(separator: " ").first.flatMap { Int32($0) } ?? 0
  }

  /// The controller's thread with this name, as the kernel numbers it.
  func thread(_ name: String) -> Int32? {
    let tasks = "/proc/\(controller)/task"
    return ((try? Files.list(tasks)) ?? []).first { task in
      (try? Files.read("\(tasks)/\(task)/comm")).map { String(decoding: $0, as: UTF8.self) } == name + "\n"
    }.flatMap { Int32($0) }
  }

  /// Only ever to a process of its own: 0 would be the whole group.
  func signalController(_ number: Int32) {
    let target = controller
    if target > 1 { kill(target, number) }
  }

  func signalGuard(_ number: Int32) {
    if guardProcess > 1 { kill(guardProcess, number) }
  }

  var log: String {
    (try? Files.read("\(directory.path)/log")).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  func control() throws -> LineClient { try client("control.sock") }
  func ingress() throws -> LineClient { try client("ingress.sock") }

  private func client(_ name: String) throws -> LineClient {
    var failure: SystemError?
    for _ in 0..<1_000 {
      do {
        return LineClient(try UnixConnection(path: "\(run)/\(name)"))
      } catch {
        failure = error
        MonotonicClock.sleep(milliseconds: 10)
      }
    }
    throw Unreachable(error: failure!, log: log)
  }

  func chip(_ name: String) throws -> SimulatedChip { try SimulatedChip(path: "\(run)/gpio/\(name).lines") }

  /// Imports a list of CSV text.
  func importList(_ text: String) throws { try importList(text, over: try control()) }

  func importList(_ text: String, over client: LineClient) throws {
    let begun = try client.call("list.begin", ["merge": false, "skip_bad": false])
    for part in text.utf8.chunks(of: 32 << 10) {
      _ = try client.call("list.rows", ["import": begun["import"]!, "text": .string(part)])
    }
    _ = try client.call("list.commit", ["import": begun["import"]!])
  }

  func status() throws -> JSONValue { try control().call("status") }

  /// All records of the log.
  func records() throws -> [JSONValue] {
    let answer = try control().call("log.pull", ["after": 0, "limit": 1000])
    return try (answer["records"]?.arrayValue ?? []).map {
      try JSONValue.parse(Array($0.stringValue!.utf8), maximumBytes: 1 << 20)
    }
  }
}

/// The gateway did not open its socket; what it said.
struct Unreachable: Error {
  var error: SystemError
  var log: String
}

/// One end of a line protocol, asked and answered in turn.
final class LineClient {
  struct Refused: Error {
    var text: String
    var whole: JSONValue
  }

  let connection: UnixConnection
  private var framer = LineFramer(limit: 8 << 20)
  private var last: Int64 = 0

  init(_ connection: UnixConnection) {
    self.connection = connection
  }

  func send(_ line: String) throws { try connection.writeAll(Array((line + "\n").utf8)) }

  /// The next line; nil where the peer has closed or says nothing for five seconds.
  func receive(milliseconds: Int32 = 5_000) throws -> JSONValue? {
    while true {
      if case .line(let bytes)? = framer.next() {
        return try JSONValue.parse(bytes, maximumBytes: 8 << 20)
      }
      guard try Poll.wait(connection.raw, for: .read, milliseconds: milliseconds) else { return nil }
      guard let bytes = try? connection.read(), !bytes.isEmpty else { return nil }
      framer.feed(bytes)
    }
  }

  func call(_ verb: String, _ args: JSONValue = .object([])) throws -> JSONValue {
    last += 1
    let request = ControlRequest(id: last, verb: verb, args: args)
    try connection.writeAll(request.encoded() + [0x0A])
    guard let answer = try receive() else { throw Refused(text: "no answer to \(verb)", whole: .null) }
    guard answer["ok"]?.boolValue == true else {
      throw Refused(text: answer["error"]?.stringValue ?? "", whole: answer)
    }
    return answer["result"] ?? .null
  }

  /// Sends a reading and returns the answer.
  func present(
    _ reader: String, _ credential: String, id: String = "x", confidence: Double? = nil, track: String? = nil
  ) throws -> JSONValue {
    let request = IngressRequest(
      id: id, reader: reader, credential: credential, confidence: confidence, track: track)
    try connection.writeAll(request.encoded() + [0x0A])
    return try receive() ?? .null
  }
}

/// Asks every half millisecond until it holds; the milliseconds it took, or nil after `limit`.
func waitUntil(limit: UInt64, _ holds: () throws -> Bool) rethrows -> UInt64? {
  let began = MonotonicClock.now()
  while true {
    if try holds() { return (MonotonicClock.now() - began) / 1_000_000 }
    if MonotonicClock.now() - began > limit * 1_000_000 { return nil }
    MonotonicClock.sleep(until: MonotonicClock.now() + 500_000)
  }
}
