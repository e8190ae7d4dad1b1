import HQ
import Journal
import Messages
import Platform
import Synchronization
import Testing

/// A collector whose alarms are kept.
final class Listener: Sendable {
  private let heard = Mutex<[Alarm]>([])

  var alarms: [Alarm] { heard.withLock { $0 } }
  /// What was raised and not ended, in order; and what ended, with a minus before it.
  var story: [String] { alarms.map { ($0.endedAt == nil ? "" : "-") + $0.kind.rawValue } }

  func collector(_ store: HQStore, silence: UInt64 = 300_000) -> Collector {
    Collector(
      store: store, silence: silence, note: { _ in },
      tell: { alarm in self.heard.withLock { $0.append(alarm) } })
  }
}

@Suite struct AlarmTests {
  private func birth(
    boot: Int64 = 1, last: Int64 = 10, acked: Int64 = 0, first: Int64 = 1
  ) -> [UInt8] {
    UplinkBirth(boot: boot, first: first, last: last, acknowledged: acked, list: 0, challenge: "c").encoded()
  }

  /// HQ has 10 records of start 4; then the gateway says this of itself.
  @Test(
    arguments: [
      (4, 10, []), (5, 10, []), (5, 400, []), (3, 10, ["gateway-restored"]), (4, 9, ["log-cut"]),
      (1, 4, ["gateway-restored", "log-cut"]), (5, 0, ["log-cut"]),
    ] as [(Int64, Int64, [String])])
  func aBirthThatGoesBackRaisesAnAlarm(boot: Int64, last: Int64, kinds: [String]) throws {
    let estate = try Estate()
    try estate.write(10)
    let listener = Listener()
    var collector = listener.collector(estate.store)
    let topic = Estate.topics.name(.birth)
    _ = try collector.take(topic: topic, payload: birth(boot: 4), retained: false, now: 1, tick: 0)
    try estate.take(try estate.batch(after: 0, limit: 10))
    for _ in 0..<2 {
      _ = try collector.take(
        topic: topic, payload: birth(boot: boot, last: last), retained: false, now: 2, tick: 0)
    }
    #expect(listener.story == kinds)
    #expect(try estate.store.alarms(open: true).map(\.kind.rawValue).sorted() == kinds)
    #expect(try estate.store.alarms(open: true).allSatisfy { $0.gateway == "gw-1" && !$0.text.isEmpty })
  }

  @Test func aRestoredGatewayThatWritesOnIsFoundByItsHashes() throws {
    let estate = try Estate()
    try estate.write(20)
    try estate.take(try estate.batch(after: 0, limit: 20))
    // Another log with the same name: what a gateway writes after an old image was put back.
    let other = try Estate()
    try other.write(25, .system)
    #expect(try estate.refusal(of: try other.batch(after: 15, limit: 10)) == .logChanged)
    #expect(try estate.refusal(of: try other.batch(after: 20, limit: 5)) == .chainBroken)
    let open = try estate.store.alarms(open: true)
    #expect(Set(open.map(\.kind)) == [.logChanged, .chainBroken])
    #expect(try estate.store.verify(try estate.gateway()) == .intact(records: 20))
    _ = try estate.refusal(of: try other.batch(after: 15, limit: 10))
    #expect(try estate.store.alarms(open: true).first { $0.kind == .logChanged }?.count == 2)
  }

  @Test func lostRecordsRaiseAnAlarmUntilAPersonHasLooked() throws {
    let estate = try Estate(capacity: 50)
    try estate.write(30)
    try estate.take(try estate.batch(after: 0, limit: 10))
    try estate.write(100, .actuator)
    var raised: [Alarm.Kind] = []
    var after: Int64 = 10
    while try estate.reader.stretch(after: after, limit: 100) != nil {
      let taken = try estate.store.take(
        try estate.batch(after: after, limit: 100), site: "riverside", at: 5)
      raised += taken.raised.map(\.kind)
      after = try estate.gateway().through.seq
    }
    #expect(raised == [.recordsLost])
    let gateway = try estate.gateway()
    #expect(try estate.store.end(nil, of: gateway, at: 9, by: "mira").map(\.endedBy) == ["mira"])
    #expect(try estate.store.alarms(open: true).isEmpty)
    #expect(try estate.store.alarms(open: false).map(\.endedAt) == [9])
    #expect(try estate.store.end(nil, of: gateway, at: 9, by: "mira").isEmpty)
  }

