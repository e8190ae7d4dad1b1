import ControlCore
import TestSupport
import Testing

@testable import AccessPolicy

/// A past decision made once more with what it saw: the same answer, in the same words.
@Suite struct ReplayTests {
  /// A list and a state that change under the decisions.
  private struct World: ~Copyable {
    /// The test site with spaces for who comes first, and counted passages at several points.
    static let setting: PolicySetting = {
      var setting = TestSite.setting(zone: .utc)
      let (homes, firm) = (TestSite.group("homes"), TestSite.group("firm"))
      setting.areas[6].capacity = 4
      setting.areas[6].firstIn = [homes]
      setting.areas[6].quotas.append(QuotaSetting(group: firm, ofHolder: 1))
      setting.areas[6].entries.append(TestSite.point("yard"))
      setting.areas[0].entries.append(TestSite.point("vault"))
      return setting
    }()

    /// Readers at which one credential alone is not enough.
    static let company = setting.readers.indices.filter {
      setting.readers[$0].twoPerson || !setting.readers[$0].factors.isEmpty
    }

    var numbers: SplitMix64
    let decider = Decider(setting: World.setting)
    var state = PassageState(setting: World.setting)
    var rows = TestSite.rows()
    var list = TestSite.list()
    var second: UInt64 = 5_000
    var passage: UInt64 = 0
    var reader = 0
    var open: [UInt64] = []
    /// What was shown last and waits for more.
    var waiting: CredentialKey?

    init(seed: UInt64) { numbers = SplitMix64(seed: seed) }

    var now: Instant { Instant.zero + .milliseconds(second * 1_000 + 7) }
    var wall: Int64 { 1_795_305_600_000 + Int64(second) * 1_000 }

    mutating func chance(_ one: UInt64) -> Bool { numbers.next() % one == 0 }

    /// The same credential at a reader of the same place that reads it, as if it came first.
    func alone(_ credential: CredentialKey, _ request: AccessRequest) -> AccessRequest {
      let own = World.setting.readers[request.reader.position]
      let reader = World.setting.readers.firstIndex { other in
        other.point == own.point && other.side == own.side && other.kind.canRead(credential.kind)
      }!
      return AccessRequest(
        reader: ReaderIndex(reader), credential: credential, at: request.at, clock: request.clock,
        now: request.now, condition: request.condition)
    }

    /// Passages, suspensions, another list, somebody without a credential.
    mutating func live() {
      second += [0, 1, 3, 20, 700][Int(numbers.next() % (waiting == nil ? 5 : 3))]
      if chance(40) { second += 20_000 }
      if !open.isEmpty, chance(3) {
        let done = open.remove(at: Int(numbers.next() % UInt64(open.count)))
        switch numbers.next() % 5 {
        case 0: state.takenBack(passage: done)
        case 1: state.refused(passage: done)
        default: state.passed(passage: done, at: wall, now: now)
        }
      }
      if chance(9) { state.passedUnnamed(point: TestSite.point("lane1"), side: chance(2) ? .in : .out) }
      if chance(12) {
        let key = rows.randomElement(using: &numbers)!.credential
        let lasting: Interval? = chance(2) ? .seconds(600) : nil
        _ = state.suspend(key, until: chance(2) ? wall + 900_000 : nil, lasting: lasting, at: wall, now: now)
      }
      if chance(15) {
        _ = state.resume(rows.randomElement(using: &numbers)!.credential)
        state.forgetPlaces(inArea: Int(numbers.next() % 7))
      }
      if chance(25) {
        rows.remove(at: Int(numbers.next() % UInt64(rows.count)))
        if rows.count < 60 || chance(4) { rows = TestSite.rows() }
        list = ListSnapshot(rows: rows, version: list.version + 1, groups: World.setting.groups)
        state.recount(list)
      }
      if let waiting, chance(4) { spoil(waiting) }
      _ = state.expireHeld(now: now)
    }

