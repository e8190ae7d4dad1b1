import AccessPolicy
import ControlCore
import TestSupport
import Testing

/// Entries in several groups, of which some ask for company: what holds for every site, list and history.
extension PropertyTests {
  /// One door with a card reader and a keypad, and what three holders and nobody show there.
  struct Door {
    var setting: PolicySetting
    var rows: [ListRow]
    var requests: [AccessRequest]

    init(_ numbers: inout SplitMix64) {
      func chance(_ one: UInt64) -> Bool { numbers.next() % one == 0 }
      let names = (0..<Int.random(in: 2...5, using: &numbers)).map { "group \($0)" }
      let schedules = names.map { name in
        ScheduleSetting(
          name: name, always: chance(3), weekdays: PropertyTests.week(&numbers), holidays: nil)
      }
      let groups = names.indices.map { place in
        GroupSetting(
          name: names[place], points: [PointIndex(chance(6) ? 1 : 0)], schedule: place,
          untrustedClock: [.allow, .deny, .onlyAlways][Int(numbers.next() % 3)], passesLockdown: chance(3),
          factors: [[], [], [.card], [.card, .pin], [.pin, .card]][Int(numbers.next() % 5)],
          twoPerson: chance(3))
      }
      let reads = chance(4)
      let second = chance(5)
      let readers = [CredentialKind.card, .pin].map { kind in
        ReaderSetting(
          name: kind.name, point: PointIndex(0), side: .in, kind: kind, factors: reads ? [.card, .pin] : [],
          twoPerson: second, wrongTries: 100)
      }
      let quotas =
        chance(3)
        ? [QuotaSetting(group: Int(numbers.next() % UInt64(groups.count)), ofHolder: 1, ofGroup: 2)] : []
      setting = PolicySetting(
        pointNames: ["door", "elsewhere"], readers: readers, schedules: schedules, holidays: [],
        groups: groups,
        areas: [
          AreaSetting(
            name: "house", capacity: nil, entries: [PointIndex(0)], exits: [], passback: .off, quotas: quotas)
        ], zone: .utc)
      rows = Door.rows(&numbers, groups: groups.count)
      requests = Door.requests(&numbers, rows)
    }

    private static func rows(_ numbers: inout SplitMix64, groups: Int) -> [ListRow] {
      ["Ann", "Bob", "Cem", ""].enumerated().flatMap { place, holder in
        ["card:H10301/1/\(place + 1)", "pin:\(4711 + place)"].map { text in
          var flags: ListFlags = numbers.next() % 8 == 0 ? .escortRequired : []
          if numbers.next() % 8 == 0 { flags.insert(.duress) }
          let own = (0..<groups).filter { _ in numbers.next() % 3 != 0 }
          return ListRow(
            credential: try! CredentialKey.parse(text), holder: holder, groups: own, flags: flags)
        }
      }
    }

    private static func requests(_ numbers: inout SplitMix64, _ rows: [ListRow]) -> [AccessRequest] {
      let start = Int64.random(in: 0..<1_209_600, using: &numbers) * 1_000
      var second: UInt64 = 1_000
      return (0..<8).map { _ in
        second += [1, 4, 20][Int(numbers.next() % 3)]
        let key = rows.randomElement(using: &numbers)!.credential
        return AccessRequest(
          reader: ReaderIndex(key.kind == .card ? 0 : 1), credential: key,
          at: 1_795_305_600_000 + start + Int64(second) * 1_000,
          clock: numbers.next() % 8 == 0 ? .untrusted : .synced, now: .zero + .seconds(second),
          condition: numbers.next() % 4 == 0 ? .lockedDown : [])
      }
    }

    /// The same site with its groups written down in another order.
    func shuffled(_ numbers: inout SplitMix64) -> Door {
      var other = self
      let order = setting.groups.indices.shuffled(using: &numbers)
      let place = setting.groups.indices.map { old in order.firstIndex(of: old)! }
      other.setting.groups = order.map { setting.groups[$0] }
      for quota in setting.areas[0].quotas.indices {
        other.setting.areas[0].quotas[quota].group = place[setting.areas[0].quotas[quota].group]
      }
      for row in rows.indices { other.rows[row].groups = rows[row].groups.map { place[$0] } }
      return other
    }

