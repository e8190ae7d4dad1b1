import AccessPolicy
import ControlCore

/// A site with everything on: validity, uses, schedule, holidays, summer time, passback, occupancy, hold-off.
enum DecisionSite {
  static let entries = 100_000
  /// A Thursday, 12:30 in the site's summer time.
  static let at: Int64 = 1_790_850_600_000
  static let now = Instant(nanoseconds: 1_000_000_000_000)

  static func setting(groups: Int = 16) -> PolicySetting {
    PolicySetting(
      pointNames: ["lobby", "yard"],
      readers: [
        ReaderSetting(
          name: "lobby.card", point: PointIndex(0), side: .in, kind: .card, holdOff: .seconds(8)),
        ReaderSetting(
          name: "yard.camera", point: PointIndex(1), side: .in, kind: .plate, match: .tolerant,
          minConfidence: 0.8, holdOff: .seconds(8)),
        ReaderSetting(
          name: "yard.card", point: PointIndex(1), side: .in, kind: .card, holdOff: .seconds(8)),
      ],
      schedules: [schedule],
      holidays: (1...20).map { CivilDate(year: 2026, month: 12, day: $0) },
      groups: (0..<groups).map { group in
        // Only the upper half may use the lobby.
        GroupSetting(
          name: "group \(group)", points: [PointIndex(group < groups / 2 ? 1 : 0)], schedule: 0,
          untrustedClock: .deny)
      },
      areas: [
        AreaSetting(name: "house", capacity: 1_000, entries: [PointIndex(0)], exits: [], passback: .hard)
      ], zone: summerTime)
  }

  private static var schedule: ScheduleSetting {
    let day = [DayPeriod(start: 0, end: 8 * 60), DayPeriod(start: 8 * 60 + 30, end: 20 * 60)]
    return ScheduleSetting(
      name: "days", always: false, weekdays: Array(repeating: day, count: 7), holidays: [day[0]])
  }

  /// An hour more from late March to late October, as in a zone file that reaches to 2100.
  private static var summerTime: ZoneRules {
    ZoneRules(
      first: 3_600,
      changes: (1980...2100).flatMap { year -> [(at: Int64, offset: Int32)] in
        let march = CivilDate(year: year, month: 3, day: 28).daysSince1970()
        let october = CivilDate(year: year, month: 10, day: 28).daysSince1970()
        return [
          (at: Int64(march * 86_400 + 3_600), offset: 7_200),
          (at: Int64(october * 86_400 + 3_600), offset: 3_600),
        ]
      })
  }

  static let keys = (0..<entries).map { "card:H10301/\($0 / 60_000)/\($0 % 60_000)" }

  /// Each row in two groups, of which the second grants.
  static func rows() throws -> [ListRow] {
    try keys.enumerated().map { number, text in
      ListRow(
        credential: try CredentialKey.parse(text), holder: "holder \(number)",
        groups: [number % 8, 8 + number % 8], validFrom: at - 86_400_000 * Int64(1 + number % 30),
        validUntil: at + 86_400_000 * 300, uses: 1_000)
    }
  }

  /// Twenty thousand have passed and are outside, eight wait for their passage at the other point, and the reader
  /// remembers as many reads as it can.
  static func state(
    _ setting: PolicySetting, _ rows: [ListRow], _ list: ListSnapshot, waiting: Int = 8
  ) -> PassageState {
    let passed = stride(from: 0, to: rows.count, by: 5).map { place in
      PassageRow(
        credential: rows[place].credential.storedText, areas: "-house", at: at - 86_400_000, uses: 3)
    }
    var state = PassageState(setting: setting, rows: passed)
    let decider = Decider(setting: setting)
    for number in 0..<waiting {
      let decision = read(rows[number], at: 2, decider, list, &state)
      state.granted(passage: UInt64(number + 1), request: request(rows[number], at: 2), decision: decision)
    }
    for number in 0..<PolicyLimits.readsOfReader { _ = read(rows[number], at: 0, decider, list, &state) }
    return state
  }

  private static func request(_ row: ListRow, at reader: Int) -> AccessRequest {
    AccessRequest(reader: ReaderIndex(reader), credential: row.credential, at: at, now: now)
  }

  private static func read(
    _ row: ListRow, at reader: Int, _ decider: borrowing Decider, _ list: ListSnapshot,
    _ state: inout PassageState
  ) -> AccessDecision {
    let request = request(row, at: reader)
    let decision = decider.decide(request, list: list, state: state)
    state.noteRead(request, decision)
    return decision
  }
}
