import ControlCore
import TestSupport
import Testing

@testable import AccessPolicy

/// Who waits is kept as sets; counted by walking over the grants it must come to the same, whatever happened.
@Suite struct WaitingGrantsTests {
  private static let groups = (0..<3).map { "group \($0)" }
  private static let holders = ["", "ann", "bob", "cid"]

  /// Four points into three areas that share them; nobody is refused for where he is.
  private static var setting: PolicySetting {
    let points = (0..<4).map { PointIndex($0) }
    let always = ScheduleSetting(name: "always", always: true, weekdays: [], holidays: nil)
    return PolicySetting(
      pointNames: points.map { "point \($0.position)" },
      readers: points.map { point in
        ReaderSetting(name: "reader \(point.position)", point: point, side: .in, kind: .card, holdOff: .zero)
      }, schedules: [always], holidays: [],
      groups: groups.map { GroupSetting(name: $0, points: points, schedule: 0, untrustedClock: .allow) },
      areas: (0..<3).map { area in
        AreaSetting(
          name: "area \(area)", capacity: 1_000, entries: [points[area], points[area + 1]], exits: [],
          passback: .soft, quotas: [QuotaSetting(group: area, ofHolder: 1_000, ofGroup: 1_000)])
      }, zone: .utc)
  }

  private static func rows() throws -> [ListRow] {
    try (0..<12).map { number in
      ListRow(
        credential: try CredentialKey.parse("card:H10301/1/\(number)"), holder: holders[number % 4],
        groups: [number % 3, (number + number / 6) % 3], validFrom: nil, validUntil: nil, uses: nil)
    }
  }

  @Test func theSetsCountAsAWalkDoes() throws {
    let seed: UInt64 = 20_261_123
    var numbers = SplitMix64(seed: seed)
    let (setting, rows) = (Self.setting, try Self.rows())
    let list = ListSnapshot(rows: rows, version: 1, groups: setting.groups)
    let decider = Decider(setting: setting)
    // Fewer than there are credentials, so that some are forgotten while they wait.
    var state = PassageState(setting: setting, limit: 8)
    var open: [UInt64] = []
    var most = 0
    for step in 1...4_000 {
      let now = Instant(nanoseconds: UInt64(step) * 1_000_000_000)
      let row = rows.randomElement(using: &numbers)!
      switch numbers.next() % 8 {
      case 0 where !open.isEmpty: state.takenBack(passage: open.remove(at: 0))
      case 1 where !open.isEmpty, 2 where !open.isEmpty:
        let passage = open.remove(at: Int(numbers.next() % UInt64(open.count)))
        state.passed(passage: passage, at: Int64(step), now: now)
      case 3: _ = state.forgetPlace(of: row.credential)
      case 4 where numbers.next() % 4 == 0: state.forgetPlaces(inArea: Int(numbers.next() % 3))
      default:
        let request = AccessRequest(
          reader: ReaderIndex(Int(numbers.next() % 4)), credential: row.credential, at: Int64(step), now: now)
        let decision = decider.decide(request, list: list, state: state)
        state.granted(passage: UInt64(step), request: request, decision: decision)
        open.append(UInt64(step))
      }
      let wrong = Self.difference(state, decider, numbers.next(), rows)
      #expect(wrong == nil, "step \(step), seed \(seed)")
      most = max(most, state.pendingCount)
      if wrong != nil { return }
    }
    let forgotten = state.forgotten
    #expect(most > 64 && forgotten > 100, "\(most) waited, \(forgotten) were forgotten: too little was tried")
  }

  /// What the sets and the walk do not agree on for one credential.
  private static func difference(
    _ state: borrowing PassageState, _ decider: borrowing Decider, _ number: UInt64, _ rows: [ListRow]
  ) -> String? {
    let credential = rows[Int(number / 4 % 12)].credential
    let members = (0..<state.pending.count).map { state.pending[$0].member }
    let holder = members.isEmpty ? 0 : members[Int(number / 64 % UInt64(members.count))].holder
    let rivals = state.rivals(of: credential, holder: holder)
    for area in 0..<3 {
      func walk(_ counts: (Membership) -> Bool) -> Int {
        (0..<state.pending.count).count { place in
          let one = state.pending[place]
          let enters = decider.doors.entered(one.point, one.side) & (1 << UInt64(area)) != 0
          let isInside = state.table.place(of: one.credential).inside & (1 << UInt64(area)) != 0
          return one.credential != credential && enters && !isInside
            && counts(one.member)
        }
      }
      let all = state.expected(in: area, rivals) - state.occupancy(of: area)
      if all != walk({ _ in true }) { return "\(all) on their way into area \(area)" }
      if holder != 0 {
        let same = state.expected(of: holder, in: area, rivals) - state.members.ofHolder(holder, in: area)
        if same != walk({ $0.holder == holder }) { return "\(same) of a holder, into area \(area)" }
      }
      for group in 0..<3 {
        let bit = UInt64(1) << UInt64(group)
        let same = state.expected(ofGroup: group, in: area, rivals) - state.members.ofGroups(bit, in: area)
        if same != walk({ $0.groups & bit != 0 }) { return "\(same) of group \(group), into area \(area)" }
      }
    }
    return nil
  }
}
