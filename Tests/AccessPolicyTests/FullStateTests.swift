import ControlCore
import TestSupport
import Testing

@testable import AccessPolicy

/// More credentials pass than the state has room for: what is kept stays true, in memory and in the log.
@Suite struct FullStateTests {
  private static let limit = 8
  private static let holders = ["", "ann", "bob", "cid"]

  /// Each area has a door in, which is shared with the next one, and a door out.
  private static var setting: PolicySetting {
    let points = (0..<6).map { PointIndex($0) }
    let always = ScheduleSetting(name: "always", always: true, weekdays: [], holidays: nil)
    return PolicySetting(
      pointNames: points.map { "point \($0.position)" },
      readers: points.map { point in
        ReaderSetting(name: "reader \(point.position)", point: point, side: .in, kind: .card, holdOff: .zero)
      }, schedules: [always], holidays: [],
      groups: (0..<3).map {
        GroupSetting(name: "group \($0)", points: points, schedule: 0, untrustedClock: .allow)
      },
      areas: (0..<2).map { area in
        AreaSetting(
          name: "area \(area)", capacity: nil, entries: [points[area], points[area + 1]],
          exits: [points[area + 3]], passback: .soft,
          quotas: [QuotaSetting(group: area, ofHolder: 1_000, ofGroup: 1_000)])
      }, zone: .utc)
  }

  private static func list(_ version: UInt64, rows count: Int) throws -> ListSnapshot {
    let rows = try (0..<count).map { number in
      ListRow(
        credential: try CredentialKey.parse("card:H10301/1/\(number)"),
        holder: holders[(number + Int(version)) % 4], groups: [number % 3, (number / 3 + Int(version)) % 3],
        validFrom: nil, validUntil: nil, uses: number % 5 == 0 ? 1_000 : nil)
    }
    return ListSnapshot(rows: rows, version: version, groups: setting.groups)
  }

  /// Rows as the log keeps them: the newest of each, and none of which nothing is known.
  private static func keep(_ rows: [PassageRow], in log: inout [String: PassageRow]) {
    for row in rows {
      let isNothing = row.credential.hasPrefix(PassageRow.suspendedPrefix) ? row.at == 0 : row.areas.isEmpty
      log[row.credential] = isNothing && row.uses == 0 ? nil : row
    }
  }

  private static func pass(
    _ key: CredentialKey, at reader: Int, step: Int, _ list: ListSnapshot, _ decider: borrowing Decider,
    _ state: inout PassageState
  ) {
    let request = AccessRequest(
      reader: ReaderIndex(reader), credential: key, at: Int64(step),
      now: Instant(nanoseconds: UInt64(step) * 1_000_000_000))
    let decision = decider.decide(request, list: list, state: state)
    state.granted(passage: UInt64(step), request: request, decision: decision)
    state.passed(passage: UInt64(step), at: request.at, now: request.now)
  }

  @Test func whatIsKeptIsWhatIsKnown() throws {
    let seed: UInt64 = 20_261_124
    var numbers = SplitMix64(seed: seed)
    let setting = Self.setting
    let list = try Self.list(1, rows: 40)
    let decider = Decider(setting: setting)
    var state = PassageState(setting: setting, limit: Self.limit)
    var log: [String: PassageRow] = [:]
    for step in 1...6_000 {
      let key = try CredentialKey.parse("card:H10301/1/\(numbers.next() % 40)")
      switch numbers.next() % 16 {
      case 0: state.passedUnnamed(point: PointIndex(Int(numbers.next() % 6)), side: .in)
      case 1: _ = state.forgetPlace(of: key)
      case 2 where step % 64 == 0: state.forgetPlaces(inArea: Int(numbers.next() % 2))
      default: Self.pass(key, at: Int(numbers.next() % 6), step: step, list, decider, &state)
      }
      Self.keep(state.takeChanges(), in: &log)
      let again = PassageState(
        setting: setting, rows: log.values.sorted { $0.credential < $1.credential }, limit: Self.limit)
      for area in 0..<2 {
        let (now, later) = (state.occupancy(of: area), again.occupancy(of: area))
        #expect(now == later, "area \(area), step \(step), seed \(seed)")
      }
      for number in 0..<40 {
        let one = try CredentialKey.parse("card:H10301/1/\(number)")
        let (now, later) = (state.areas(of: one), again.areas(of: one))
        let (used, usedLater) = (state.uses(of: one, validFrom: nil), again.uses(of: one, validFrom: nil))
        #expect(now == later && used == usedLater, "card \(number), step \(step), seed \(seed)")
      }
      try #require(log.count { $0.key.hasPrefix("card:") } <= Self.limit, "step \(step), seed \(seed)")
    }
    let forgotten = state.forgotten
    #expect(forgotten > 2_000, "\(forgotten) gave way: too little was tried")
  }

