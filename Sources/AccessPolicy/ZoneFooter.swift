/// A rule as POSIX's TZ variable writes it, with RFC 8536's longer hours: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneFooter {
  /// When a day of the year is meant.
  enum Day {
    /// 1 to 365, 29 February never counted.
    case julian(Int)
    /// 0 to 365.
    case zeroBased(Int)
    /// The nth (5: last) weekday (Sunday 0) of a month.
    case month(Int, week: Int, weekday: Int)

    /// Days from 1970-01-01.
    func days(in year: Int) -> Int {
      let newYear = CivilDate(year: year, month: 1, day: 1).daysSince1970()
      switch self {
      case .julian(let day):
        let isAfterLeapDay = day >= 60 && CivilDate.days(of: 2, in: year) == 29
        return newYear + day - 1 + (isAfterLeapDay ? 1 : 0)
      case .zeroBased(let day): return newYear + day
      case .month(let month, let week, let weekday):
        let first = CivilDate(year: year, month: month, day: 1).daysSince1970()
        // Monday is 0 in this room, Sunday in POSIX.
        let ahead = (weekday + 6 - CivilDate.weekday(daysSince1970: first) + 7) % 7
        let day = ahead + (week - 1) * 7
        return first + (day < CivilDate.days(of: month, in: year) ? day : day - 7)
      }
    }
  }

  struct Change {
    var day: Day
    /// Seconds from midnight, by the clock that holds until then; may lie on another day.
    var time: Int
  }

  let standard: Int32
  let summer: Int32
  /// Nil: no summer time.
  let changes: (begin: Change, end: Change)?

  /// Nil for a text that is no such rule.
  init?(_ text: [UInt8]) {
    var reader = FooterReader(text)
    guard reader.name(), let west = reader.time() else { return nil }
    standard = Int32(-west)
    if reader.isAtEnd {
      summer = standard
      changes = nil
      return
    }
    guard reader.name() else { return nil }
    var offset = -west + 3600
    if !reader.isAt(",") {
      guard let own = reader.time() else { return nil }
      offset = -own
    }
    summer = Int32(offset)
    guard let begin = reader.change(), let end = reader.change(), reader.isAtEnd else { return nil }
    changes = (begin, end)
  }

  /// The changes later than `last`, in order, to the end of the year `through`.
  func changes(after last: Int64?, through: Int) -> [(at: Int64, offset: Int32)] {
    guard let changes else { return [] }
    let start = max(1900, last.map { CivilDate(daysSince1970: Int($0 / 86_400)).year } ?? 1970)
    var found: [(at: Int64, offset: Int32)] = []
    guard start <= through else { return [] }
    for year in start...through {
      let begin = changes.begin.day.days(in: year) * 86_400 + changes.begin.time - Int(standard)
      let end = changes.end.day.days(in: year) * 86_400 + changes.end.time - Int(summer)
      found.append((at: Int64(begin), offset: summer))
      found.append((at: Int64(end), offset: standard))
    }
    found.sort { ($0.at, $0.offset == summer ? 1 : 0) < ($1.at, $1.offset == summer ? 1 : 0) }
    return found.filter { $0.at > last ?? .min }
  }
}

private struct FooterReader {
  private let text: [UInt8]
  private var position = 0

  init(_ text: [UInt8]) {
    self.text = text
  }

  var isAtEnd: Bool { position == text.count }

  func isAt(_ mark: Unicode.Scalar) -> Bool {
    position < text.count && text[position] == UInt8(ascii: mark)
  }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard isAt(mark) else { return false }
    position += 1
    return true
  }

  /// `CET`, or `<+03>`: what it says is not needed.
  mutating func name() -> Bool {
    let start = position
    if take("<") {
      while !isAtEnd && !isAt(">") { position += 1 }
      return take(">")
    }
    while position < text.count, text[position] | 0x20 >= 0x61, text[position] | 0x20 <= 0x7A {
      position += 1
    }
    return position - start >= 3
  }

  /// `[+-]h[h[h]][:mm[:ss]]` in seconds.
  mutating func time() -> Int? {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    guard let hours = number(most: 167) else { return nil }
    var seconds = hours * 3600
    if take(":") {
      guard let minutes = number(most: 59) else { return nil }
      seconds += minutes * 60
      if take(":") {
        guard let rest = number(most: 59) else { return nil }
        seconds += rest
      }
    }
    return isNegative ? -seconds : seconds
  }

  /// `,M3.5.0/3`; two o'clock where no time is given.
  mutating func change() -> ZoneFooter.Change? {
    guard take(","), let day = day() else { return nil }
    guard take("/") else { return ZoneFooter.Change(day: day, time: 7200) }
    return time().map { ZoneFooter.Change(day: day, time: $0) }
  }

  private mutating func day() -> ZoneFooter.Day? {
    if take("J") {
      guard let day = number(most: 365), day >= 1 else { return nil }
      return .julian(day)
    }
    guard take("M") else { return number(most: 365).map { .zeroBased($0) } }
    guard let month = number(most: 12), month >= 1, take("."), let week = number(most: 5), week >= 1,
      take("."), let weekday = number(most: 6)
    else { return nil }
    return .month(month, week: week, weekday: weekday)
  }

  private mutating func number(most: Int) -> Int? {
    var value: Int?
    while position < text.count, text[position] >= 0x30, text[position] <= 0x39 {
      value = (value ?? 0) * 10 + Int(text[position] - 0x30)
      position += 1
      guard let value, value <= most else { return nil }
    }
    return value
  }
}
