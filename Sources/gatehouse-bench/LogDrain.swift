import Broker
import Glibc
import HQ
import Journal
import Messages
import Platform
import Synchronization
import Uplink

/// A backlog on its way to headquarters: the uplink, a real mosquitto, the collector and its store, against the same
/// way with bare libmosquitto and SQLite, which check nothing.
///
/// `GATEHOUSE_SOAK=1` makes it the 1,000,000 records of a long outage.
enum LogDrain {
  static let rounds = 3
  static let batch = 500
  static let window = 4
  static let patience: UInt64 = 300_000_000_000

  static func measure() throws -> Figure {
    let records = unsafe getenv("GATEHOUSE_SOAK") == nil ? 200_000 : 1_000_000
    let folder = try TemporaryDirectory(prefix: "gatehouse-drain")
    try fill(folder.path, records)
    let port = UInt16(20_000 + Int(ForkedProcess.own) % 20_000)
    let configuration = "\(folder.path)/mosquitto.conf"
    try Files.write(
      Array(
        "listener \(port) 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\nuser root\n"
          .utf8),
      to: configuration)
    let mosquitto = try ChildProcess(
      "mosquitto", ["-c", configuration], output: .discard, error: .discard)
    defer {
      mosquitto.signal(15)
      _ = try? mosquitto.wait()
    }
    var nanoseconds = (ours: UInt64(0), raw: UInt64(0))
    for round in 0..<rounds {
      let raw = RawDrain(folder: folder.path, round: round, port: port, records: records)
      nanoseconds.raw += try raw.run()
      nanoseconds.ours += try drain(folder.path, round, port, Int64(records))
    }
    let drained = Double(records) * Double(rounds) * 1e9
    let ours = drained / Double(nanoseconds.ours)
    let bare = drained / Double(nanoseconds.raw)
    return Figure(
      name: "log-drain", unit: "records/s",
      subject:
        "\(records) records from the journal to HQ's store, chain verified, batches of \(batch), \(window) ahead",
      ours: [("drained", ours)], baseline: "libmosquitto and SQLite alone, nothing parsed or hashed",
      raw: [("drained", bare)], goal: nil)
  }

  private static func fill(_ folder: String, _ records: Int) throws {
    let journal = try Journal.open(directory: folder, gateway: "gw-1", capacity: records + 10)
    for start in stride(from: 0, to: records, by: batch) {
      _ = try journal.append((start..<min(start + batch, records)).map(JournalAppend.draft))
    }
  }

  /// - Returns: nanoseconds from the first connection to the last record durable at HQ.
  private static func drain(_ folder: String, _ round: Int, _ port: UInt16, _ records: Int64) throws -> UInt64
  {
    let path = "\(folder)/hq-\(round).db"
    let broker = { client in
      try BrokerSettings(broker: "mqtt://127.0.0.1:\(port)", client: client, insecure: true)
    }
    let stop = StopFlag()
    _ = try HQStore(path: path)
    let watcher = try HQStore(path: path, mode: .readOnly)
    let began = MonotonicClock.now()
    let settings = UplinkSettings(
      site: "bench", gateway: "gw-1", broker: try broker("gw-1"), database: "\(folder)/gatehouse.db",
      control: ControlClient(path: "\(folder)/control.sock"), publicKey: nil, batch: batch, window: window)
    let hub = try broker("hq")
    let collector = try PlatformThread.start(name: "hq") {
      guard let store = try? HQStore(path: path) else { return }
      var service = HQService(broker: hub, store: store, note: { _ in }, isStopped: { stop.isSet })
      service.run()
    }
    let sender = try PlatformThread.start(name: "uplink") {
      var service = UplinkService(settings, note: { _ in }, isStopped: { stop.isSet })
      service.run()
    }
    defer {
      stop.set()
      collector.join()
      sender.join()
    }
    while try watcher.gateways().first?.through.seq ?? 0 < records {
      guard MonotonicClock.now() - began < patience else { throw BenchFault("the drain does not end") }
      MonotonicClock.sleep(milliseconds: 5)
    }
    return MonotonicClock.now() - began
  }
}

/// Ends a service that runs on a thread of its own.
final class StopFlag: Sendable {
  private let flag = Atomic<Bool>(false)
  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
}
