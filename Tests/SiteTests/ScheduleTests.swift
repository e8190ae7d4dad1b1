import AccessPolicy
import Testing

@testable import Site

@Suite("Schedules")
struct ScheduleTests {
  @Test func specialDaysAreRead() throws {
    let policy = try load(
      door(
        """
        schedules: {
          always: {},
          office: { mon: ["08:00-18:00"], holidays: [],
                    special_days: { "2026-12-31": [], "2026-12-24": ["08:00-12:00", "22:00-02:00"], "2028-02-29": ["00:00-24:00"] } },
          fair: { special_days: { "2026-06-13": ["09:00-20:00"] } },
        },
        holidays: { "2026-12-24": "Christmas Eve" },
        """)
    ).policy
    let schedules = Dictionary(uniqueKeysWithValues: policy.schedules.map { ($0.name, $0) })
    #expect(schedules["always"]?.specialDays == [] && schedules["always"]?.always == true)
    #expect(
      schedules["office"]?.specialDays == [
        day(2026, 12, 24, [DayPeriod(start: 480, end: 720), DayPeriod(start: 1_320, end: 120)]),
        day(2026, 12, 31, []), day(2028, 2, 29, [DayPeriod(start: 0, end: 1_440)]),
      ])
    // A schedule of nothing else is open on those dates alone.
    #expect(schedules["fair"]?.always == false)
    #expect(schedules["fair"]?.specialDays == [day(2026, 6, 13, [DayPeriod(start: 540, end: 1_200)])])
    let decider = Decider(setting: policy)
    let fair = try #require(policy.schedules.firstIndex { $0.name == "fair" })
    for (time, isOpen) in [("2026-06-13T04:00:00Z", true), ("2026-06-14T04:00:00Z", false)] {
      let covers = decider.covers(fair, atUnixMilliseconds: try UnixMilliseconds.parse(time))
      #expect(covers == isOpen, "\(time)")
    }
  }

  /// As many as there may be.
  @Test func aYearOfSpecialDaysIsRead() throws {
    let days = (0..<366).map { "\"\(2000 + $0)-01-01\": []," }.joined()
    let policy = try load(door("schedules: { s: { special_days: { \(days) } } },")).policy
    #expect(policy.schedules[0].specialDays.count == 366)
  }

  private func day(_ year: Int, _ month: Int, _ day: Int, _ periods: [DayPeriod]) -> SpecialDay {
    SpecialDay(date: CivilDate(year: year, month: month, day: day), periods: periods)
  }
}
