import Broker
import Messages
import Testing

@testable import HQ

/// What a collector makes of what it hears, on a clock of the test's own: a second a step.
@Suite struct HearingTests {
  private static let times = HearingTimes()
  private static let ask = BrokerSession.Message(
    topic: UplinkTopics(site: "s", gateway: "g").name(.log), payload: [], retained: false)
  private let own = UplinkTopics.echo(of: "hq")

  /// A broker in which some of what is published gets lost, and what HQ did about it.
  private struct Played {
    var hearing = Hearing(collector: "hq", times: HearingTimes())
    var tick: UInt64 = 1_000
    var echoes = 0
    var notes: [String] = []
    /// Seconds after the connection at which it was begun anew.
    var deafAfter: [UInt64] = []

    /// One connection, until it is given up or the time is over.
    ///
    /// - Parameters:
    ///   - bringsEcho: the broker brings back what HQ says to itself.
    ///   - hears: what a gateway says in this second of the connection.
    mutating func connect(
      seconds: UInt64, expects: Bool = true, bringsEcho: Bool,
      hears: (UInt64) -> BrokerSession.Message? = { _ in nil }
    ) {
      hearing.begin(quality: 1, tick: tick)
      var coming: [BrokerSession.Message] = []
      for second in 0..<seconds {
        for message in coming { _ = hearing.hear(message, tick: tick) }
        coming = hears(second).map { [$0] } ?? []
        switch hearing.look(expects: expects, tick: tick) {
        case .echo:
          echoes += 1
          if bringsEcho { coming.append(.init(topic: hearing.topic, payload: [], retained: false)) }
        case .note(let text): notes.append(text)
        case .deaf:
          deafAfter.append(second)
          _ = hearing.end(tick: tick)
          return
        case nil: break
        }
        tick += 1_000
      }
      hearing.end(tick: tick).map { notes.append($0) }
    }
  }

  @Test func whoLosesTheSubscriptionBeginsAnewBeforeAnybodyIsSilent() {
    var played = Played()
    played.connect(seconds: 60, bringsEcho: true)
    #expect(played.deafAfter.isEmpty)
    for _ in 0..<3 { played.connect(seconds: 600, bringsEcho: false) }
    #expect(played.deafAfter == [30, 30, 30])
    #expect(played.hearing.isDeaf)
    #expect(played.notes.isEmpty)
    played.connect(seconds: 5, bringsEcho: true)
    #expect(!played.hearing.isDeaf)
  }

  @Test func aSilentEstateIsLeftMoreAndMoreInPeace() {
    var played = Played()
    for _ in 0..<7 { played.connect(seconds: 10_000, bringsEcho: true) }
    #expect(played.deafAfter == [150, 300, 600, 1_200, 2_400, 3_600, 3_600])
    played.connect(seconds: 10, bringsEcho: true) { $0 == 5 ? Self.ask : nil }
    played.connect(seconds: 10_000, bringsEcho: true)
    #expect(played.deafAfter.last == 150)
    #expect(played.notes.isEmpty)
  }

  @Test func whoHasNoGatewaysAndHearsItselfIsContent() {
    var played = Played()
    played.connect(seconds: 10_000, expects: false, bringsEcho: true)
    #expect(played.deafAfter.isEmpty)
    #expect((900...1_000).contains(played.echoes))
  }

  @Test func whoHasNoGatewaysAndHearsNothingTriesNowAndThen() {
    var played = Played()
    for _ in 0..<3 { played.connect(seconds: 10_000, expects: false, bringsEcho: false) }
    #expect(played.deafAfter == [150, 300, 600])
    #expect(played.notes.count == 1)
  }

  @Test func inABusyEstateNothingIsSaid() {
    var played = Played()
    played.connect(seconds: 1_000, bringsEcho: true) { $0 % 5 == 0 ? Self.ask : nil }
    #expect(played.echoes == 1)
  }

  /// The rule for the topic is missing at the broker: said once, and never a reason to go.
  @Test func anEchoThatNeverCameBackIsNotMissed() {
    var played = Played()
    for _ in 0..<5 { played.connect(seconds: 1_000, bringsEcho: false) { $0 % 60 == 1 ? Self.ask : nil } }
    #expect(played.deafAfter.isEmpty)
    #expect(played.notes.count == 1)
    #expect(played.notes.first?.contains(own) == true)
    // Once it was told only the first of each connection is sent.
    #expect(played.echoes == 3 + 4)
    // Gateways that do not answer tell it all the same; and when the rule is there, it is trusted at once.
    played.connect(seconds: 1_000, bringsEcho: false)
    #expect(played.deafAfter == [150])
    played.connect(seconds: 100, bringsEcho: true)
    played.connect(seconds: 1_000, bringsEcho: false)
    #expect(played.deafAfter == [150, 30])
  }

  /// The rule was there and was taken away: one needless connection, then the same.
  @Test func anEchoThatIsNotLetThroughAnyMoreIsNotMissedForLong() {
    var played = Played()
    played.connect(seconds: 100, bringsEcho: true)
    for _ in 0..<5 { played.connect(seconds: 1_000, bringsEcho: false) { $0 % 60 == 1 ? Self.ask : nil } }
    #expect(played.deafAfter.count <= 1)
    #expect(played.notes.count == 1)
  }

  @Test func aBrokerThatHangsUpOnItIsAskedThreeTimes() {
    var played = Played()
    for _ in 0..<10 { played.connect(seconds: 1, bringsEcho: false) }
    #expect(played.echoes == HQLimits.hangUps)
    #expect(played.notes.count == 1)
    played.connect(seconds: 1_000, bringsEcho: false) { $0 % 60 == 1 ? Self.ask : nil }
    #expect(played.deafAfter.isEmpty)
    #expect(played.echoes == HQLimits.hangUps)
  }

  /// What a cluster brings by another way than the log's proves nothing of that.
  @Test(arguments: [
    (
      BrokerSession.Message(topic: "gatehouse/1/s/g/up/live", payload: [], retained: false, quality: 0), false
    ),
    (BrokerSession.Message(topic: "gatehouse/1/s/g/up/log", payload: [], retained: true), false),
    (BrokerSession.Message(topic: "gatehouse/1/s/g/up/log", payload: [], retained: false), true),
  ])
  func onlyWhatComesTheWayOfTheLogProvesThatItComes(message: BrokerSession.Message, proves: Bool) {
    var played = Played()
    played.connect(seconds: 20, bringsEcho: true)
    played.connect(seconds: 1_000, bringsEcho: false) { _ in message }
    #expect(played.deafAfter.isEmpty == proves)
  }

  @Test func aBrokerThatGrantsLessIsTakenAtItsWord() {
    var hearing = Hearing(collector: "hq", times: Self.times)
    hearing.begin(quality: 0, tick: 0)
    #expect(hearing.look(expects: true, tick: 0) == .echo)
    let echo = BrokerSession.Message(topic: own, payload: [], retained: false, quality: 0)
    let proved = hearing.hear(echo, tick: 1)
    #expect(proved)
  }
}
