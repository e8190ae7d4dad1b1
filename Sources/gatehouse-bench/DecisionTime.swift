import AccessPolicy
import ControlCore
import Platform

/// A whole decision with everything on, over a list of 100,000, against one look-up in SQLite by the same key.
enum DecisionTime {
  static let limit = 0.1
  static let rounds = 20
  static let decisionsOfRound = 5_000

  static func measure() throws -> Figure {
    guard AllocationCount.works() else { throw BenchFault("the allocation counter sees nothing: no figure") }
    let setting = DecisionSite.setting()
    let keys = DecisionSite.keys
    let rows = try DecisionSite.rows()
    let list = ListSnapshot(rows: rows, version: 1, groups: setting.groups)
    let decider = Decider(setting: setting)
    let state = DecisionSite.state(setting, rows, list)
    let folder = try TemporaryDirectory(prefix: "gatehouse-bench")
    let store = try RawSQLite(path: "\(folder.path)/raw.db")
    try store.fill(keys)
    let statement = unsafe try store.prepareLookup()
    defer { unsafe RawSQLite.finish(statement) }
    var ours: [UInt64] = []
    var raw: [UInt64] = []
    var random = UInt64(417)
    var allocations = 0
    var request = AccessRequest(
      reader: ReaderIndex(0), credential: nil, at: DecisionSite.at, now: DecisionSite.now + .seconds(60))
    var decision = AccessDecision()
    for _ in 0..<rounds {
      // The same credentials in the same order on both sides, gathered before the clock runs: a reader hands
      // over what it has just read, not something far away in memory.
      let picks = (0..<decisionsOfRound).map { _ in next(&random) }
      let texts = picks.map { String(decoding: Array(keys[$0].utf8), as: UTF8.self) }
      let read = picks.map { rows[$0].credential }
      let before = AllocationCount.soFar()
      var began = ThreadClock.now()
      for (place, credential) in read.enumerated() {
        request.credential = credential
        decider.decide(request, list: list, state: state, into: &decision)
        guard decision.isGrant && !decision.isRepeat else {
          throw BenchFault("\(texts[place]) was not granted")
        }
      }
      allocations += AllocationCount.soFar() - before
      ours.append((ThreadClock.now() - began) / UInt64(decisionsOfRound))
      began = ThreadClock.now()
      for (place, text) in texts.enumerated() {
        guard unsafe RawSQLite.look(statement, text) == Int64(picks[place]) else {
          throw BenchFault("\(text) was not found")
        }
      }
      raw.append((ThreadClock.now() - began) / UInt64(decisionsOfRound))
    }
    guard allocations == 0 else { throw BenchFault("\(allocations) allocations in the decisions") }
    let ratio = percentile(ours, 0.5) / percentile(raw, 0.5)
    return Figure(
      name: "decision", unit: "ns",
      subject: "one decision with validity, uses, schedule, passback, occupancy, hold-off and trace, "
        + "\(DecisionSite.entries) entries, no allocation",
      ours: [("median", percentile(ours, 0.5))], baseline: "one SQLite look-up by text key",
      raw: [("median", percentile(raw, 0.5))], goal: .init(value: ratio, limit: limit, name: "ratio"))
  }

  private static func next(_ state: inout UInt64) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(DecisionSite.entries))
  }
}
