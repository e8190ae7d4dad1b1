import Broker
import Glibc
import HQ
import Journal
import Messages
import Platform
import Synchronization
import TestSupport
import Testing

@testable import Uplink

/// Days of outage on the way to HQ, and something that nobody may wait for.
@Suite struct BacklogTests {
  /// What HQ told, and how far it had the log when it did.
  private final class Told: Sendable {
    let alarms = Mutex<[(kind: Alarm.Kind, at: UInt64)]>([])
    let flag = Atomic<Bool>(false)
    var isStopped: Bool { flag.load(ordering: .relaxed) }
  }

  private func fill(_ journal: Journal, _ count: Int) throws {
    for start in stride(from: 0, to: count, by: 4_000) {
      _ = try journal.append((start..<min(start + 4_000, count)).map(draft))
    }
  }

  private var fire: LogRecord {
    LogRecord(
      at: Timestamp(milliseconds: 1), clock: .synced, monotonic: 1, type: .emergency,
      detail: ["event": "emergency-started", "plan": "fire", "input": "fire.panel"])
  }

  /// `GATEHOUSE_SOAK=1`: 1,000,000 records.
  @Test func anEmergencyGoesAheadOfALongBacklog() throws {
    let backlog = unsafe getenv("GATEHOUSE_SOAK") == nil ? 200_000 : 1_000_000
    let place = try TemporaryDirectory(prefix: "backlog")
    let broker = try BrokerProcess(in: place.path)
    let journal = try Journal.open(directory: place.path, gateway: "gw-1", capacity: backlog + 100)
    try fill(journal, backlog)
    func reach(_ client: String) throws -> BrokerSettings {
      try BrokerSettings(broker: "mqtt://127.0.0.1:\(broker.port)", client: client, insecure: true)
    }
    let settings = UplinkSettings(
      site: "riverside", gateway: "gw-1", broker: try reach("gw-1"), database: "\(place.path)/gatehouse.db",
      control: ControlClient(path: "\(place.path)/none.sock"), publicKey: nil, batch: 500, window: 4)
    let told = Told()
    let path = "\(place.path)/hq.db"
    let hub = try reach("hq")
    _ = try HQStore(path: path)
    let collector = try PlatformThread.start(name: "hq") {
      guard let store = try? HQStore(path: path) else { return }
      var service = HQService(
        broker: hub, store: store, note: { _ in },
        tell: { alarm in told.alarms.withLock { $0.append((alarm.kind, MonotonicClock.now())) } },
        isStopped: { told.isStopped })
      service.run()
    }
    let sender = try PlatformThread.start(name: "uplink") {
      var service = UplinkService(settings, note: { _ in }, isStopped: { told.isStopped })
      service.run()
    }
    defer {
      told.flag.store(true, ordering: .relaxed)
      collector.join()
      sender.join()
    }
    let watcher = try HQStore(path: path, mode: .readOnly)
    func through() throws -> Int64 { try watcher.gateways().first?.through.seq ?? 0 }
    try eventually("the backlog flows") { try through() > 1_000 }
    let began = MonotonicClock.now()
    _ = try journal.append([fire])
    eventually("HQ tells of the fire") { told.alarms.withLock { !$0.isEmpty } }
    let come = try through()
    let took = (told.alarms.withLock { $0.first?.at } ?? began) - began
    print("backlog: an emergency was told after \(took / 1_000_000) ms, with seq \(come) of \(backlog) at HQ")
    #expect(come < Int64(backlog), "it was told only behind the backlog")
    try eventually(seconds: 300, "all is at HQ") { try through() == Int64(backlog) + 1 }
    let gateway = try #require(try watcher.gateways().first)
    #expect(try watcher.verify(gateway) == .intact(records: Int64(backlog) + 1))
    #expect(told.alarms.withLock { $0.map(\.kind) } == [.emergency], "once, although the log tells it too")
  }
}