  @Test func aQuietGatewayIsAskedAndThenSilentUntilItSpeaks() throws {
    let estate = try Estate()
    try estate.write(3)
    try estate.take(try estate.batch(after: 0, limit: 3))
    let listener = Listener()
    var collector = listener.collector(estate.store, silence: 9_000)
    #expect(try collector.greeting(tick: 0).count == 3)
    #expect(try collector.look(now: 1, tick: 2_000).isEmpty)
    let asked = try collector.look(now: 1, tick: 3_000)
    #expect(asked.map(\.topic) == [Estate.topics.name(.pull)])
    #expect(try UplinkPull.parse(asked[0].payload).limit == 0)
    #expect(try collector.look(now: 1, tick: 4_000).isEmpty)
    #expect(listener.story.isEmpty)
    _ = try collector.look(now: 1, tick: 9_000)
    _ = try collector.look(now: 1, tick: 20_000)
    #expect(listener.story == ["silent"])
    // Another collector, begun anew, knows that it was silent.
    var second = listener.collector(estate.store, silence: 9_000)
    _ = try second.greeting(tick: 0)
    _ = try second.take(
      topic: Estate.topics.name(.birth), payload: birth(last: 3), retained: false, now: 7, tick: 1)
    #expect(listener.story == ["silent", "-silent"])
    #expect(try estate.store.alarms(open: true).isEmpty)
  }

