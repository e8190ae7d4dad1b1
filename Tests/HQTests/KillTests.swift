import Broker
import HQ
import Journal
import Messages
import Platform
import TestSupport
import Testing

/// The real `gatehouse-hq`, ended without a warning at any moment.
@Suite(.serialized) struct KillTests {
  private func through(_ store: String, _ name: String) -> Int64 {
    guard let store = try? HQStore(path: store, mode: .readOnly) else { return 0 }
    return (try? store.gateway(site: "riverside", name: name))?.through.seq ?? 0
  }

  /// Those at work; none while the store is being made.
  private func atWork(_ path: String) -> Int {
    guard let store = try? HQStore(path: path, mode: .readOnly), let all = try? store.collectors() else {
      return 0
    }
    return all.count { $0.isAlive(at: WallClock.milliseconds()) }
  }

  private func expectWhole(_ gateways: [SendingGateway], at path: String, _ count: Int64) throws {
    let store = try HQStore(path: path, mode: .readOnly)
    for gateway in gateways {
      let known = try #require(try store.gateway(site: "riverside", name: gateway.name))
      #expect(try store.verify(known) == .intact(records: count), "\(gateway.name)")
      #expect(
        try store.records(of: known, after: 0, limit: 100_000)
          == gateway.reader.records(after: 0, limit: 100_000), "\(gateway.name)")
    }
    #expect(try store.alarms(open: false).isEmpty)
  }

  /// The gateway never hears the acknowledgement of what was stored: HQ dies before it has said it, as far as anybody
  /// can tell. What comes again is acknowledged and stored once.
  @Test func killedBetweenStoringAndAcknowledging() throws {
    let estate = try Estate()
    try estate.write(30)
    let broker = try BrokerProcess(in: estate.place.path)
    let store = "\(estate.place.path)/real.db"
    let settings = try BrokerSettings(broker: broker.url, client: "gw-1", insecure: true)
    let batch = try estate.batch(after: 0, limit: 30)
    var serving = try ServingHQ(broker, store: store)
    eventually("HQ is at work") { atWork(store) == 1 }
    for round in 0..<3 {
      let session = try BrokerSession(settings)
      var isConnected = false
      try eventually("connected") {
        isConnected = try session.step(milliseconds: 10).contains(.connected) || isConnected
        return isConnected
      }
      if round == 2 { try session.subscribe(Estate.topics.name(.acknowledge)) }
      try session.publish(Estate.topics.name(.log), batch.encoded())
      var acknowledged: UplinkAcknowledgement?
      try eventually("stored, round \(round)") {
        for case .message(let message) in try session.step(milliseconds: 1) {
          acknowledged = try UplinkAcknowledgement.parse(message.payload)
        }
        return round == 2 ? acknowledged != nil : through(store, "gw-1") == 30
      }
      let hash = try #require(try estate.reader.hash(of: 30))
      if round == 2 { #expect(acknowledged == UplinkAcknowledgement(through: 30, hash: hash)) }
      try serving.kill()
      serving = try ServingHQ(broker, store: store)
      eventually("HQ is at work again") { atWork(store) == 1 }
    }
    let read = try HQStore(path: store, mode: .readOnly)
    let gateway = try #require(try read.gateway(site: "riverside", name: "gw-1"))
    #expect(try read.verify(gateway) == .intact(records: 30))
    try serving.end()
  }

  @Test func killedAgainAndAgainItEndsWithEveryRecordOnce() throws {
    let place = try TemporaryDirectory(prefix: "hq")
    let broker = try BrokerProcess(in: place.path)
    let store = "\(place.path)/hq.db"
    var serving = try ServingHQ(broker, store: store)
    eventually("HQ is at work") { atWork(store) == 1 }
    let gateways = try (1...2).map {
      try SendingGateway("gw-\($0)", in: place.path, broker: broker, batch: 5)
    }
    defer { for gateway in gateways { gateway.stop() } }
    for gateway in gateways { try gateway.write(1_000) }
    eventually("both are known") { gateways.allSatisfy { through(store, $0.name) > 0 } }
    var dice = SplitMix64(seed: 4)
    for _ in 0..<8 {
      MonotonicClock.sleep(milliseconds: UInt64.random(in: 20...400, using: &dice))
      try serving.kill()
      serving = try ServingHQ(broker, store: store)
    }
    eventually("all is at HQ") { gateways.allSatisfy { through(store, $0.name) == 1_000 } }
    try expectWhole(gateways, at: store, 1_000)
    try serving.end()
  }

  @Test func threeShareAnEstateAndTwoTakeOverFromTheThird() throws {
    let place = try TemporaryDirectory(prefix: "hq")
    let broker = try BrokerProcess(in: place.path)
    let store = "\(place.path)/hq.db"
    let gateways = try (1...6).map {
      try SendingGateway("gw-\($0)", in: place.path, broker: broker, batch: 20)
    }
    defer { for gateway in gateways { gateway.stop() } }
    let serving = try (0..<3).map { _ in try ServingHQ(broker, store: store) }
    eventually("three are at work") { atWork(store) == 3 }
    for gateway in gateways { try gateway.write(400) }
    eventually("some is at HQ") { gateways.contains { through(store, $0.name) >= 100 } }
    try serving[1].kill()
    for gateway in gateways { try gateway.write(200) }
    eventually("all is at HQ") { gateways.allSatisfy { through(store, $0.name) == 600 } }
    eventually("the third is missed") { atWork(store) == 2 }
    try expectWhole(gateways, at: store, 600)
    try serving[0].end()
    #expect(try HQStore(path: store, mode: .readOnly).collectors().count == 2)
    try serving[2].end()
  }

  @Test func fixedSharesWithStoresOfTheirOwnHaveEachGatewayOnce() throws {
    let place = try TemporaryDirectory(prefix: "hq")
    let broker = try BrokerProcess(in: place.path)
    let stores = ["\(place.path)/a.db", "\(place.path)/b.db"]
    let serving = try stores.enumerated().map { number, store in
      try ServingHQ(broker, store: store, ["--part", "\(number + 1)/2"])
    }
    eventually("both are at work") { stores.allSatisfy { atWork($0) == 1 } }
    let gateways = try (1...6).map {
      try SendingGateway("gw-\($0)", in: place.path, broker: broker, batch: 20)
    }
    defer { for gateway in gateways { gateway.stop() } }
    for gateway in gateways { try gateway.write(100) }
    eventually("all is at one of them") {
      gateways.allSatisfy { gateway in stores.contains { through($0, gateway.name) == 100 } }
    }
    let known = try stores.map { try HQStore(path: $0, mode: .readOnly).gateways().map(\.name) }
    #expect((known[0] + known[1]).sorted() == gateways.map(\.name).sorted())
    for process in serving { try process.end() }
  }

  @Test func anAlarmIsALineOnStandardOutput() throws {
    let place = try TemporaryDirectory(prefix: "hq")
    let broker = try BrokerProcess(in: place.path)
    let store = "\(place.path)/hq.db"
    let said = "\(place.path)/said"
    let serving = try ServingHQ(broker, store: store, output: said, ["--silent-after", "1"])
    let gateway = try SendingGateway("gw-1", in: place.path, broker: broker, batch: 20)
    try gateway.write(3)
    eventually("all is at HQ") { through(store, "gw-1") == 3 }
    gateway.stop()
    func text() -> String { String(decoding: (try? Files.read(said)) ?? [], as: UTF8.self) }
    eventually("it is missed") { text().contains("ALARM riverside/gw-1 silent: nothing heard since ") }
    #expect(HQProgram.run(["status", "--store", store]) == 1)
    #expect(HQProgram.run(["alarms", "gw-1", "--store", store]) == 1)
    #expect(HQProgram.run(["alarms", "end", "gw-1", "chain-broken", "--store", store]) == 1)
    #expect(HQProgram.run(["alarms", "end", "gw-1", "nonsense", "--store", store]) == 2)
    #expect(HQProgram.run(["alarms", "end", "gw-1", "--store", store]) == 0)
    #expect(HQProgram.run(["status", "--store", store]) == 0)
    try serving.end()
  }
}
