import Broker
import Messages
import Platform
import Synchronization
import TestSupport
import Testing

@testable import Uplink

/// A gateway with nothing to send that does not hear HQ any more begins the connection anew.
@Suite struct SilenceTests {
  private static let second: UInt64 = 1_000_000_000

  @Test func eachTimeInVainIsGivenTwiceTheTime() {
    var silence = Silence(milliseconds: 300_000)
    var now = 7 * Self.second
    silence.begin(now: now)
    var waits: [UInt64] = []
    for _ in 0..<6 {
      let since = now
      while !silence.isOver(now: now) { now += Self.second }
      waits.append((now - since) / Self.second)
      silence.begin(now: now)
    }
    #expect(waits == [301, 601, 1_201, 2_401, 3_601, 3_601])
    silence.hear(now: now)
    let (before, after) = (
      silence.isOver(now: now + 300 * Self.second), silence.isOver(now: now + 301 * Self.second)
    )
    #expect(!before && after)
  }

  @Test func aQuietLineIsBegunAnewAndOneThatIsAskedIsNot() throws {
    let place = try TemporaryDirectory(prefix: "silence")
    let broker = try BrokerProcess(in: place.path, extra: "")
    let controller = try FakeController(directory: place.path)
    defer { controller.stop() }
    let settings = UplinkSettings(
      site: "riverside", gateway: "gw-1",
      broker: try BrokerSettings(broker: "mqtt://127.0.0.1:\(broker.port)", client: "gw-1", insecure: true),
      database: "\(place.path)/gatehouse.db", control: ControlClient(path: controller.path), publicKey: nil,
      batch: 10, window: 4)
    let stopped = Mutex(false)
    let notes = Mutex<[String]>([])
    let thread = try PlatformThread.start(name: "uplink") {
      var service = UplinkService(
        settings, silence: 1_000, note: { text in notes.withLock { $0.append(text) } },
        isStopped: { stopped.withLock { $0 } })
      service.run()
    }
    defer {
      stopped.withLock { $0 = true }
      thread.join()
    }
    func connections() -> Int { notes.withLock { $0.count { $0.hasPrefix("connected to") } } }
    // Before that the broker may not listen yet.
    eventually("the gateway is connected") { connections() == 1 }
    let hq = try BrokerSession(
      try BrokerSettings(broker: "mqtt://127.0.0.1:\(broker.port)", client: "hq", insecure: true))
    eventually("HQ is connected") { (try? hq.step(milliseconds: 20).contains(.connected)) == true }
    let asked = MonotonicClock.now()
    while MonotonicClock.now() < asked + 4 * Self.second {
      try hq.publish(
        UplinkTopics(site: "riverside", gateway: "gw-1").name(.pull),
        Array("{\"id\":\"q\",\"after\":0,\"limit\":0}".utf8))
      _ = try hq.step(milliseconds: 50)
    }
    #expect(connections() == 1, "\(notes.withLock { $0 })")
    eventually("nothing is heard") { connections() >= 2 }
    #expect(notes.withLock { $0 }.contains { $0.contains("headquarters says nothing") })
  }
}
