import AccessPolicy
import ControlCore
import TestSupport
import Testing

/// Special days against the plainest way to say what they are.
extension PropertyTests {
  private static let start = CivilDate(year: 2026, month: 9, day: 20).daysSince1970()

  private static func schedule(_ numbers: inout SplitMix64) -> ScheduleSetting {
    let dates = Set((0..<Int.random(in: 0...12, using: &numbers)).map { _ in Int(numbers.next() % 40) })
    let special = dates.shuffled(using: &numbers).map { day in
      SpecialDay(
        date: CivilDate(daysSince1970: start + day),
        periods: (0..<Int.random(in: 0...2, using: &numbers)).map { _ in period(&numbers) })
    }
    return ScheduleSetting(
      name: "s", always: numbers.next() % 5 == 0, weekdays: week(&numbers),
      holidays: numbers.next() % 2 == 0 ? [period(&numbers)] : nil, specialDays: special)
  }

  private static func periods(_ schedule: ScheduleSetting, _ holidays: [CivilDate], _ day: Int) -> [DayPeriod]
  {
    let date = CivilDate(daysSince1970: day)
    if let special = schedule.specialDays.first(where: { $0.date == date }) { return special.periods }
    if schedule.always { return [DayPeriod(start: 0, end: 1_440)] }
    if let periods = schedule.holidays, holidays.contains(date) { return periods }
    return schedule.weekdays[((day + 3) % 7 + 7) % 7]
  }

  @Test(arguments: seeds) func aDateHasThePeriodsOfItsSpecialDayElseOfItsHolidayElseOfItsWeekday(
    _ seed: UInt64
  ) {
    var numbers = SplitMix64(seed: seed)
    var covered = 0
    for round in 0..<200 {
      let schedules = (0..<3).map { _ in PropertyTests.schedule(&numbers) }
      let holidays = (0..<5).map { _ in
        CivilDate(daysSince1970: PropertyTests.start + Int(numbers.next() % 40))
      }
      let decider = Decider(
        setting: PolicySetting(
          pointNames: [], readers: [], schedules: schedules, holidays: holidays, groups: [], areas: [],
          zone: .utc))
      for _ in 0..<60 {
        let day = PropertyTests.start - 1 + Int(numbers.next() % 42)
        let minute = Int(numbers.next() % 1_440)
        for (place, schedule) in schedules.enumerated() {
          let today = PropertyTests.periods(schedule, holidays, day).contains {
            minute >= $0.start && (minute < $0.end || $0.end <= $0.start)
          }
          let yesterday = PropertyTests.periods(schedule, holidays, day - 1).contains {
            $0.end <= $0.start && minute < $0.end
          }
          let covers = decider.covers(
            place, atUnixMilliseconds: Int64(day * 1_440 + minute) * 60_000 + 59_999)
          #expect(
            covers == (today || yesterday), "seed \(seed), round \(round), day \(day), \(minute): \(schedule)"
          )
          if covers { covered += 1 }
        }
      }
    }
    #expect(covered > 5_000)
  }
}
