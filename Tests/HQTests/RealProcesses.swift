import Broker
import Glibc
import Journal
import Messages
import Platform
import Synchronization
import Testing
import Uplink

/// What a test waits for, asked often; a liveness bound, not a measurement.
func eventually(seconds: UInt64 = 60, _ what: String, _ condition: () throws -> Bool) rethrows {
  let deadline = MonotonicClock.now() + seconds * 1_000_000_000
  while MonotonicClock.now() < deadline {
    if try condition() { return }
    MonotonicClock.sleep(milliseconds: 20)
  }
  Issue.record("did not happen within \(seconds) s: \(what)")
}

/// The programs stand beside the test bundle.
func program(_ name: String) throws -> String {
  try Files.ownProgram().split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/\(name)"
}

/// A mosquitto of its own on the loopback.
final class BrokerProcess {
  let port: UInt16
  private let process: ChildProcess

  var url: String { "mqtt://127.0.0.1:\(port)" }

  init(in directory: String) throws {
    port = try Self.freePort()
    let text = "listener \(port) 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n"
    try Files.write(Array(text.utf8), to: "\(directory)/mosquitto.conf")
    process = try ChildProcess(
      "mosquitto", ["-c", "\(directory)/mosquitto.conf"], output: .discard, error: .discard)
  }

  static func freePort() throws -> UInt16 {
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
}

/// A gateway's journal with a real uplink before it, in this process.
final class SendingGateway {
  let name: String
  let journal: Journal
  let reader: JournalReader
  private let stopped: Flag
  private let thread: PlatformThread

  final class Flag: Sendable {
    let isSet = Atomic<Bool>(false)
  }

  init(_ name: String, in directory: String, broker: BrokerProcess, batch: Int) throws {
    self.name = name
    let place = "\(directory)/\(name)"
    try Files.makeDirectory(place)
    journal = try Journal.open(directory: place, gateway: name, capacity: 100_000)
    reader = try JournalReader(path: "\(place)/gatehouse.db")
    let settings = UplinkSettings(
      site: "riverside", gateway: name,
      broker: try BrokerSettings(broker: broker.url, client: name, insecure: true),
      database: "\(place)/gatehouse.db", control: ControlClient(path: "\(place)/control.sock"),
      publicKey: nil, batch: batch,
      window: 2)
    let flag = Flag()
    stopped = flag
    thread = try PlatformThread.start(name: name) {
      var service = UplinkService(
        settings, note: { _ in }, isStopped: { flag.isSet.load(ordering: .relaxed) })
      service.run()
    }
  }

  func write(_ count: Int) throws {
    let drafts = (0..<count).map { number in
      LogRecord(
        at: Timestamp(milliseconds: 1_795_334_400_000 + Int64(number)), clock: .synced,
        monotonic: UInt64(number), type: .access, point: "lane1", credential: "plate:\(name)\(number)",
        decision: .grant, reason: "granted")
    }
    for start in stride(from: 0, to: count, by: 100) {
      _ = try journal.append(Array(drafts[start..<min(start + 100, count)]))
    }
  }

  func stop() {
    stopped.isSet.store(true, ordering: .relaxed)
    thread.join()
  }
}

/// A `gatehouse-hq serve` of its own.
final class ServingHQ {
  let process: ChildProcess

  init(
    _ broker: BrokerProcess, store: String, output: String? = nil, _ more: [String] = []
  ) throws {
    process = try ChildProcess(
      try program("gatehouse-hq"),
      ["serve", "--broker", broker.url, "--insecure", "--store", store] + more,
      output: output.map { .append(path: $0) } ?? .discard, error: .discard)
  }

  func kill() throws {
    process.signal(SIGKILL)
    #expect(try process.wait() == .signalled(SIGKILL))
  }

  func end() throws {
    process.signal(SIGTERM)
    #expect(try process.wait(milliseconds: 20_000) == .exited(0))
  }
}
