import AccessPolicy
import ControlCore
import Platform

/// A whole decision with its trace over a list of 100,000, against one look-up in SQLite by the same key.
enum DecisionTime {
  static let entries = 100_000
  static let rounds = 20
  static let decisionsOfRound = 5_000

  static func measure() throws -> Figure {
    let setting = policy()
    let keys = (0..<entries).map { "card:H10301/\($0 / 60_000)/\($0 % 60_000)" }
    let rows = try keys.enumerated().map { number, text in
      ListRow(credential: try CredentialKey.parse(text), holder: "holder \(number)", groups: [0])
    }
    let list = ListSnapshot(rows: rows, version: 1, groups: setting.groups)
    let decider = Decider(setting: setting)
    let state = PassageState(setting: setting)
    let folder = try TemporaryDirectory(prefix: "gatehouse-bench")
    let store = try RawSQLite(path: "\(folder.path)/raw.db")
    try store.fill(keys)
    let statement = unsafe try store.prepareLookup()
    defer { unsafe RawSQLite.finish(statement) }
    var ours: [UInt64] = []
    var raw: [UInt64] = []
    var random = UInt64(417)
    for _ in 0..<rounds {
      // The same credentials in the same order on both sides, gathered before the clock runs: a reader hands
      // over what it has just read, not something far away in memory.
      let picks = (0..<decisionsOfRound).map { _ in next(&random) }
      let read = picks.map { rows[$0].credential }
      let texts = picks.map { String(decoding: Array(keys[$0].utf8), as: UTF8.self) }
      var began = MonotonicClock.now()
      for (place, credential) in read.enumerated() {
        let request = AccessRequest(
          reader: ReaderIndex(0), credential: credential, at: 1_790_000_000_000,
          now: Instant(nanoseconds: 1_000_000_000))
        guard decider.decide(request, list: list, state: state).outcome == .grant else {
          throw BenchFault("\(texts[place]) was not granted")
        }
      }
      ours.append((MonotonicClock.now() - began) / UInt64(decisionsOfRound))
      began = MonotonicClock.now()
      for (place, text) in texts.enumerated() {
        guard unsafe RawSQLite.look(statement, text) == Int64(picks[place]) else {
          throw BenchFault("\(text) was not found")
        }
      }
      raw.append((MonotonicClock.now() - began) / UInt64(decisionsOfRound))
    }
    return Figure(
      name: "decision", unit: "ns",
      subject: "one decision with schedule, passback, occupancy and trace, \(entries) entries",
      ours: [("median", percentile(ours, 0.5))], baseline: "one SQLite look-up by text key",
      raw: [("median", percentile(raw, 0.5))], goal: nil)
  }

  private static func next(_ state: inout UInt64) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(entries))
  }

  private static func policy() -> PolicySetting {
    let day = [DayPeriod(start: 0, end: 12 * 60), DayPeriod(start: 12 * 60, end: 24 * 60)]
    return PolicySetting(
      pointNames: ["lobby"],
      readers: [ReaderSetting(name: "lobby.card", point: PointIndex(0), side: .in, kind: .card)],
      schedules: [
        ScheduleSetting(name: "days", always: false, weekdays: Array(repeating: day, count: 7), holidays: nil)
      ],
      holidays: [],
      groups: [GroupSetting(name: "staff", points: [PointIndex(0)], schedule: 0, untrustedClock: .deny)],
      areas: [
        AreaSetting(name: "house", capacity: 1_000, entries: [PointIndex(0)], exits: [], passback: .hard)
      ], zone: .utc)
  }
}
