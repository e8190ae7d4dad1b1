/// The schedules laid out flat: for each of them eight kinds of day, Monday to Sunday and holiday.
struct ScheduleTable: ~Copyable, Sendable {
  private struct Day {
    var start: Int32
    var count: Int32
  }

  private struct Period {
    var start: Int32
    var end: Int32
  }

  private var days: [Day] = []
  private var periods: [Period] = []
  private var always: [Bool] = []
  private var hasHolidays: [Bool] = []
  /// One of its periods runs past midnight.
  private var runsOver: [Bool] = []
  /// A bit for each day from the first holiday to the last.
  private let holidays: [UInt64]
  /// In days from 1970-01-01.
  private let firstHoliday: Int

  init(_ schedules: [ScheduleSetting], holidays: [CivilDate]) {
    let dates = holidays.map { $0.daysSince1970() }
    let first = dates.min() ?? 0
    // Dates have four digits of year: at most 460 kB.
    var bits = Array(repeating: UInt64(0), count: dates.isEmpty ? 0 : (dates.max()! - first) / 64 + 1)
    for day in dates { bits[(day - first) / 64] |= 1 << UInt64((day - first) % 64) }
    self.holidays = bits
    firstHoliday = first
    for schedule in schedules {
      always.append(schedule.always)
      hasHolidays.append(schedule.holidays != nil)
      let all = schedule.weekdays.joined() + (schedule.holidays ?? [])
      runsOver.append(all.contains { $0.end <= $0.start })
      for kind in 0..<8 {
        let list =
          kind == 7
          ? schedule.holidays ?? []
          : kind < schedule.weekdays.count ? schedule.weekdays[kind] : []
        days.append(Day(start: Int32(periods.count), count: Int32(list.count)))
        for period in list {
          periods.append(Period(start: Int32(period.start), end: Int32(period.end)))
        }
      }
    }
  }

  @_noLocks
  borrowing func isAlways(_ schedule: Int) -> Bool { always[schedule] }

  @_noLocks
  borrowing func isHoliday(_ day: Int) -> Bool {
    let place = day - firstHoliday
    guard place >= 0, place >> 6 < holidays.count else { return false }
    return holidays[place >> 6] >> UInt64(place & 63) & 1 == 1
  }

  /// Whether the schedule covers the minute of the day: by a period of the day itself, or by one of the day
  /// before that runs past midnight.
  @_noLocks
  borrowing func covers(_ schedule: Int, day: Int, minute: Int) -> Bool {
    if always[schedule] { return true }
    let today = days[schedule * 8 + kind(schedule, day)]
    for place in Int(today.start)..<Int(today.start + today.count) {
      let period = periods[place]
      let runsOver = period.end <= period.start
      if minute >= Int(period.start) && (runsOver || minute < Int(period.end)) { return true }
    }
    guard runsOver[schedule] else { return false }
    let before = days[schedule * 8 + kind(schedule, day - 1)]
    for place in Int(before.start)..<Int(before.start + before.count) {
      let period = periods[place]
      if period.end <= period.start && minute < Int(period.end) { return true }
    }
    return false
  }

  @_noLocks
  private borrowing func kind(_ schedule: Int, _ day: Int) -> Int {
    hasHolidays[schedule] && isHoliday(day) ? 7 : CivilDate.weekday(daysSince1970: day)
  }
}
