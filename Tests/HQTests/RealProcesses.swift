import Broker
import Glibc
import Journal
import Messages
import Platform
import Synchronization
import TestSupport
import Testing
import Uplink

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
