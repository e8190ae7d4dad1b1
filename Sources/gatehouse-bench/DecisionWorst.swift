import AccessPolicy
import ControlCore
import Platform

/// The longest way that a decision with an exact match can take: everything that ``PolicyLimits`` bounds is at its
/// bound, and only the last of all lets the credential through.
enum DecisionWorst {
  static let decisions = 2_000
  static let periods = 16

  static func measure() throws -> Figure {
    guard AllocationCount.works() else { throw BenchFault("the allocation counter sees nothing: no figure") }
    let setting = setting()
    let key = try CredentialKey.parse("card:H10301/1/1")
    let others = try (0..<PolicyLimits.pendingPassages).map { try CredentialKey.parse("card:H10301/2/\($0)") }
    let all = Array(0..<PolicyLimits.groups)
    let rows = ([key] + others).map { credential in
      ListRow(
        credential: credential, holder: "holder", groups: all, validFrom: 0, validUntil: .max, uses: 1_000)
    }
    let list = ListSnapshot(rows: rows, version: 1, groups: setting.groups)
    let decider = Decider(setting: setting)
    var state = PassageState(setting: setting)
    for number in 0..<PolicyLimits.suspensions {
      let other = try CredentialKey.parse("card:H10301/3/\(number)")
      guard
        state.suspend(other, until: nil, lasting: .seconds(9_999), at: DecisionSite.at, now: DecisionSite.now)
      else { throw BenchFault("fewer suspensions than their limit") }
    }
    // All who may wait are on their way into every area through the other door.
    for (number, other) in others.enumerated() {
      let asked = AccessRequest(
        reader: ReaderIndex(1), credential: other, at: DecisionSite.at, now: DecisionSite.now)
      let decision = decider.decide(asked, list: list, state: state)
      guard decision.isGrant else { throw BenchFault("\(other) was not granted: \(decision.reason.name)") }
      state.granted(passage: UInt64(number + 1), request: asked, decision: decision)
    }
    return try measure(key, decider, list, state)
  }

  private static func measure(
    _ key: CredentialKey, _ decider: borrowing Decider, _ list: ListSnapshot, _ state: borrowing PassageState
  ) throws -> Figure {
    let request = AccessRequest(
      reader: ReaderIndex(0), credential: key, at: DecisionSite.at, now: DecisionSite.now + .seconds(60))
    var decision = AccessDecision()
    var times: [UInt64] = []
    times.reserveCapacity(decisions)
    let before = AllocationCount.soFar()
    for _ in 0..<decisions {
      let began = ThreadClock.now()
      decider.decide(request, list: list, state: state, into: &decision)
      times.append(ThreadClock.now() - began)
    }
    let allocations = AllocationCount.soFar() - before
    guard decision.isGrant else { throw BenchFault("not granted: \(decision.reason.name)") }
    return Figure(
      name: "decision-worst", unit: "us",
      subject:
        "one decision with \(PolicyLimits.groups) groups of \(periods) periods a day, quotas of "
        + "\(PolicyLimits.countedGroups) of them in each of \(Limits.areas) areas, "
        + "\(PolicyLimits.pendingPassages) waiting, \(PolicyLimits.suspensions) suspended, "
        + "\(allocations) allocations",
      ours: [("median", percentile(times, 0.5) / 1_000), ("p99", percentile(times, 0.99) / 1_000)],
      baseline: "", raw: [],
      goal: .init(value: Double(allocations), limit: 0, name: "allocations"))
  }

  private static var firstCounted: Int { PolicyLimits.groups - PolicyLimits.countedGroups }

  /// Two doors into the same areas. Most groups are closed at the time of the decision; of those that are counted and
  /// open only the last has room left.
  private static func setting() -> PolicySetting {
    let day = (0..<periods).map { DayPeriod(start: $0 * 30, end: $0 * 30 + 1) }
    let open = [DayPeriod(start: 0, end: 24 * 60)]
    let points = [PointIndex(0), PointIndex(1)]
    return PolicySetting(
      pointNames: ["lobby", "yard"],
      readers: points.enumerated().map { place, point in
        ReaderSetting(name: "reader \(place)", point: point, side: .in, kind: .card, holdOff: .seconds(8))
      },
      schedules: [
        ScheduleSetting(
          name: "closed", always: false, weekdays: Array(repeating: day, count: 7), holidays: day),
        ScheduleSetting(
          name: "open", always: false, weekdays: Array(repeating: open, count: 7), holidays: open),
      ],
      holidays: [],
      groups: (0..<PolicyLimits.groups).map { group in
        GroupSetting(
          name: "group \(group)", points: points, schedule: group < firstCounted ? 0 : 1,
          untrustedClock: .deny)
      },
      areas: (0..<Limits.areas).map { area in
        AreaSetting(
          name: "area \(area)", capacity: 1_000, entries: points, exits: [], passback: .hard,
          quotas: (firstCounted..<PolicyLimits.groups).map { group in
            // Each group but the last finds room everywhere, and at last none.
            let isFull = area == Limits.areas - 1 && group < PolicyLimits.groups - 1
            return QuotaSetting(group: group, ofHolder: 1_000, ofGroup: isFull ? 1 : 1_000)
          })
      }, zone: .utc)
  }
}
