import HQ
import Journal
import Messages
import Platform
import Testing

@Suite struct ShareTests {
  static let estate = (0..<1_000).map { UplinkTopics(site: "site-\($0 % 7)", gateway: "gw-\($0)") }

  @Test(arguments: ["", "1", "0/3", "4/3", "1/0", "a/b", "1/2/3", "-1/3", "1/1001"])
  func noShareIsMadeOfNonsense(text: String) {
    #expect(EstateShare.Part(text) == nil)
  }

  @Test(arguments: [1, 2, 3, 7])
  func fixedSharesHaveEachGatewayOnce(parts: Int) {
    let shares = (1...parts).map { EstateShare(own: "hq", part: EstateShare.Part("\($0)/\(parts)")) }
    for topics in Self.estate { #expect(shares.count { $0.owns(topics) } == 1) }
    for share in shares {
      #expect(Self.estate.count { share.owns($0) } > 1_000 / parts / 2)
    }
  }

  @Test func whoGoesLeavesOnlyItsOwnGatewaysToOthers() {
    let names = ["a", "b", "c"]
    let all = names.map { EstateShare(own: $0, members: names) }
    let left = ["a", "b"].map { EstateShare(own: $0, members: ["a", "b"]) }
    for topics in Self.estate {
      #expect(all.count { $0.owns(topics) } == 1)
      #expect(left.count { $0.owns(topics) } == 1)
      if !all[2].owns(topics) { #expect(all[0].owns(topics) == left[0].owns(topics)) }
    }
    for share in all { #expect((200...500).contains(Self.estate.count { share.owns($0) })) }
  }

  @Test func whatIsAnothersIsLeftAlone() throws {
    let estate = try Estate()
    try estate.write(5)
    let batch = try estate.batch(after: 0, limit: 5).encoded()
    let share = ["x", "y"].map { EstateShare(own: $0, members: ["x", "y"]) }.first {
      !$0.owns(Estate.topics)
    }
    var collector = Collector(store: estate.store, share: try #require(share), note: { _ in })
    let topic = Estate.topics.name(.log)
    #expect(try collector.take(topic: topic, payload: batch, retained: false, now: 1, tick: 0).isEmpty)
    #expect(try estate.store.gateways().isEmpty)
    try estate.take(try estate.batch(after: 0, limit: 2))
    #expect(try collector.greeting(tick: 0).isEmpty)
    // The other one has gone: the gateway is greeted, and its records are taken.
    let greeting = try collector.share(among: [collector.share.own], tick: 0)
    #expect(greeting.count == 3)
    #expect(try !collector.take(topic: topic, payload: batch, retained: false, now: 1, tick: 0).isEmpty)
    #expect(try estate.gateway().through.seq == 5)
  }

  @Test func twoThatBothTakeAGatewayForTheirOwnStoreItOnce() throws {
    let estate = try Estate()
    try estate.write(50)
    let second = try HQStore(path: "\(estate.place.path)/hq.db")
    for start in stride(from: Int64(0), to: 50, by: 5) {
      let batch = try estate.batch(after: start, limit: 10)
      for store in [estate.store, second] { _ = try store.take(batch, site: "riverside", at: 1) }
    }
    #expect(try second.verify(try estate.gateway()) == .intact(records: 50))
    #expect(try estate.store.records(of: try estate.gateway(), after: 0, limit: 100).count == 50)
  }
}
