import AccessPolicy
import ControlCore
import Platform

/// What else the thread that decides does, with the state of every credential that it has room for: all are inside, all
/// count for a holder and a group.
enum PassageWorst {
  static let passages = 2_000

  static func measure() throws -> Figure {
    let known = PolicyLimits.credentialStates
    let setting = setting()
    let keys = try (0..<known + passages).map {
      try CredentialKey.parse("card:H10301/\($0 >> 16)/\($0 & 0xFFFF)")
    }
    let first = list(keys, version: 1, setting)
    var state = PassageState(setting: setting)
    let filling = try pass(keys[..<known], first, setting, &state)
    guard state.forgotten == 0 else { throw BenchFault("somebody gave way while there was room") }
    let parts = recount(list(keys, version: 2, setting), &state)
    let times = try pass(keys[known...], first, setting, &state)
    guard state.forgotten == passages else { throw BenchFault("not each new one took a place") }
    return Figure(
      name: "passage-worst", unit: "us",
      subject:
        "on the thread that decides, \(known) known and inside: a new one passes, another list is counted by",
      ours: [
        ("longest while it grew", percentile(filling, 1) / 1_000),
        ("passage", percentile(times, 0.5) / 1_000), ("passage p99", percentile(times, 0.99) / 1_000),
        ("longest", percentile(times, 1) / 1_000),
        ("part of a list", percentile(parts, 0.5) / 1_000),
        ("all \(parts.count) parts", Double(parts.reduce(0, +)) / 1_000),
      ],
      baseline: "", raw: [],
      goal: .init(
        value: percentile(times, 1) / Double(parts.reduce(0, +)), limit: 0.02,
        name: "longest passage as a share of one look at all"))
  }

  /// Each part's time in nanoseconds.
  private static func recount(_ list: ListSnapshot, _ state: inout PassageState) -> [UInt64] {
    var times: [UInt64] = []
    var next: Int? = 0
    while let place = next {
      let began = ThreadClock.now()
      next = state.recount(list, from: place, atMost: PolicyLimits.statesRecounted)
      times.append(ThreadClock.now() - began)
    }
    return times
  }

  /// From the grant to the rows for the log, in nanoseconds.
  private static func pass(
    _ keys: ArraySlice<CredentialKey>, _ list: ListSnapshot, _ setting: PolicySetting,
    _ state: inout PassageState
  ) throws -> [UInt64] {
    let decider = Decider(setting: setting)
    var times: [UInt64] = []
    for (number, key) in zip(keys.indices, keys) {
      let request = AccessRequest(
        reader: ReaderIndex(0), credential: key, at: DecisionSite.at, now: DecisionSite.now)
      let decision = decider.decide(request, list: list, state: state)
      guard decision.isGrant else { throw BenchFault("\(key) was not granted: \(decision.reason.name)") }
      let began = ThreadClock.now()
      state.granted(passage: UInt64(number + 1), request: request, decision: decision)
      state.passed(passage: UInt64(number + 1), at: request.at, now: request.now)
      let rows = state.takeChanges()
      times.append(ThreadClock.now() - began)
      guard !rows.isEmpty else { throw BenchFault("\(key) passed, and no row tells of it") }
    }
    return times
  }

  private static func list(_ keys: [CredentialKey], version: UInt64, _ setting: PolicySetting)
    -> ListSnapshot
  {
    let rows = keys.enumerated().map { place, key in
      // Another holder for each, with each list.
      ListRow(credential: key, holder: "holder \(version) \(place)", groups: [place & 1])
    }
    return ListSnapshot(rows: rows, version: version, groups: setting.groups)
  }

  private static func setting() -> PolicySetting {
    let door = PointIndex(0)
    let always = ScheduleSetting(name: "always", always: true, weekdays: [], holidays: nil)
    return PolicySetting(
      pointNames: ["door"],
      readers: [ReaderSetting(name: "door.card", point: door, side: .in, kind: .card, holdOff: .zero)],
      schedules: [always], holidays: [],
      groups: (0..<2).map {
        GroupSetting(name: "group \($0)", points: [door], schedule: 0, untrustedClock: .deny)
      },
      areas: [
        AreaSetting(
          name: "house", capacity: nil, entries: [door], exits: [], passback: .soft,
          quotas: (0..<2).map { QuotaSetting(group: $0, ofHolder: 9, ofGroup: 1_000_000) })
      ], zone: .utc)
  }
}