  /// HQ thinks itself deaf and connects anew, again and again: whoever does not answer is told of all the same.
  @Test(arguments: [(false, []), (true, ["silent"])] as [(Bool, [String])])
  func beginningAnewForDeafnessHidesNoSilence(deaf: Bool, told: [String]) throws {
    let estate = try Estate()
    try estate.write(3)
    try estate.take(try estate.batch(after: 0, limit: 3))
    let listener = Listener()
    var collector = listener.collector(estate.store, silence: 9_000)
    _ = try collector.greeting(tick: 0)
    for tick in stride(from: UInt64(8_500), through: 40_000, by: 8_500) {
      _ = try collector.greeting(tick: tick, deaf: deaf)
      _ = try collector.look(now: 1, tick: tick + 900)
      if tick == 8_500 { #expect(listener.story.isEmpty, "it has some time to answer") }
      _ = try collector.look(now: 1, tick: tick + 1_100)
    }
    #expect(listener.story == told)
  }

  @Test func aGatewayThatAnswersIsNeverSilent() throws {
    let estate = try Estate()
    let listener = Listener()
    var collector = listener.collector(estate.store, silence: 9_000)
    for tick in stride(from: UInt64(0), to: 60_000, by: 2_000) {
      let topic = Estate.topics.name(tick % 4_000 == 0 ? .birth : .reply)
      let payload = tick % 4_000 == 0 ? birth(last: 0) : UplinkReply(id: "x").encoded()
      _ = try collector.take(topic: topic, payload: payload, retained: false, now: Int64(tick), tick: tick)
      #expect(try collector.look(now: Int64(tick), tick: tick).isEmpty)
    }
    #expect(listener.story.isEmpty)
    #expect(try estate.gateway().seenAt == 58_000)
  }

  @Test func lagIsToldInRecordsAndInTime() throws {
    let estate = try Estate()
    try estate.write(10)
    _ = try estate.store.take(try estate.batch(after: 0, limit: 4), site: "riverside", at: 1_000)
    #expect(try estate.gateway().lag == 0)
    var collector = Listener().collector(estate.store)
    let record = try estate.reader.records(after: 9, limit: 1)[0].bytes
    _ = try collector.take(
      topic: Estate.topics.name(.live), payload: record, retained: false, now: 3_000, tick: 0)
    _ = try collector.look(now: 3_000, tick: 0)
    #expect(try estate.gateway().lag == 6)
    #expect(try estate.gateway().lagMilliseconds(at: 8_000) == 5_000)
    _ = try estate.store.take(try estate.batch(after: 4, limit: 10), site: "riverside", at: 9_000)
    #expect(try estate.gateway().lag == 0)
    #expect(try estate.gateway().lagMilliseconds(at: 99_000) == 0)
  }

  @Test func aRetiredLogStaysAndTheNewBoxBeginsAtOne() throws {
    let estate = try Estate()
    try estate.write(10)
    try estate.take(try estate.batch(after: 0, limit: 10))
    let kept = try estate.store.retire(try estate.gateway(), at: 0)
    let other = try Estate()
    try other.write(5, .system)
    try estate.take(try other.batch(after: 0, limit: 5))
    #expect(try estate.gateway().through.seq == 5)
    #expect(try estate.store.verify(try estate.gateway()) == .intact(records: 5))
    let old = try #require(try estate.store.gateway(site: "riverside", name: kept))
    #expect(old.isRetired)
    #expect(try estate.store.verify(old) == .intact(records: 10))
    var collector = Listener().collector(estate.store)
    #expect(try collector.greeting(tick: 0).count == 3)
  }

  private func emergency(_ event: String, drill: Bool = false) -> LogRecord {
    LogRecord(
      at: Timestamp(milliseconds: 1), clock: .synced, monotonic: 1, type: .emergency,
      detail: .object(
        [("event", .string(event)), ("plan", "fire"), ("input", "fire.panel")]
          + (drill ? [("drill", true)] : [])))
  }

  /// What a gateway writes, which of it comes ahead of the log, and how often HQ tells an emergency.
  @Test(
    arguments: [
      (["emergency-started"], [], 1), (["emergency-started"], [1], 1), (["emergency-started"], [1, 1], 1),
      (["point-reacted", "emergency-reset"], [1, 2], 0), (["drill"], [1], 0),
      (["drill", "drill-became-real"], [1], 1), (["emergency-started", "emergency-started"], [1, 2], 2),
      (["emergency-started", "emergency-reset", "emergency-started"], [1], 2),
    ] as [([String], [Int], Int64)])
  func anEmergencyIsToldOnceAheadOfTheLogOrByIt(events: [String], live: [Int], times: Int64) throws {
    let estate = try Estate()
    let listener = Listener()
    var collector = listener.collector(estate.store)
    _ = try collector.take(
      topic: Estate.topics.name(.birth), payload: birth(last: 0), retained: false, now: 1, tick: 0)
    let written = try estate.journal.append(
      events.map { $0 == "drill" ? emergency("emergency-started", drill: true) : emergency($0) })
    for number in live {
      _ = try collector.take(
        topic: Estate.topics.name(.live), payload: written[number - 1].bytes, retained: false, now: 2, tick: 0
      )
    }
    _ = try collector.take(
      topic: Estate.topics.name(.log), payload: try estate.batch(after: 0, limit: 10).encoded(),
      retained: false, now: 3, tick: 0)
    let open = try estate.store.alarms(open: true)
    #expect(open.map(\.kind) == (times > 0 ? [.emergency] : []))
    #expect(open.first?.count ?? 0 == times)
    #expect(listener.story == (times > 0 ? ["emergency"] : []))
    if let alarm = open.first { #expect(alarm.text.contains("'fire'") && alarm.text.contains("fire.panel")) }
    #expect(try estate.store.verify(try estate.gateway()) == .intact(records: Int64(events.count)))
  }
}
