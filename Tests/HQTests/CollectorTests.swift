import HQ
import Journal
import Messages
import Platform
import Testing

@Suite struct CollectorTests {
  private func collector(_ estate: Estate) -> Collector { Collector(store: estate.store) { _ in } }

  private func say(
    _ collector: inout Collector, _ topic: UplinkTopics.Topic, _ payload: [UInt8], tick: UInt64 = 0,
    retained: Bool = false
  ) throws -> [Collector.Outgoing] {
    try collector.take(
      topic: Estate.topics.name(topic), payload: payload, retained: retained, now: 1, tick: tick)
  }

  @Test func onlyWhatIsDurableIsAcknowledged() throws {
    let estate = try Estate()
    try estate.write(10)
    var collector = collector(estate)
    let batch = try estate.batch(after: 0, limit: 10)
    let answers = try say(&collector, .log, batch.encoded())
    // A gateway that was not heard when it connected is asked who it is.
    let hello = try UplinkPull.parse(try #require(answers.last).payload)
    #expect(hello.limit == 0)
    let hash = try #require(try estate.reader.hash(of: 10))
    #expect(
      answers.dropLast() == [
        .init(
          topic: "gatehouse/1/riverside/gw-1/down/ack",
          payload: UplinkAcknowledgement(through: 10, hash: hash).encoded())
      ])
    #expect(try HQStore(path: "\(estate.place.path)/hq.db", mode: .readOnly).gateways()[0].through.seq == 10)
  }

  @Test func missingOnesArePulledOnceInAWhile() throws {
    let estate = try Estate()
    try estate.write(30)
    var collector = collector(estate)
    let batch = try estate.batch(after: 10, limit: 10).encoded()
    let pull = try #require(try say(&collector, .log, batch).first)
    #expect(pull.topic == "gatehouse/1/riverside/gw-1/down/pull")
    #expect(try UplinkPull.parse(pull.payload).after == 0)
    #expect(try say(&collector, .log, batch, tick: 100).isEmpty)
    #expect(try say(&collector, .log, batch, tick: HQLimits.pullMilliseconds).count == 1)
  }

  @Test func aStoreThatWasLostAsksForWhatItOnceHad() throws {
    let estate = try Estate()
    try estate.write(10)
    var collector = collector(estate)
    let birth = UplinkBirth(boot: 1, first: 1, last: 10, acknowledged: 10, list: 3, challenge: "c")
    let answers = try say(&collector, .birth, birth.encoded())
    #expect(answers.map(\.topic) == ["gatehouse/1/riverside/gw-1/down/pull"])
    #expect(try estate.gateway().challenge == "c")
    #expect(try estate.gateway().isConnected)
    _ = try say(&collector, .death, [])
    #expect(try estate.gateway().isConnected == false)
    #expect(try collector.greeting(tick: 0).count == 3)
  }

  /// The will of a connection that a broker ends late, or that somebody else ends.
  @Test func onlyTheEndOfTheLastConnectionIsBelieved() throws {
    let estate = try Estate()
    var collector = collector(estate)
    func birth(_ connection: String?) -> [UInt8] {
      UplinkBirth(
        boot: 1, first: 1, last: 10, acknowledged: 10, list: 3, challenge: "c", connection: connection
      ).encoded()
    }
    for connection in ["k1", "k2"] { _ = try say(&collector, .birth, birth(connection)) }
    for old in [UplinkDeath(boot: 1, connection: "k1"), UplinkDeath(boot: 1, connection: nil)] {
      _ = try say(&collector, .death, old.encoded())
      #expect(try estate.gateway().isConnected)
    }
    _ = try say(&collector, .death, UplinkDeath(boot: 1, connection: "k2").encoded())
    #expect(try estate.gateway().isConnected == false)
    // An older gateway names none.
    _ = try say(&collector, .birth, birth(nil))
    #expect(try estate.gateway().isConnected)
    _ = try say(&collector, .death, UplinkDeath(boot: 1, connection: nil).encoded())
    #expect(try estate.gateway().isConnected == false)
  }

  @Test func whatIsNoGoodIsRefused() throws {
    let estate = try Estate()
    try estate.write(10)
    var collector = collector(estate)
    var foreign = try estate.batch(after: 0, limit: 10)
    foreign.gateway = "gw-2"
    #expect(try say(&collector, .log, foreign.encoded()).isEmpty)
    #expect(
      try say(&collector, .log, try estate.batch(after: 0, limit: 10).encoded(), retained: true).isEmpty)
    #expect(try say(&collector, .log, Array("{}".utf8)).isEmpty)
    #expect(try say(&collector, .pull, Array("{}".utf8)).isEmpty)
    #expect(try collector.take(topic: "elsewhere", payload: [], retained: false, now: 0, tick: 0).isEmpty)
    #expect(try estate.store.gateways().allSatisfy { $0.through.seq == 0 })
  }

  @Test func recordsOfANewerGatewayAreKeptAsTheyAre() throws {
    let estate = try Estate()
    var collector = collector(estate)
    let line = Array(
      #"{"v":1,"gateway":"gw-1","seq":1,"at":"2031-01-01T00:00:00.000Z","type":"hologram","point":"lane1","x":{"y":[1]}}"#
        .utf8)
    let batch = UplinkLogBatch(gateway: "gw-1", first: 1, previous: Digest.zero, records: [line])
    _ = try say(&collector, .log, batch.encoded())
    _ = try say(&collector, .live, line)
    let gateway = try estate.gateway()
    #expect(try estate.store.records(of: gateway, after: 0, limit: 9).map(\.bytes) == [line])
    #expect(try estate.store.verify(gateway) == .intact(records: 1))
    #expect(try estate.store.alarms(open: true).isEmpty)
    _ = try say(
      &collector, .live, Array(String(decoding: line, as: UTF8.self).replacing("gw-1", with: "gw-9").utf8))
    #expect(try estate.store.alarms(open: true).map(\.kind) == [.badMessage])
  }
}
