import HQ
import Journal
import Messages
import Platform
import Testing

/// What HQ makes of where a gateway says that its log ends.
@Suite struct BirthTests {
  private let listener = Listener()
  private let estate: Estate

  init() throws {
    estate = try Estate()
    try estate.write(100)
  }

  private func say(
    _ collector: inout Collector, boot: Int64, last: Int64, asked: String? = nil
  ) throws -> [Collector.Outgoing] {
    let birth = UplinkBirth(
      boot: boot, first: 1, last: last, acknowledged: 0, list: 0, challenge: "c", asked: asked)
    return try collector.take(
      topic: Estate.topics.name(.birth), payload: birth.encoded(), retained: false, now: 2, tick: 0)
  }

  private func isAsked(_ outgoing: [Collector.Outgoing]) throws -> Bool {
    try outgoing.contains { message in
      try message.topic == Estate.topics.name(.pull) && UplinkPull.parse(message.payload).limit == 0
    }
  }

  /// Another collector stored what the gateway wrote behind its birth, before this one heard the birth.
  @Test func aBirthThatWasOvertakenIsAskedForAgain() throws {
    var collector = listener.collector(estate.store)
    try estate.take(try estate.batch(after: 0, limit: 59))
    #expect(try isAsked(try say(&collector, boot: 1, last: 57)))
    // While it was asked the gateway wrote on, and the other collector stored that too.
    try estate.take(try estate.batch(after: 59, limit: 20))
    #expect(try !isAsked(try say(&collector, boot: 1, last: 61)))
    #expect(listener.story.isEmpty)
    #expect(try estate.gateway().lag == 0)
    // Each doubt stands for itself.
    #expect(try isAsked(try say(&collector, boot: 1, last: 78)))
    #expect(listener.story.isEmpty)
  }

  @Test func aLogThatIsCutIsToldWhenItWasAskedFor() throws {
    var collector = listener.collector(estate.store)
    try estate.take(try estate.batch(after: 0, limit: 59))
    #expect(try isAsked(try say(&collector, boot: 1, last: 57)))
    #expect(try !isAsked(try say(&collector, boot: 1, last: 58)))
    #expect(listener.story == ["log-cut"])
    #expect(listener.alarms.allSatisfy { $0.text.contains("58") && $0.text.contains("59") })
  }

  /// Several births may be on their way at once; only the one that answers the question proves something.
  @Test func aBirthThatAnswersSomebodyElseProvesNothing() throws {
    var collector = listener.collector(estate.store)
    try estate.take(try estate.batch(after: 0, limit: 59))
    let asked = try say(&collector, boot: 1, last: 57, asked: "pull-1")
    let pull = try UplinkPull.parse(try #require(asked.last).payload)
    #expect(pull.limit == 0)
    #expect(try !isAsked(try say(&collector, boot: 1, last: 57, asked: "pull-2")))
    #expect(listener.story.isEmpty)
    #expect(try !isAsked(try say(&collector, boot: 1, last: 58, asked: pull.id)))
    #expect(listener.story == ["log-cut"])
    var other = Collector(store: estate.store, share: EstateShare(own: "other"), note: { _ in })
    let another = try say(&other, boot: 1, last: 20, asked: "pull-1")
    #expect(try UplinkPull.parse(try #require(another.last).payload).id != pull.id)
  }

  /// The restore cut only what HQ had not stored yet.
  @Test func aRestoreAboveWhatHQHasIsTold() throws {
    var collector = listener.collector(estate.store)
    try estate.take(try estate.batch(after: 0, limit: 17))
    #expect(try !isAsked(try say(&collector, boot: 3, last: 75)))
    #expect(try estate.gateway().lag == 58)
    #expect(try isAsked(try say(&collector, boot: 4, last: 20)))
    #expect(try estate.gateway().lag == 58)
    #expect(try !isAsked(try say(&collector, boot: 4, last: 20)))
    #expect(listener.story == ["gateway-restored"])
    #expect(listener.alarms.allSatisfy { $0.text.contains("20") && $0.text.contains("75") })
    _ = try collector.look(now: 3, tick: 1)
    #expect(try estate.gateway().lag == 3)
    // From here on that is its log.
    #expect(try !isAsked(try say(&collector, boot: 5, last: 21)))
    #expect(listener.story == ["gateway-restored"])
  }

  /// Another HQ process knows what the gateway said to the first.
  @Test func whatItSaidIsRemembered() throws {
    var first = listener.collector(estate.store)
    _ = try say(&first, boot: 3, last: 75)
    var second = listener.collector(estate.store)
    for _ in 0..<2 { _ = try say(&second, boot: 4, last: 20) }
    #expect(listener.story == ["gateway-restored"])
  }

  @Test func aBirthBehindLiveRecordsIsNoRestore() throws {
    var collector = listener.collector(estate.store)
    try estate.take(try estate.batch(after: 0, limit: 17))
    _ = try say(&collector, boot: 3, last: 75)
    let live = try estate.reader.records(after: 79, limit: 1)[0].bytes
    _ = try collector.take(
      topic: Estate.topics.name(.live), payload: live, retained: false, now: 3, tick: 0)
    #expect(try !isAsked(try say(&collector, boot: 3, last: 78)))
    // A seq that nobody has goes with the next birth.
    let bogus = #"{"v":1,"gateway":"gw-1","seq":900,"type":"system"}"#
    _ = try collector.take(
      topic: Estate.topics.name(.live), payload: Array(bogus.utf8), retained: false, now: 3, tick: 0)
    _ = try collector.look(now: 3, tick: 1)
    #expect(try estate.gateway().lag == 883)
    _ = try collector.take(
      topic: Estate.topics.name(.live), payload: Array(bogus.utf8), retained: false, now: 3, tick: 2)
    _ = try say(&collector, boot: 3, last: 80)
    _ = try collector.look(now: 3, tick: 3)
    #expect(try estate.gateway().lag == 63)
    #expect(listener.story.isEmpty)
  }
}
