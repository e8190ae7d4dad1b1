import AccessPolicy
import ControlCore

/// The people and cars of the twin's site, made from its groups: most may come in, some may not.
struct TwinList {
  static let cars = 60
  static let people = 40

  let snapshot: ListSnapshot
  let plates: [String]
  let cards: [String]

  init(_ policy: PolicySetting, _ random: inout SeededRandom) {
    plates = (0..<Self.cars).map { "京T\($0 + 10_000)" }
    cards = (0..<Self.people).map { "H10301/7/\($0 + 1_000)" }
    var rows: [ListRow] = []
    let names = plates.map { ("plate", $0) } + cards.map { ("card", $0) }
    for (kind, value) in names {
      guard let key = try? CredentialKey.parse("\(kind):\(value)") else { continue }
      // One in ten is a stranger.
      if random.oneIn(10) { continue }
      var row = ListRow(credential: key)
      if !policy.groups.isEmpty { row.groups = [Int(random.next() % UInt64(policy.groups.count))] }
      if random.oneIn(12) { row.flags = .deny }
      if random.oneIn(8) { row.flags = .extended }
      if random.oneIn(10) { row.uses = Int(random.next() % 3) + 1 }
      rows.append(row)
    }
    snapshot = ListSnapshot(rows: rows, version: 1, groups: policy.groups)
  }
}
