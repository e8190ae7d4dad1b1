import AccessPolicy
import ControlCore
import FoundationEssentials
import Testing

/// The site of `cases/decisions.txt`: two lanes into a garage for three, a lobby, a yard and a vault.
enum TestSite {
  static let pointNames =
    ["lane1", "lane2", "lobby", "yard", "vault", "soft", "timed"] + [
      "safe", "twin", "both", "site", "inner", "shop", "park",
    ]

  static func point(_ name: String) -> PointIndex { PointIndex(pointNames.firstIndex(of: name)!) }

  static func setting(zone: ZoneRules) -> PolicySetting {
    PolicySetting(
      pointNames: pointNames, readers: readers, schedules: schedules,
      holidays: [CivilDate(year: 2026, month: 10, day: 3), CivilDate(year: 2026, month: 10, day: 1)],
      groups: groups, areas: areas, zone: zone)
  }

  static let readers = [
    reader("lane1.camera", .plate, match: .tolerant, min: 0.8, holdOff: 8_000),
    reader("lane2.camera", .plate, side: .out, match: .tolerant, min: 0.8),
    reader("yard.camera", .plate, min: 0.9),
    reader("lobby.card", .card), reader("lobby.keypad", .pin), reader("vault.card", .card),
    reader("soft.card", .card), reader("timed.card", .card),
    reader("lobby.qr", .qr), reader("vault.qr", .qr), reader("lobby.face", .face),
    reader("lobby.camera", .plate),
    reader("safe.card", .card, factors: [.card, .pin]), reader("safe.keypad", .pin, factors: [.card, .pin]),
    reader("twin.card", .card, twoPerson: true),
    reader("both.camera", .plate, match: .tolerant, holdOff: 8_000, factors: [.plate, .card]),
    reader("both.card", .card, factors: [.plate, .card]),
    reader("site.card", .card), reader("site.out", .card, side: .out),
    reader("inner.card", .card), reader("inner.out", .card, side: .out),
    reader("shop.card", .card), reader("shop.out", .card, side: .out),
    reader("park.front", .plate, match: .tolerant, holdOff: 8_000),
    reader("park.rear", .plate, match: .tolerant), reader("park.out", .plate, side: .out),
  ]

  private static func reader(
    _ name: String, _ kind: CredentialKind, side: Side = .in, match: PlateMatch = .exact, min: Double = 0,
    holdOff: UInt64 = 0, factors: [CredentialKind] = [], twoPerson: Bool = false
  ) -> ReaderSetting {
    ReaderSetting(
      name: name, point: point(String(name.split(separator: ".")[0])), side: side, kind: kind, match: match,
      minConfidence: min, holdOff: .milliseconds(holdOff), factors: factors, twoPerson: twoPerson)
  }

  private static let schedules = [
    ScheduleSetting(name: "always", always: true, weekdays: Array(repeating: [], count: 7), holidays: nil),
    ScheduleSetting(
      name: "office", always: false, weekdays: week(0...4, [period(8, 12), period(13, 20)]), holidays: []),
    ScheduleSetting(name: "night", always: false, weekdays: week(0...3, [period(22, 6)]), holidays: nil),
    ScheduleSetting(
      name: "weekend", always: false, weekdays: week(5...6, [period(0, 24)]), holidays: [period(10, 1)]),
    ScheduleSetting(
      name: "small-hours", always: false, weekdays: week(0...6, [DayPeriod(start: 135, end: 165)]),
      holidays: nil),
    ScheduleSetting(
      name: "special", always: false, weekdays: week(0...4, [period(8, 18)]), holidays: [period(10, 12)],
      specialDays: [
        special(2026, 12, 31, [period(20, 2)]), special(2026, 12, 24, [period(8, 12)]),
        special(2026, 12, 25, []), special(2026, 10, 1, [period(22, 2)]), special(2026, 10, 2, []),
        special(2026, 10, 25, [DayPeriod(start: 135, end: 165)]),
        special(2026, 3, 29, [DayPeriod(start: 60, end: 165)]), special(2028, 2, 29, [period(0, 24)]),
      ]),
    ScheduleSetting(
      name: "but one day", always: true, weekdays: Array(repeating: [], count: 7), holidays: [],
      specialDays: [special(2026, 12, 24, [period(8, 12)])]),
    ScheduleSetting(
      name: "special night", always: false, weekdays: week(0...6, [period(22, 6)]), holidays: nil,
      specialDays: [special(2026, 12, 24, []), special(2026, 12, 31, [period(20, 4)])]),
  ]

  private static func period(_ from: Int, _ to: Int) -> DayPeriod {
    DayPeriod(start: from * 60, end: to * 60)
  }

