import ControlCore
import Testing

@testable import AccessPolicy

/// A grant that waits is one passage, however often its credential is shown, and takes the room of one.
@Suite struct PresenceTests {
  private static let start: Int64 = 1_795_305_600_000

  /// A door in and a door out, no hold-off.
  private static func setting(
    capacity: Int? = nil, holder: Int? = nil, passback: Passback = .soft, twoPerson: Bool = false
  ) -> PolicySetting {
    let points = [PointIndex(0), PointIndex(1)]
    let always = ScheduleSetting(name: "always", always: true, weekdays: [], holidays: nil)
    return PolicySetting(
      pointNames: ["in", "out"],
      readers: points.map { point in
        ReaderSetting(
          name: "reader \(point.position)", point: point, side: point.position == 0 ? .in : .out, kind: .card,
          holdOff: .zero, twoPerson: twoPerson && point.position == 0)
      }, schedules: [always], holidays: [],
      groups: [GroupSetting(name: "all", points: points, schedule: 0, untrustedClock: .allow)],
      areas: [
        AreaSetting(
          name: "house", capacity: capacity, entries: [points[0]], exits: [points[1]], passback: passback,
          quotas: holder.map { [QuotaSetting(group: 0, ofHolder: $0)] } ?? [])
      ], zone: .utc)
  }

  private struct House: ~Copyable {
    let decider: Decider
    let list: ListSnapshot
    var state: PassageState
    var passage: UInt64 = 0

    init(_ setting: PolicySetting, uses: Int? = nil, rows: [PassageRow] = []) throws {
      decider = Decider(setting: setting)
      list = ListSnapshot(
        rows: try (0..<10).map { number in
          ListRow(
            credential: try CredentialKey.parse("card:H10301/1/\(number)"),
            holder: number < 8 ? "household" : "guest \(number)", groups: [0],
            uses: uses)
        }, version: 1, groups: setting.groups)
      state = PassageState(setting: setting, rows: rows)
      state.recount(list)
    }

    /// Shows a card; a grant waits under ``passage``.
    mutating func show(_ card: Int, at reader: Int = 0, second: UInt64) throws -> AccessDecision {
      let request = AccessRequest(
        reader: ReaderIndex(reader), credential: try CredentialKey.parse("card:H10301/1/\(card)"),
        at: start + Int64(second) * 1_000, now: Instant.zero + .seconds(second + 100))
      let decision = decider.decide(request, list: list, state: state)
      state.noteRead(request, decision)
      if decision.isGrant && !decision.isRepeat {
        passage += 1
        state.granted(passage: passage, request: request, decision: decision)
      }
      return decision
    }

    /// Shows a card and goes through.
    @discardableResult
    mutating func pass(_ card: Int, at reader: Int = 0, second: UInt64) throws -> Reason {
      let decision = try show(card, at: reader, second: second)
      if decision.isGrant {
        state.passed(passage: passage, at: start + Int64(second) * 1_000, now: .zero + .seconds(second + 100))
      }
      return decision.reason
    }
  }

  @Test func aPassOfOneUseIsOnePassageHoweverOftenItIsShown() throws {
    var house = try House(Self.setting(), uses: 1)
    let first = try house.show(0, second: 0)
    #expect(first.isGrant && !first.isRepeat && first.renews == 0)
    for second in 1..<20 as Range<UInt64> {
      let again = try house.show(0, second: second)
      #expect(again.isGrant && again.isRepeat && again.renews == 1, "second \(second)")
    }
    let waiting = house.state.pendingCount
    #expect(waiting == 1)
    house.state.passed(passage: 1, at: Self.start, now: .zero + .seconds(130))
    let after = try house.show(0, second: 40)
    #expect(after.reason == .deniedCredentialMaxUses)
  }

  /// The machine's word was lost: after a time the credential is decided anew.
  @Test func nobodyWaitsForEverForALostWord() throws {
    var house = try House(Self.setting())
    _ = try house.show(0, second: 0)
    let soon = try house.show(0, second: PolicyLimits.waitingSeconds - 1)
    let late = try house.show(0, second: PolicyLimits.waitingSeconds)
    #expect(soon.isRepeat && !late.isRepeat && late.isGrant)
  }

  @Test(arguments: [(capacity: 2 as Int?, holder: nil as Int?), (nil, 2)])
  func whoWaitsAtTheSamePointTakesRoom(_ capacity: Int?, _ holder: Int?) throws {
    var house = try House(Self.setting(capacity: capacity, holder: holder))
    let reasons = try (0..<4).map { try house.show($0, second: UInt64($0)).reason }
    #expect(
      reasons == [.granted, .granted, .deniedUpperOccupancyLimit, .deniedUpperOccupancyLimit])
    house.state.takenBack(passage: 1)
    let next = try house.show(2, second: 10).reason
    #expect(next == .granted)
  }

  /// The one who waits was judged alone: where both go in there must be room for both.
  @Test(arguments: [(1, Reason.deniedUpperOccupancyLimit), (2, .granted)])
  func twoPersonsNeedRoomForTwo(_ capacity: Int, _ expected: Reason) throws {
    var house = try House(Self.setting(capacity: capacity, twoPerson: true))
    let first = try house.show(1, second: 0)
    let second = try house.show(8, second: 5)
    #expect(first.reason == .authorizationDelayed && second.reason == expected)
    let told = (0..<second.trace.count).contains { second.trace[$0].finding == .noRoomForTwo }
    #expect(told == (expected != .granted))
  }

  /// Who is let in or out by a guard, and by his card at the other door, leaves the count right.
  @Test(arguments: [Passback.soft, .off])
  func countsStayRightWhereSomeGoWithoutTheirCards(_ passback: Passback) throws {
    var house = try House(Self.setting(capacity: 6, passback: passback))
    for round in 0..<7 as Range<UInt64> {
      house.state.passedUnnamed(point: PointIndex(0), side: .in)
      let inside = house.state.occupancy(of: 0)
      try house.pass(1, at: 1, second: round * 10)
      let empty = house.state.occupancy(of: 0)
      #expect(inside == 1 && empty == 0, "round \(round)")
    }
    try house.pass(2, second: 100)
    for round in 0..<3 as Range<UInt64> {
      house.state.passedUnnamed(point: PointIndex(1), side: .out)
      let empty = house.state.occupancy(of: 0)
      try house.pass(2, second: 110 + round)
      let inside = house.state.occupancy(of: 0)
      #expect(empty == 0 && inside == 1, "round \(round)")
    }
    try house.pass(3, second: 120)
    let both = house.state.occupancy(of: 0)
    #expect(both == 2)
  }

  /// A passage that a wrong clock dated years ahead is forgotten after its time all the same.
  @Test func aPassageFromAheadOfTheClockIsForgotten() throws {
    let setting = Self.setting(passback: .timed(.seconds(300)))
    let ahead = PassageRow(
      credential: "card:H10301/1/0", areas: "house", at: Self.start + 315_360_000_000, uses: 0)
    var house = try House(setting, rows: [ahead])
    let soon = try house.show(0, second: 100).reason
    let late = try house.show(0, second: 300).reason
    #expect(soon == .deniedPassback && late == .granted)
  }
}