  /// Of more rows than there is room for those that passed last are taken, and all who are inside count.
  @Test func aLogWithTooManyRowsGivesTheLatest() {
    let rows = (0..<20).map { number in
      PassageRow(
        credential: "card:H10301/1/\(number)", areas: "area 0", at: Int64(number * 7 % 20), uses: 0)
    }
    let state = PassageState(setting: Self.setting, rows: rows, limit: Self.limit)
    let kept = state.allRows()
    #expect(kept.map(\.at).sorted() == Array(12..<20))
    #expect(state.occupancy(of: 0) == 20)
    #expect(state.forgotten == 0, "nothing gives way: the log has them still")
  }

  @Test(arguments: [1, 3, 64])
  func anotherListCountsInPartsAsAtOnce(_ part: Int) throws {
    let setting = Self.setting
    let (first, second) = (try Self.list(1, rows: 40), try Self.list(2, rows: 30))
    let decider = Decider(setting: setting)
    var state = PassageState(setting: setting)
    for number in 0..<40 {
      let key = try CredentialKey.parse("card:H10301/1/\(number)")
      Self.pass(key, at: number % 3, step: number + 1, first, decider, &state)
    }
    let inside = (0..<2).map { state.occupancy(of: $0) }
    var next: Int? = 0
    var parts = 0
    while let place = next {
      next = state.recount(second, from: place, atMost: part)
      parts += 1
      for area in 0..<2 {
        let groups = (0..<2).map { state.members.ofGroups(1 << UInt64($0), in: area) }
        #expect(groups.allSatisfy { $0 >= 0 && $0 <= inside[area] }, "part \(parts)")
      }
    }
    #expect(parts == (40 + part - 1) / part)
    var expected = PassageState(setting: setting)
    for number in 0..<40 {
      // Who stands in the second list no more counts on by the first.
      let key = try CredentialKey.parse("card:H10301/1/\(number)")
      Self.pass(key, at: number % 3, step: number + 1, number < 30 ? second : first, decider, &expected)
    }
    for area in 0..<2 {
      for group in 0..<2 {
        let counts = state.members.ofGroups(1 << UInt64(group), in: area)
        let due = expected.members.ofGroups(1 << UInt64(group), in: area)
        #expect(counts == due && due > 0, "group \(group) in area \(area)")
      }
      for found in (0..<30).compactMap({ second.store.find(try! CredentialKey.parse("card:H10301/1/\($0)")) })
      {
        let holder = second.store.holder(found)
        let counts = state.members.ofHolder(holder, in: area)
        let due = expected.members.ofHolder(holder, in: area)
        #expect(counts == due)
      }
    }
  }

  /// Ended suspensions make room, in the log too: none that holds is lost over a restart.
  @Test func aSuspensionThatHoldsOutlivesAnyNumberThatEnded() throws {
    var state = PassageState(setting: Self.setting)
    var log: [String: PassageRow] = [:]
    for number in 0..<3_000 {
      let key = try CredentialKey.parse("card:H10301/2/\(number)")
      let isKept = state.suspend(
        key, until: Int64(number) + 10, lasting: nil, at: Int64(number), now: Instant(nanoseconds: 1))
      #expect(isKept)
      Self.keep(state.takeChanges(), in: &log)
    }
    #expect(log.count <= PolicyLimits.suspensions)
    let last = try CredentialKey.parse("card:H10301/3/1")
    let isKept = state.suspend(last, until: nil, lasting: nil, at: 3_000, now: Instant(nanoseconds: 1))
    #expect(isKept)
    Self.keep(state.takeChanges(), in: &log)
    // A log that an earlier version wrote keeps those that ended as well.
    for number in 0..<3_000 {
      let name = "\(PassageRow.suspendedPrefix)card:H10301/2/\(number)"
      log[name] = PassageRow(credential: name, areas: "", at: Int64(number) + 10, uses: 0)
    }
    var again = PassageState(setting: Self.setting, rows: log.values.sorted { $0.credential < $1.credential })
    let isStillSuspended = again.resume(last)
    #expect(isStillSuspended)
  }

  /// Nobody knows when eight hours end that began under a clock of 1970: after a restart they hold until resumed.
  @Test(arguments: [(true, false), (false, true)])
  func aLengthUnderAnUntrustedClockHoldsOverARestart(_ isClockTrusted: Bool, _ holds: Bool) throws {
    var state = PassageState(setting: Self.setting)
    let key = try CredentialKey.parse("card:H10301/1/1")
    let isKept = state.suspend(
      key, until: nil, lasting: .seconds(28_800), at: 1_000, now: .zero, isClockTrusted: isClockTrusted)
    #expect(isKept)
    let again = PassageState(setting: Self.setting, rows: state.takeChanges())
    let decision = Decider(setting: Self.setting).decide(
      AccessRequest(reader: ReaderIndex(0), credential: key, at: 1_795_305_600_000, now: .zero),
      list: try Self.list(1, rows: 4), state: again)
    #expect((decision.reason == .deniedCredentialDisabled) == holds)
  }
}
