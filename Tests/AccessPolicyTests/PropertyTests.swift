import AccessPolicy
import ControlCore
import TestSupport
import Testing

/// What holds for every list and every read.
@Suite struct PropertyTests {
  static let seeds: [UInt64] = [1, 417, 20_261_122]

  /// Plates that lie close to one another, so that tolerance has work.
  private static func plate(_ numbers: inout SplitMix64) -> CredentialKey {
    let letters = Array("00D1I")
    let tail = (0..<4).map { _ in letters.randomElement(using: &numbers)! }
    return try! CredentialKey.parse("plate:京A" + String(tail))
  }

  private static func rows(_ numbers: inout SplitMix64, count: Int) -> [ListRow] {
    var seen: Set<CredentialKey> = []
    return (0..<count).compactMap { _ in
      let key = plate(&numbers)
      guard seen.insert(key).inserted else { return nil }
      return ListRow(
        credential: key, groups: [0], flags: UInt8.random(in: 0..<10, using: &numbers) == 0 ? .deny : [])
    }
  }

  private static func decide(
    _ key: CredentialKey, _ rows: [ListRow], _ decider: borrowing Decider, _ state: borrowing PassageState
  ) -> (reason: Reason, takenFor: CredentialKey?) {
    let list = ListSnapshot(rows: rows, version: 1, groups: TestSite.groups)
    let request = AccessRequest(
      reader: ReaderIndex(0), credential: key, at: 1_795_305_600_000, now: Instant(nanoseconds: 1))
    let decision = decider.decide(request, list: list, state: state)
    return (decision.reason, decision.takenFor)
  }

  @Test(arguments: seeds) func theOrderOfRowsNeverMatters(_ seed: UInt64) {
    var numbers = SplitMix64(seed: seed)
    let decider = Decider(setting: TestSite.setting(zone: .utc))
    let state = PassageState(setting: TestSite.setting(zone: .utc))
    for round in 0..<300 {
      let rows = PropertyTests.rows(&numbers, count: 12)
      let key = PropertyTests.plate(&numbers)
      let first = PropertyTests.decide(key, rows, decider, state)
      let second = PropertyTests.decide(key, rows.shuffled(using: &numbers), decider, state)
      #expect(first == second, "seed \(seed), round \(round)")
    }
  }

  @Test(arguments: seeds) func anotherDenyNeverGrants(_ seed: UInt64) {
    var numbers = SplitMix64(seed: seed)
    let decider = Decider(setting: TestSite.setting(zone: .utc))
    let state = PassageState(setting: TestSite.setting(zone: .utc))
    var changed = 0
    for round in 0..<600 {
      let rows = PropertyTests.rows(&numbers, count: 6)
      let key = PropertyTests.plate(&numbers)
      let denied = PropertyTests.plate(&numbers)
      let before = PropertyTests.decide(key, rows, decider, state)
      let after = PropertyTests.decide(
        key, rows + [ListRow(credential: denied, groups: [0], flags: .deny)], decider, state)
      if before.reason != .granted {
        #expect(after.reason != .granted, "seed \(seed), round \(round)")
      } else if after.reason != .granted {
        changed += 1
      }
    }
    #expect(changed > 0)
  }

  @Test(arguments: seeds) func anUnrelatedEntryNeverChangesAnything(_ seed: UInt64) throws {
    var numbers = SplitMix64(seed: seed)
    let decider = Decider(setting: TestSite.setting(zone: .utc))
    let state = PassageState(setting: TestSite.setting(zone: .utc))
    let others = try ["plate:粤X77777", "card:H10301/1/1", "qr:京A0000", "plate:京A00000", "plate:京A7777"].map {
      ListRow(credential: try CredentialKey.parse($0), groups: [0])
    }
    for round in 0..<300 {
      let rows = PropertyTests.rows(&numbers, count: 8)
      let key = PropertyTests.plate(&numbers)
      let related = rows.count
      let first = PropertyTests.decide(key, rows, decider, state)
      let second = PropertyTests.decide(
        key, rows + others.filter { $0.credential.kind != .plate }, decider, state)
      let third = PropertyTests.decide(key, rows + [others[0], others[4]], decider, state)
      #expect(first == second && first == third, "seed \(seed), round \(round), \(related) rows")
    }
  }

