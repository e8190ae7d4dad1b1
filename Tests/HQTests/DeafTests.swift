import Broker
import HQ
import Journal
import Messages
import Platform
import Synchronization
import TestSupport
import Testing

/// A connection that stands and brings nothing any more: a real broker, with a line before HQ that swallows.
@Suite(.serialized) struct DeafTests {
  /// HQ's service in this process, behind a faulty line; the gateway's way to the broker is whole.
  private final class DeafHQ {
    private let broker: BrokerProcess
    let line: FaultyLine
    let gateway: SendingGateway
    private let said = Said()
    private let store: String
    private let thread: PlatformThread

    final class Said: Sendable {
      let notes = Mutex<[String]>([])
      let isStopped = Atomic<Bool>(false)
    }

    var notes: [String] { said.notes.withLock { $0 } }
    var connections: Int { notes.count { $0.hasPrefix("connected") } }

    init(
      in place: TemporaryDirectory, _ times: HearingTimes, rules: String? = nil, faults: [String] = []
    ) throws {
      var extra = ""
      if let rules {
        try Files.write(Array(rules.utf8), to: "\(place.path)/acl")
        extra = "acl_file \(place.path)/acl"
      }
      broker = try BrokerProcess(in: place.path, extra: extra)
      line = try FaultyLine(to: broker.port, faults)
      store = "\(place.path)/hq.db"
      let settings = try BrokerSettings(broker: line.url, client: "hq", insecure: true)
      thread = try PlatformThread.start(name: "hq") { [said, store] in
        do {
          var service = HQService(
            broker: settings, store: try HQStore(path: store), hearing: times,
            note: { text in said.notes.withLock { $0.append(text) } },
            isStopped: { said.isStopped.load(ordering: .relaxed) })
          service.run()
        } catch {
          Issue.record("\(error)")
        }
      }
      // Who sends before HQ listens is not heard, and tries again after ten seconds only.
      eventually("HQ is connected") { [said] in
        said.notes.withLock { $0.contains { $0.hasPrefix("connected") } }
      }
      gateway = try SendingGateway("gw-1", in: place.path, broker: broker, batch: 50)
    }

    func through() -> Int64 {
      guard let store = try? HQStore(path: store, mode: .readOnly) else { return 0 }
      return (try? store.gateways().first?.through.seq) ?? 0
    }

    func stop() {
      gateway.stop()
      said.isStopped.store(true, ordering: .relaxed)
      thread.join()
    }
  }

  private static func times(echo: UInt64 = 200, patience: UInt64 = 600_000) -> HearingTimes {
    var times = HearingTimes()
    times.echo = echo
    times.patience = patience
    return times
  }

  /// What stands in mosquitto's rules before any user is for everybody.
  private static let rulesWithoutEcho = """
    topic read gatehouse/1/+/+/up/+
    topic write gatehouse/1/+/+/down/+
    topic write gatehouse/1/riverside/gw-1/up/+
    topic read gatehouse/1/riverside/gw-1/down/+

    """

  @Test func hearsAgainOnAConnectionBegunAnew() throws {
    let place = try TemporaryDirectory(prefix: "deaf")
    let hq = try DeafHQ(in: place, Self.times())
    defer { hq.stop() }
    try hq.gateway.write(100)
    eventually("the first records are at HQ") { hq.through() == 100 }
    MonotonicClock.sleep(milliseconds: 1_500)
    #expect(hq.connections == 1, "a quiet line is no deaf one")
    hq.line.deafen()
    try hq.gateway.write(100)
    eventually("HQ hears again") { hq.through() == 200 }
    #expect(hq.connections == 2)
    #expect(hq.notes.count { $0.contains("lost the subscription") } == 1, "\(hq.notes)")
  }

  /// The broker's rules do not let HQ speak to itself: nothing is doubted for that, and those that do not answer tell it.
  @Test func hearsAgainWhereTheBrokerDoesNotLetItSpeakToItself() throws {
    let place = try TemporaryDirectory(prefix: "deaf")
    let hq = try DeafHQ(in: place, Self.times(echo: 100, patience: 3_000), rules: Self.rulesWithoutEcho)
    defer { hq.stop() }
    try hq.gateway.write(100)
    eventually("the first records are at HQ") { hq.through() == 100 }
    eventually("HQ says that it cannot speak to itself") { hq.notes.contains { $0.contains("/up/echo") } }
    #expect(hq.connections == 1)
    hq.line.deafen()
    try hq.gateway.write(100)
    eventually("HQ hears again") { hq.through() == 200 }
    #expect(hq.connections == 2)
    #expect(hq.notes.count { $0.contains("no gateway has said anything") } == 1, "\(hq.notes)")
    #expect(hq.notes.count { $0.contains("/up/echo") } == 1, "\(hq.notes)")
  }

  @Test func staysWhereTheBrokerHangsUpOnIt() throws {
    let place = try TemporaryDirectory(prefix: "deaf")
    let hq = try DeafHQ(in: place, Self.times(), faults: ["--hang-up", "/up/echo"])
    defer { hq.stop() }
    try hq.gateway.write(100)
    eventually("HQ says that the broker hangs up") { hq.notes.contains { $0.contains("hangs up") } }
    eventually("the records are at HQ") { hq.through() == 100 }
    eventually("HQ is connected once more") { hq.connections == 4 }
    MonotonicClock.sleep(milliseconds: 1_500)
    #expect(hq.connections == 4, "\(hq.notes)")
  }

  @Test func aRefusedSubscriptionIsToldAndTriedAgain() throws {
    let place = try TemporaryDirectory(prefix: "deaf")
    let hq = try DeafHQ(in: place, Self.times(), faults: ["--refuse", "3"])
    defer { hq.stop() }
    try hq.gateway.write(100)
    eventually("the records are at HQ") { hq.through() == 100 }
    let refused = hq.notes.filter { $0.contains("refused the subscription to \(UplinkTopics.upFilter)") }
    try #require(refused.count == 3, "\(hq.notes)")
    // A connection alone is no success: no wait is shorter than the one before.
    let waits = refused.map { UInt64($0.split(separator: " ").dropLast().last ?? "") ?? 0 }
    #expect(waits[0] > 0 && waits == waits.sorted() && waits[2] > waits[0], "\(waits)")
    #expect(hq.connections == 1)
  }
}