    func widened(_ numbers: inout SplitMix64) -> Door {
      var other = self
      for schedule in setting.schedules.indices where numbers.next() % 2 == 0 {
        if numbers.next() % 6 == 0 { other.setting.schedules[schedule].always = true }
        other.setting.schedules[schedule].weekdays = setting.schedules[schedule].weekdays.map { day in
          (numbers.next() % 2 == 0 ? [DayPeriod(start: 0, end: 1_440)] : [])
            + day.map { PropertyTests.widened($0, &numbers) }
        }
      }
      return other
    }

    func words(_ decision: AccessDecision, _ request: AccessRequest) -> [ExplainedRule] {
      guard !decision.isRepeat else { return [] }
      return decision.trace.explained(setting: setting, list: list, request: request)
    }

    var list: ListSnapshot { ListSnapshot(rows: rows, version: 1, groups: setting.groups) }
  }

  /// A door at work.
  private struct Gate: ~Copyable {
    let decider: Decider
    let list: ListSnapshot
    var state: PassageState
    var passage: UInt64 = 0

    init(_ door: Door) {
      decider = Decider(setting: door.setting)
      list = door.list
      state = PassageState(setting: door.setting)
    }

    func decide(_ request: AccessRequest) -> AccessDecision {
      decider.decide(request, list: list, state: state)
    }

    mutating func take(_ request: AccessRequest, _ decision: AccessDecision) {
      state.noteRead(request, decision)
      passage += 1
      state.granted(passage: passage, request: request, decision: decision)
      state.passed(passage: passage, at: request.at, now: request.now)
    }
  }

  /// All that a decision comes to, but for the names of the groups that were looked at.
  private static func outcome(_ decision: AccessDecision) -> String {
    "\(decision.reason.name), waits for \(decision.waits), \(decision.credential as Any), "
      + "lockdown \(decision.passesLockdown), duress \(decision.duress), repeat \(decision.isRepeat)"
  }

  @Test(arguments: seeds) func theOrderOfGroupsNeverMatters(_ seed: UInt64) {
    var numbers = SplitMix64(seed: seed)
    var reasons: [Reason: Int] = [:]
    for round in 0..<400 {
      let door = Door(&numbers)
      var gate = Gate(door)
      var other = Gate(door.shuffled(&numbers))
      for (step, request) in door.requests.enumerated() {
        let first = gate.decide(request)
        let second = other.decide(request)
        reasons[first.reason, default: 0] += 1
        let (expected, got) = (PropertyTests.outcome(first), PropertyTests.outcome(second))
        #expect(expected == got, "seed \(seed), round \(round), step \(step)")
        guard expected == got else { return }
        let seen = gate.decider.seen(by: request, first, list: gate.list, state: gate.state)
        let again = Decider.replay(request, seen: seen, list: gate.list, setting: door.setting)
        let (told, toldAgain) = (door.words(first, request), door.words(again, request))
        #expect(told == toldAgain, "seed \(seed), round \(round), step \(step)")
        guard told == toldAgain else { return }
        gate.take(request, first)
        other.take(request, second)
      }
    }
    for reason in [Reason.granted, .duress, .authorizationDelayed, .verificationRequired, .deniedThreatLevel]
    {
      #expect(reasons[reason, default: 0] > 20, "\(reason.name)")
    }
  }

  /// Whoever is granted, alone or with what waits for him, is granted still when any of his groups is open longer.
  @Test(arguments: seeds) func wideningAGroupsScheduleNeverDenies(_ seed: UInt64) {
    var numbers = SplitMix64(seed: seed)
    var granted = 0
    var wider = 0
    for round in 0..<400 {
      let door = Door(&numbers)
      let wide = door.widened(&numbers)
      let decider = Decider(setting: wide.setting)
      var gate = Gate(door)
      for (step, request) in door.requests.enumerated() {
        let before = gate.decide(request)
        let after = decider.decide(request, list: wide.list, state: gate.state)
        if before.isGrant {
          granted += 1
          #expect(after.isGrant, "seed \(seed), round \(round), step \(step): \(after.reason.name)")
          guard after.isGrant else { return }
        } else if after.isGrant {
          wider += 1
        }
        gate.take(request, before)
      }
    }
    #expect(granted > 200 && wider > 50, "\(granted) \(wider)")
  }
}