    /// What waits does not pass any more.
    private mutating func spoil(_ waiting: CredentialKey) {
      guard let row = rows.firstIndex(where: { $0.credential == waiting }) else { return }
      switch numbers.next() % 3 {
      case 0:
        _ = state.suspend(waiting, until: nil, lasting: .seconds(30), at: wall, now: now)
        return
      case 1: rows[row].flags.insert(.deny)
      default: rows.remove(at: row)
      }
      list = ListSnapshot(rows: rows, version: list.version + 1, groups: World.setting.groups)
      state.recount(list)
    }

    /// What may complete the one that waits: another credential of the same holder, or another person's.
    private mutating func companion() -> CredentialKey? {
      guard let waiting, let first = rows.first(where: { $0.credential == waiting }), chance(2) else {
        return nil
      }
      let own = World.setting.readers[reader]
      let others = rows.filter { row in
        guard row.holder == first.holder ? row.credential.kind != waiting.kind : own.twoPerson else {
          return false
        }
        return World.setting.readers.contains {
          $0.point == own.point && $0.side == own.side && $0.kind.canRead(row.credential.kind)
        } && row.groups.contains { World.setting.groups[$0].points.contains(own.point) }
      }
      guard let other = others.randomElement(using: &numbers) else { return nil }
      reader = World.setting.readers.firstIndex {
        $0.point == own.point && $0.side == own.side && $0.kind.canRead(other.credential.kind)
      }!
      return other.credential
    }

    mutating func request() -> AccessRequest {
      let companion = companion()
      // Several in a row at one reader: escorts, second factors and second persons come soon.
      if companion == nil, chance(3) {
        reader = Int(numbers.next() % UInt64(World.setting.readers.count))
        if chance(6) { reader = World.company.randomElement(using: &numbers)! }
      }
      let reader = reader
      let readable = rows.filter { World.setting.readers[reader].kind.canRead($0.credential.kind) }
      let entitled = readable.filter { row in
        row.groups.contains { World.setting.groups[$0].points.contains(World.setting.readers[reader].point) }
      }
      var key = (chance(20) ? rows : chance(4) ? readable : entitled).randomElement(using: &numbers)?
        .credential
      key = companion ?? key
      if key?.kind == .plate, chance(3) {
        // Misread by a character, in either direction of what is confused.
        let text = "\(key!)".replacing("0", with: "O").replacing("7", with: "T").replacing("5", with: "S")
        key = try? CredentialKey.parse(text)
      }
      let others = (0..<Int(numbers.next() % 3)).compactMap { _ in
        readable.randomElement(using: &numbers).map { Candidate(credential: $0.credential, confidence: 0.9) }
      }
      let condition: [PointCondition] = [[], [], [], [], .lockedDown, .outOfService, .interlockBusy]
      return AccessRequest(
        reader: ReaderIndex(reader), credential: chance(30) ? nil : key, confidence: chance(3) ? 0.87 : nil,
        candidates: chance(3) ? others : [],
        characters: chance(3) ? [0.99, 0.4, 0.8, 1, 0.31, 0.99, 0.7] : [],
        at: wall, clock: chance(6) ? .untrusted : .synced, now: now,
        condition: condition[Int(numbers.next() % (companion == nil ? 7 : 5))])
    }
  }

