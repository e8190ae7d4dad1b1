import AccessPolicy
import ControlCore
import TestSupport
import Testing

@Suite struct TraceTests {
  /// A hash of every decision and every word of its trace over seeded reads.
  private static func hash(seed: UInt64) -> UInt64 {
    var numbers = SplitMix64(seed: seed)
    let setting = TestSite.setting(zone: .utc)
    let list = TestSite.list()
    let decider = Decider(setting: setting)
    var state = PassageState(setting: setting)
    let known = TestSite.rows().map(\.credential)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ text: String) {
      for unit in text.utf8 { hash = (hash ^ UInt64(unit)) &* 0x0000_0100_0000_01B3 }
    }
    for number in 0..<500 {
      let read =
        UInt8.random(in: 0..<4, using: &numbers) == 0
        ? try? CredentialKey.parse("plate:京A1234\(UInt8.random(in: 0...9, using: &numbers))")
        : known.randomElement(using: &numbers)!
      let request = AccessRequest(
        reader: ReaderIndex(Int.random(in: setting.readers.indices, using: &numbers)), credential: read,
        confidence: Double(Int.random(in: 70...100, using: &numbers)) / 100,
        at: 1_795_305_600_000 + Int64(number) * 977_000,
        clock: UInt8.random(in: 0..<9, using: &numbers) == 0 ? .untrusted : .synced,
        now: Instant(nanoseconds: UInt64(number + 1) * 977_000_000_000))
      let decision = decider.decide(request, list: list, state: state)
      add("\(decision.isGrant) \(decision.reason.name) \(decision.isRepeat)")
      for rule in decision.trace.explained(setting: setting, list: list, request: request) {
        add("\(rule.rule.name) \(rule.outcome.name) \(rule.why)")
      }
      state.noteRead(request, decision)
      state.granted(passage: UInt64(number + 1), request: request, decision: decision)
      if UInt8.random(in: 0..<3, using: &numbers) > 0 {
        state.passed(passage: UInt64(number + 1), at: request.at, now: request.now)
      } else {
        state.takenBack(passage: UInt64(number + 1))
      }
    }
    return hash
  }

  /// In this process twice and in another one: nothing in a decision hangs on addresses, hash seeds or what was
  /// decided before.
  @Test(arguments: [UInt64(417), 20_261_123]) func theSameInputsGiveTheSameTrace(_ seed: UInt64) async {
    let first = TraceTests.hash(seed: seed)
    #expect(TraceTests.hash(seed: seed) == first, "seed \(seed)")
    #expect(TraceTests.hash(seed: seed + 1) != first, "seed \(seed)")
    await #expect(processExitsWith: .success, "seed \(seed)") {
      [seed = seed as UInt64, first = first as UInt64] in
      precondition(TraceTests.hash(seed: seed) == first, "another process decides otherwise")
    }
  }

  /// The word of the day, where a schedule has one of its own.
  @Test(arguments: [
    (
      "card:H10301/200/30", "2026-12-24T13:00",
      "does not cover 13:00 Thursday, a special day of this schedule"
    ),
    ("card:H10301/200/30", "2026-12-24T09:00", "covers 09:00 Thursday, a special day of this schedule"),
    (
      "card:H10301/200/30", "2026-10-01T11:00",
      "does not cover 11:00 Thursday, a special day of this schedule"
    ),
    ("card:H10301/200/30", "2026-10-03T11:00", "covers 11:00 Saturday, a holiday"),
    ("card:H10301/200/32", "2026-10-01T23:00", "covers 23:00 Thursday, a holiday"),
    ("card:H10301/200/30", "2026-12-17T09:00", "covers 09:00 Thursday"),
  ]) func aSpecialDayIsTold(_ read: String, _ time: String, _ told: String) throws {
    let words = try TraceTests.words(read, time)
    #expect(words.contains { $0.hasSuffix(told) }, "\(words)")
  }

  private static func words(_ read: String, _ time: String) throws -> [String] {
    let setting = TestSite.setting(zone: .utc)
    let list = TestSite.list()
    let request = AccessRequest(
      reader: ReaderIndex(setting.readers.firstIndex { $0.name == "lobby.card" }!),
      credential: try CredentialKey.parse(read), at: try UnixMilliseconds.parse("\(time):00Z"), now: .zero)
    let decision = Decider(setting: setting).decide(
      request, list: list, state: PassageState(setting: setting))
    return decision.trace.explained(setting: setting, list: list, request: request).map(\.why)
  }

  /// Several groups, of which some ask for company: each is told with what it asks, and which one counts.
  @Test(arguments: [
    (
      "card:H10301/200/20", "10:00",
      ["may use point lobby", "covers 10:00 Monday", "grants only with a second person"], "porters: may use"
    ),
    (
      "card:H10301/200/22", "10:00",
      ["group pinned: grants only with card and pin of one holder"],
      "group pinned: lacks least of those, so it is the one that counts"
    ),
    (
      "card:H10301/200/22", "07:00", ["group pinned: grants only with card"],
      "cleaners: schedule office does not"
    ),
  ]) func groupsThatAskForCompanyAreTold(_ read: String, _ time: String, _ told: [String], _ last: String)
    throws
  {
    let words = try TraceTests.words(read, "2026-11-23T\(time)")
    for text in told + [last] { #expect(words.contains { $0.contains(text) }, "\(text): \(words)") }
  }
}