  private static func special(_ year: Int, _ month: Int, _ day: Int, _ periods: [DayPeriod]) -> SpecialDay {
    SpecialDay(date: CivilDate(year: year, month: month, day: day), periods: periods)
  }

  private static func week(_ days: ClosedRange<Int>, _ periods: [DayPeriod]) -> [[DayPeriod]] {
    (0..<7).map { days.contains($0) ? periods : [] }
  }

  static let groups = [
    group("residents", ["lane1", "lane2", "lobby", "vault"], 0, .allow),
    group("staff", ["lobby"], 1, .deny),
    group("night", ["lobby"], 2, .allow),
    group("weekend", ["lobby"], 3, .allow),
    group("small-hours", ["lobby"], 4, .allow),
    group("yard", ["yard"], 0, .allow),
    group("strict", ["lobby"], 0, .deny),
    group("lab", ["soft", "timed"], 0, .allow),
    group("rules", ["safe", "twin", "both", "site", "inner", "shop", "lobby"], 0, .allow),
    group("leaders", ["shop"], 0, .allow), group("homes", ["park"], 0, .allow),
    group("firm", ["park"], 0, .allow),
    GroupSetting(
      name: "guards", points: [point("lobby"), point("park")], schedule: 0, untrustedClock: .allow,
      passesLockdown: true),
    group("constant", ["lobby"], 0, .onlyAlways), group("constant-office", ["lobby"], 1, .onlyAlways),
    GroupSetting(
      name: "pinned", points: [point("lobby")], schedule: 0, untrustedClock: .allow, factors: [.card, .pin]),
    GroupSetting(
      name: "pairs", points: [point("yard")], schedule: 0, untrustedClock: .allow, twoPerson: true),
    GroupSetting(
      name: "cleaners", points: [point("lobby")], schedule: 1, untrustedClock: .allow, twoPerson: true),
    group("porters", ["lobby"], 0, .allow),
    group("special", ["lobby"], 5, .deny), group("but-one-day", ["lobby"], 6, .onlyAlways),
    group("special-night", ["lobby"], 7, .allow),
    GroupSetting(
      name: "wardens", points: [point("twin")], schedule: 0, untrustedClock: .allow, passesLockdown: true),
    GroupSetting(
      name: "safe-pairs", points: [point("safe")], schedule: 0, untrustedClock: .allow, twoPerson: true),
  ]

  static func group(_ name: String) -> Int { groups.firstIndex { $0.name == name }! }

  private static func group(
    _ name: String, _ points: [String], _ schedule: Int, _ clock: UntrustedClock
  ) -> GroupSetting {
    GroupSetting(name: name, points: points.map(point), schedule: schedule, untrustedClock: clock)
  }

  private static let areas = [
    AreaSetting(
      name: "garage", capacity: 3, entries: [point("lane1")], exits: [point("lane2")], passback: .hard),
    AreaSetting(name: "soft", capacity: nil, entries: [point("soft")], exits: [], passback: .soft),
    AreaSetting(
      name: "timed", capacity: nil, entries: [point("timed")], exits: [], passback: .timed(.seconds(600))),
    AreaSetting(name: "site", capacity: nil, entries: [point("site")], exits: [], passback: .hard),
    AreaSetting(
      name: "inner", capacity: nil, entries: [point("inner")], exits: [], passback: .hard, within: 3),
    AreaSetting(
      name: "shop", capacity: nil, entries: [point("shop")], exits: [], passback: .off,
      firstIn: [group("leaders")]),
    AreaSetting(
      name: "park", capacity: nil, entries: [point("park")], exits: [], passback: .off,
      quotas: [
        QuotaSetting(group: group("homes"), ofHolder: 2), QuotaSetting(group: group("firm"), ofGroup: 3),
      ]),
  ]

  static let groupNames = groups.map(\.name)

  static func rows() -> [ListRow] {
    let (rows, faults) = AllowListText.parse(Array(Cases.text("list.csv").utf8), groupNames: groupNames)
    precondition(faults.isEmpty, "\(faults)")
    return rows
  }

  static func list() -> ListSnapshot {
    ListSnapshot(rows: rows(), version: 42, groups: groups)
  }
}

/// The data files beside the tests.
enum Cases {
  static func text(_ name: String) -> String {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    return String(decoding: bytes("/\(folder)/cases/\(name)"), as: UTF8.self)
  }

  static func zone(_ name: String) throws -> ZoneRules {
    try ZoneRules(tzif: bytes("/usr/share/zoneinfo/\(name)"))
  }

  static func bytes(_ path: String) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      preconditionFailure("cannot read \(path)")
    }
    return Array(data)
  }
}
