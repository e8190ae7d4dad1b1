/// The schedules laid out flat: for each of them eight kinds of day, Monday to Sunday and holiday, and its special days.
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
  /// Which days of a schedule may be other than their weekday: bits of `Exceptions`.
  private var exceptions: [UInt8] = []
  /// The special days of all schedules in days from 1970-01-01, those of a schedule ascending, and what holds on each.
  private var specialDates: [Int32] = []
  private var specialPeriods: [Day] = []
  /// Where the special days of each schedule stand among all.
  private var specialDays: [Day] = []
  private enum Exceptions {
    static var holidays: UInt8 { @_noLocks get { 1 } }
    static var specialDays: UInt8 { @_noLocks get { 2 } }
  }

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
      always.append(schedule.always && schedule.specialDays.isEmpty)
      let wholeDay = [DayPeriod(start: 0, end: 1_440)]
      let weekdays = schedule.always ? Array(repeating: wholeDay, count: 7) : schedule.weekdays
      let ofHolidays = schedule.always ? nil : schedule.holidays
      exceptions.append(
        (ofHolidays == nil ? 0 : Exceptions.holidays)
          | (schedule.specialDays.isEmpty ? 0 : Exceptions.specialDays))
      let all =
        weekdays.joined() + (ofHolidays ?? []) + schedule.specialDays.flatMap { $0.periods }
      runsOver.append(all.contains { $0.end <= $0.start })
      for kind in 0..<8 {
        days.append(
          take(kind == 7 ? ofHolidays ?? [] : kind < weekdays.count ? weekdays[kind] : []))
      }
      specialDays.append(
        Day(start: Int32(specialDates.count), count: Int32(schedule.specialDays.count)))
      for special in schedule.specialDays.sorted(by: { $0.date < $1.date }) {
        specialDates.append(Int32(special.date.daysSince1970()))
        specialPeriods.append(take(special.periods))
      }
    }
  }

  private mutating func take(_ list: [DayPeriod]) -> Day {
    let day = Day(start: Int32(periods.count), count: Int32(list.count))
    for period in list { periods.append(Period(start: Int32(period.start), end: Int32(period.end))) }
    return day
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
    let today = periods(of: schedule, on: day)
    for place in Int(today.start)..<Int(today.start + today.count) {
      let period = periods[place]
      let runsOver = period.end <= period.start
      if minute >= Int(period.start) && (runsOver || minute < Int(period.end)) { return true }
    }
    guard runsOver[schedule] else { return false }
    let before = periods(of: schedule, on: day - 1)
    for place in Int(before.start)..<Int(before.start + before.count) {
      let period = periods[place]
      if period.end <= period.start && minute < Int(period.end) { return true }
    }
    return false
  }

  /// A special day goes before a holiday, and a holiday before its weekday.
  @_noLocks
  private borrowing func periods(of schedule: Int, on day: Int) -> Day {
    let exceptions = exceptions[schedule]
    if exceptions != 0 {
      if exceptions & Exceptions.specialDays != 0 {
        let place = specialDay(schedule, day)
        if place >= 0 { return specialPeriods[place] }
      }
      if exceptions & Exceptions.holidays != 0 && isHoliday(day) { return days[schedule * 8 + 7] }
    }
    return days[schedule * 8 + CivilDate.weekday(daysSince1970: day)]
  }

  /// The place of the special day, or -1: halving, so that a year of them takes nine looks.
  @inline(never)
  @_noLocks
  private borrowing func specialDay(_ schedule: Int, _ day: Int) -> Int {
    var low = Int(specialDays[schedule].start)
    let end = low + Int(specialDays[schedule].count)
    var high = end
    while low < high {
      let middle = (low + high) / 2
      if Int(specialDates[middle]) < day { low = middle + 1 } else { high = middle }
    }
    return low < end && Int(specialDates[low]) == day ? low : -1
  }
}