  @Test func aReasonsCodeIsItsRawValue() {
    for reason in Reason.allCases { #expect(reason.code == reason.rawValue) }
  }

  @Test(arguments: [UInt64(2), 417])
  func whatADecisionSawDecidesItAgain(_ seed: UInt64) {
    var world = World(seed: seed)
    var company = 0
    var seenReasons: Set<Reason> = []
    var parts: Set<String> = []
    for round in 0..<6_000 {
      world.live()
      let request = world.request()
      let decision = world.decider.decide(request, list: world.list, state: world.state)
      // What waited is as good as what is shown now: nothing is granted on what would be refused.
      for other in world.state.others(of: decision, read: request.credential) {
        let alone = world.decider.judge(world.alone(other, request), list: world.list, state: world.state)
        let isGood = alone.isGrant || alone.waits != .nothing
        #expect(isGood, "seed \(seed), round \(round): granted with \(other), now \(alone.reason.name)")
        company += 1
      }
      let seen = world.decider.seen(by: request, decision, list: world.list, state: world.state)
      world.state.noteRead(request, decision)
      world.waiting = decision.waits == .nothing ? nil : decision.credential
      if decision.isGrant && !decision.isRepeat {
        world.passage += 1
        world.open.append(world.passage)
        world.state.granted(passage: world.passage, request: request, decision: decision)
      }
      _ = world.state.takeChanges()
      // A PIN is not kept, so its decision is not made again.
      guard !decision.isRepeat, request.credential?.kind != .pin else { continue }
      let again = Decider.replay(again(request, seen), seen: seen, list: world.list, setting: World.setting)
      seenReasons.insert(decision.reason)
      note(seen, &parts)
      func words(_ decision: AccessDecision) -> [ExplainedRule] {
        decision.trace.explained(setting: World.setting, list: world.list, request: request)
      }
      let (told, toldAgain) = (words(decision), words(again))
      #expect(
        again.reason == decision.reason && told == toldAgain && again.duress == decision.duress,
        "seed \(seed), round \(round): \(decision.reason.name), then \(again.reason.name)\n\(told)\n\(toldAgain)\n\(seen)"
      )
      if told != toldAgain { return }
    }
    #expect(company >= 20)
    #expect(seenReasons.count >= 15, "\(seenReasons.map(\.name))")
    #expect(
      parts == [
        "suspension", "uses", "since", "inside", "outside", "waiting", "coming", "occupancy", "holder",
        "groups",
        "led", "escort", "factor", "second", "others", "sure", "factor-lapsed", "second-lapsed",
      ])
  }

  /// The request as a record tells it: its own fields, and what was seen.
  private func again(_ request: AccessRequest, _ seen: SeenState) -> AccessRequest {
    AccessRequest(
      reader: request.reader, credential: request.credential, confidence: request.confidence,
      candidates: seen.otherReadings, characters: seen.sureness.map { Double($0) / 100 }, at: request.at,
      clock: request.clock, now: request.now, condition: seen.condition)
  }

  private func note(_ seen: SeenState, _ parts: inout Set<String>) {
    if seen.suspension != nil { parts.insert("suspension") }
    if seen.uses ?? 0 > 0 { parts.insert("uses") }
    if seen.sincePassage != nil { parts.insert("since") }
    if !seen.inside.isEmpty { parts.insert("inside") }
    if !seen.outside.isEmpty { parts.insert("outside") }
    if !seen.waiting.isEmpty { parts.insert("waiting") }
    if !seen.coming.isEmpty { parts.insert("coming") }
    if !seen.occupancy.isEmpty { parts.insert("occupancy") }
    if !seen.ofHolder.isEmpty { parts.insert("holder") }
    if !seen.ofGroups.isEmpty { parts.insert("groups") }
    if !seen.led.isEmpty { parts.insert("led") }
    if seen.isAccompanied { parts.insert("escort") }
    if seen.factor != nil { parts.insert("factor") }
    if seen.secondPerson != nil { parts.insert("second") }
    if seen.factor?.lapse != nil { parts.insert("factor-lapsed") }
    if seen.secondPerson?.lapse != nil { parts.insert("second-lapsed") }
    if !seen.otherReadings.isEmpty { parts.insert("others") }
    if !seen.sureness.isEmpty { parts.insert("sure") }
  }

  @Test func theMarkOfASettingFollowsEveryPartOfIt() {
    let setting = TestSite.setting(zone: .utc)
    var marks: Set<String> = [setting.mark]
    #expect(setting.mark == TestSite.setting(zone: .utc).mark && setting.mark.count == 8)
    var changed = setting
    changed.readers[0].minConfidence = 0.81
    marks.insert(changed.mark)
    changed = setting
    changed.schedules[1].weekdays[0][0].end += 1
    marks.insert(changed.mark)
    changed = setting
    changed.holidays.removeLast()
    marks.insert(changed.mark)
    changed = setting
    changed.areas[0].passback = .timed(.seconds(60))
    marks.insert(changed.mark)
    changed = setting
    changed.zone = ZoneRules(first: 3_600, changes: [])
    marks.insert(changed.mark)
    #expect(marks.count == 6)
  }
}
