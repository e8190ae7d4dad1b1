import Broker
import Glibc
import HQ
import Journal
import Messages
import Platform
import Synchronization
import Uplink

/// A backlog on its way to headquarters: the uplink, a real mosquitto, the collector and its store, against the same job
/// with bare libmosquitto and SQLite, which check nothing. In turns; the fastest round of each counts, since what else the
/// machine does is in neither.
///
/// `GATEHOUSE_SOAK=1` makes it the 1,000,000 records of a long outage.
enum LogDrain {
  static let batch = 500
  static let window = 4
  static let patience: UInt64 = 300_000_000_000

  static func measure() throws -> Figure {
    let isLong = unsafe getenv("GATEHOUSE_SOAK") != nil
    let records = isLong ? 1_000_000 : 200_000
    let rounds = isLong ? 2 : 5
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
    var fastest = (ours: UInt64.max, raw: UInt64.max)
    for round in 0..<rounds {
      let raw = RawDrain(folder: folder.path, round: round, port: port, records: records)
      fastest.raw = min(fastest.raw, try raw.run())
      fastest.ours = min(fastest.ours, try drain(folder.path, round, port, Int64(records)))
      for name in ["raw", "hq"] {
        for suffix in ["", "-wal", "-shm"] { Files.remove("\(folder.path)/\(name)-\(round).db\(suffix)") }
      }
    }
    let drained = Double(records) * 1e9
    let ours = drained / Double(fastest.ours)
    let bare = drained / Double(fastest.raw)
    return Figure(
      name: "log-drain", unit: "records/s",
      subject:
        "\(records) records from the journal to HQ's store, chain verified, batches of \(batch), \(window) ahead",
      ours: [("drained", ours)], baseline: "libmosquitto and SQLite alone, nothing parsed or hashed",
      raw: [("drained", bare)],
      goal: .init(value: bare / ours, limit: 1 / 0.7, name: "time over the raw one, 0.7 of its rate"))
  }

  private static func fill(_ folder: String, _ records: Int) throws {
    let journal = try Journal.open(directory: folder, gateway: "gw-1", capacity: records + 10)
    for start in stride(from: 0, to: records, by: batch) {
      let written = try journal.append((start..<min(start + batch, records)).map(JournalAppend.draft))
      try RawDrain.fill(folder, written.map(\.bytes), from: Int64(start) + 1)
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