  /// A tolerant grant is always for one entry that is not denied, and never where the same read stands in the
  /// list.
  @Test(arguments: seeds) func toleranceGrantsOnlyAnAllowedEntry(_ seed: UInt64) {
    var numbers = SplitMix64(seed: seed)
    let decider = Decider(setting: TestSite.setting(zone: .utc))
    let state = PassageState(setting: TestSite.setting(zone: .utc))
    var tolerant = 0
    for round in 0..<600 {
      let rows = PropertyTests.rows(&numbers, count: 5)
      let key = PropertyTests.plate(&numbers)
      let found = PropertyTests.decide(key, rows, decider, state)
      guard found.reason == .granted else { continue }
      if let takenFor = found.takenFor {
        tolerant += 1
        #expect(
          rows.contains { $0.credential == takenFor && !$0.flags.contains(.deny) }, "seed \(seed), \(round)")
        #expect(!rows.contains { $0.credential == key }, "seed \(seed), \(round)")
      } else {
        #expect(rows.contains { $0.credential == key && !$0.flags.contains(.deny) }, "seed \(seed), \(round)")
      }
    }
    #expect(tolerant > 0)
  }

  /// Ten thousand plates with one middle: the search stays bounded and refuses.
  @Test func tooManySimilarPlatesAreAmbiguous() throws {
    let ends = (0x4E00..<0x5E00).map { Character(Unicode.Scalar(UInt32($0))!) }
    let rows = try ends.flatMap { end in
      try ["A", "B", "C"].map {
        ListRow(credential: try CredentialKey.parse("plate:\(end)BBBBB\($0)"), groups: [0])
      }
    }
    let decider = Decider(setting: TestSite.setting(zone: .utc))
    let state = PassageState(setting: TestSite.setting(zone: .utc))
    let read = try CredentialKey.parse("plate:京88888A")
    #expect(PropertyTests.decide(read, rows, decider, state).reason == .deniedAuthenticationFactorError)
  }

  /// A period more, a longer one, or a day that was closed: who was let in is let in still.
  @Test(arguments: seeds) func wideningAScheduleNeverDenies(_ seed: UInt64) throws {
    var numbers = SplitMix64(seed: seed)
    let key = try CredentialKey.parse("card:H10301/1/1")
    var granted = 0
    for round in 0..<400 {
      let narrow = PropertyTests.week(&numbers)
      let wide = narrow.map { day in
        (UInt8.random(in: 0..<2, using: &numbers) == 0 ? [PropertyTests.period(&numbers)] : [])
          + day.map { PropertyTests.widened($0, &numbers) }
      }
      let at = 1_795_305_600_000 + Int64.random(in: 0..<1_209_600, using: &numbers) * 1_000
      let before = try PropertyTests.isOpen(narrow, key, at)
      guard before else { continue }
      granted += 1
      let after = try PropertyTests.isOpen(wide, key, at)
      #expect(after, "seed \(seed), round \(round), at \(at): \(narrow) \(wide)")
    }
    #expect(granted > 20)
  }

  static func period(_ numbers: inout SplitMix64) -> DayPeriod {
    let start = Int.random(in: 0..<1_440, using: &numbers)
    let end = Int.random(in: 0...1_440, using: &numbers)
    return DayPeriod(start: start, end: end == start ? end + 1 : end)
  }

  static func week(_ numbers: inout SplitMix64) -> [[DayPeriod]] {
    (0..<7).map { _ in (0..<Int.random(in: 0...2, using: &numbers)).map { _ in period(&numbers) } }
  }

  /// Starts no later and ends no earlier, on the same day or past the same midnight.
  static func widened(_ period: DayPeriod, _ numbers: inout SplitMix64) -> DayPeriod {
    let start = Int.random(in: 0...period.start, using: &numbers)
    guard period.end > period.start else {
      // It runs past midnight, and must go on to do so.
      return DayPeriod(
        start: period.start, end: Int.random(in: period.end...period.start, using: &numbers))
    }
    return DayPeriod(start: start, end: Int.random(in: period.end...1_440, using: &numbers))
  }

  private static func isOpen(_ week: [[DayPeriod]], _ key: CredentialKey, _ at: Int64) throws -> Bool {
    let setting = PolicySetting(
      pointNames: ["door"],
      readers: [ReaderSetting(name: "card", point: PointIndex(0), side: .in, kind: .card)],
      schedules: [ScheduleSetting(name: "hours", always: false, weekdays: week, holidays: nil)],
      holidays: [],
      groups: [GroupSetting(name: "all", points: [PointIndex(0)], schedule: 0, untrustedClock: .deny)],
      areas: [], zone: try Cases.zone("Europe/Berlin"))
    let list = ListSnapshot(
      rows: [ListRow(credential: key, groups: [0])], version: 1, groups: setting.groups)
    let request = AccessRequest(reader: ReaderIndex(0), credential: key, at: at, now: .zero)
    return Decider(setting: setting).decide(request, list: list, state: PassageState(setting: setting))
      .isGrant
  }
}
