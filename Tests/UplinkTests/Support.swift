import Glibc
import Journal
import Messages
import Platform
import Synchronization
import Testing

/// What a test waits for, asked often; a liveness bound, not a measurement.
func eventually(seconds: UInt64 = 30, _ what: String, _ condition: () throws -> Bool) rethrows {
  let deadline = MonotonicClock.now() + seconds * 1_000_000_000
  while MonotonicClock.now() < deadline {
    if try condition() { return }
    MonotonicClock.sleep(milliseconds: 10)
  }
  Issue.record("did not happen within \(seconds) s: \(what)")
}

func draft(_ number: Int) -> LogRecord {
  LogRecord(
    at: Timestamp(milliseconds: 1_795_334_400_000 + Int64(number)), clock: .synced, monotonic: UInt64(number),
    type: .access, point: "lane1", credential: "plate:京A\(number)", decision: .grant, reason: "granted")
}

/// A port of the loopback that is free at this moment.
func freePort() throws -> UInt16 {
  let socket = FileDescriptor(owning: Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let raw = socket.raw
  let done = unsafe withUnsafeMutablePointer(to: &address) { pointer in
    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe bind(raw, $0, length) == 0 && getsockname(raw, $0, &length) == 0
    }
  }
  #expect(done)
  return UInt16(bigEndian: address.sin_port)
}

/// A mosquitto of its own on the loopback.
final class BrokerProcess {
  let port: UInt16
  private let configuration: String
  private var process: ChildProcess?

  /// - Parameter extra: further lines of the listener's configuration.
  init(in directory: String, extra: String = "") throws {
    port = try freePort()
    configuration = "\(directory)/mosquitto.conf"
    let text = "listener \(port) 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n\(extra)"
    try Files.write(Array(text.utf8), to: configuration)
    try start()
  }

  func start() throws {
    process = try ChildProcess("mosquitto", ["-c", configuration], output: .discard, error: .discard)
  }

  func kill() throws {
    process?.signal(SIGKILL)
    _ = try process?.wait()
    process = nil
  }
}

/// A line between the gateway and its broker that loses, doubles, reorders and delays packets, and is cut.
final class FaultyLine {
  let port: UInt16
  private let process: ChildProcess

  init(to broker: UInt16, _ faults: [String]) throws {
    port = try freePort()
    let root = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    process = try ChildProcess(
      "python3", ["/\(root)/estate/faulty-line", "\(port)", "\(broker)"] + faults, output: .discard)
  }

  deinit {
    process.signal(SIGKILL)
    _ = try? process.wait()
  }
}

/// Stands for the controller: owns the journal, and answers the verbs that the uplink asks.
final class FakeController: Sendable {
  struct State {
    var calls: [(verb: String, args: JSONValue)] = []
    var version: Int64 = 3
    var drafts: [LogRecord] = []
    var acked: Int64 = 0
  }

  let state = Mutex(State())
  let path: String
  private let stopped = Atomic<Bool>(false)
  private let thread = Mutex<PlatformThread?>(nil)

  init(directory: String) throws {
    path = "\(directory)/control.sock"
    let listener = try UnixListener(path: path)
    // Made here, so that the database is there when the test goes on.
    let journal = try Journal.open(directory: directory, gateway: "gw-1", capacity: 100_000)
    let made = try PlatformThread.start(name: "controller") { [self] in
      while !stopped.load(ordering: .relaxed) { serve(listener, journal) }
    }
    thread.withLock { $0 = made }
  }

  func stop() {
    stopped.store(true, ordering: .relaxed)
    thread.withLock { thread in
      thread?.join()
      thread = nil
    }
  }

  func calls(_ verb: String) -> [JSONValue] {
    state.withLock { $0.calls.filter { $0.verb == verb }.map(\.args) }
  }

  /// Has the journal's thread write records.
  func write(_ drafts: [LogRecord]) {
    state.withLock { $0.drafts += drafts }
  }

  private func serve(_ listener: UnixListener, _ journal: Journal) {
    do {
      let drafts = state.withLock { state in
        defer { state.drafts.removeAll() }
        return state.drafts
      }
      for start in stride(from: 0, to: drafts.count, by: 100) {
        _ = try journal.append(Array(drafts[start..<min(start + 100, drafts.count)]))
      }
      guard try Poll.wait(listener.raw, for: .read, milliseconds: 10), let connection = try listener.accept()
      else {
        return
      }
      var framer = LineFramer()
      while try Poll.wait(connection.raw, for: .read, milliseconds: 1_000) {
        guard let bytes = try connection.read(), !bytes.isEmpty else { return }
        framer.feed(bytes)
        guard case .line(let line) = framer.next() else { continue }
        let request = try ControlRequest.parse(line)
        try connection.writeAll(answer(request, journal).encoded() + [0x0A])
        return
      }
    } catch {
      Issue.record("the controller: \(error)")
    }
  }

  private func answer(_ request: ControlRequest, _ journal: Journal) -> ControlReply {
    let version = state.withLock { state in
      state.calls.append((request.verb, request.args))
      return state.version
    }
    switch request.verb {
    case "status": return .done(id: request.id, result: ["list": ["version": .integer(version)]])
    case "list.begin": return .done(id: request.id, result: ["import": 1])
    case "list.commit":
      state.withLock { state in
        state.version = state.calls.last { $0.verb == "list.begin" }?.args["version"]?.integerValue ?? 0
      }
      return .done(id: request.id, result: .null)
    case "uplink.ack":
      do {
        let through = request.args["through"]?.integerValue ?? -1
        try journal.acknowledge(
          through: through, hash: Hex.bytes(request.args["hash"]?.stringValue ?? "") ?? [])
        state.withLock { $0.acked = journal.acked.seq }
        return .done(id: request.id, result: .null)
      } catch {
        return .refused(id: request.id, error: "\(error)", detail: .null)
      }
    default: return .done(id: request.id, result: .null)
    }
  }
}
