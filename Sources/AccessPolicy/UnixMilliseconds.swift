/// Times as RFC 3339 writes them, and as milliseconds since 1970-01-01T00:00:00Z.
public enum UnixMilliseconds {
  /// Why a text is no time.
  public enum Fault: Error, Equatable, Sendable, CustomStringConvertible {
    case form
    case withoutOffset
    case date
    case time
    case offset

    public var description: String {
      switch self {
      case .form: "not a time; write 2026-11-22T08:00:00+08:00 or 2026-11-22T00:00:00Z"
      case .withoutOffset: "the time has no offset from UTC; add Z or +08:00"
      case .date: "the calendar has no such day"
      case .time: "no clock shows such a time"
      case .offset: "no such offset from UTC"
      }
    }
  }

  /// Reads `2026-11-22T08:00:00.123+08:00`; digits beyond the millisecond are dropped, a leap second is the
  /// next second.
  public static func parse(_ text: String) throws(Fault) -> Int64 {
    guard text.utf8.count <= 64 else { throw .form }
    var reader = DigitReader(Array(text.utf8))
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
      let day = reader.number(2), reader.take("T") || reader.take("t") || reader.take(" "),
      let hour = reader.number(2), reader.take(":"), let minute = reader.number(2), reader.take(":"),
      let second = reader.number(2)
    else { throw .form }
    var fraction = 0
    if reader.take(".") {
      guard let thousandths = reader.thousandths() else { throw .form }
      fraction = thousandths
    }
    guard !reader.isAtEnd else { throw .withoutOffset }
    let offset = try reader.offsetMinutes()
    let date = CivilDate(year: year, month: month, day: day)
    guard date.exists else { throw .date }
    guard hour < 24, minute < 60, second <= 60 else { throw .time }
    let seconds = date.daysSince1970() * 86_400 + hour * 3600 + minute * 60 + second - offset * 60
    return Int64(seconds) * 1000 + Int64(fraction)
  }

  /// `2026-11-22T00:00:00.123Z`; a year that four digits cannot hold is shown as the first or last that they
  /// can.
  public static func text(_ milliseconds: Int64) -> String {
    let bounded = min(max(milliseconds, -62_167_219_200_000), 253_402_300_799_999)
    let days = Int(bounded >= 0 ? bounded / 86_400_000 : (bounded - 86_399_999) / 86_400_000)
    let rest = Int(bounded) - days * 86_400_000
    let date = CivilDate(daysSince1970: days)
    let clock =
      "\(padded(rest / 3_600_000, 2)):\(padded(rest / 60_000 % 60, 2)):\(padded(rest / 1000 % 60, 2))"
    return "\(dateText(date))T\(clock).\(padded(rest % 1000, 3))Z"
  }

  static func dateText(_ date: CivilDate) -> String {
    "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
  }

  static func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

/// Digits and marks from left to right.
private struct DigitReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }

  mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  /// Exactly so many digits.
  mutating func number(_ digits: Int) -> Int? {
    guard position + digits <= bytes.count else { return nil }
    var value = 0
    for place in position..<(position + digits) {
      guard let digit = self.digit(at: place) else { return nil }
      value = value * 10 + digit
    }
    position += digits
    return value
  }

  /// The digits after the point, of which there is at least one.
  mutating func thousandths() -> Int? {
    var value = 0
    var count = 0
    while let digit = digit(at: position) {
      if count < 3 { value = value * 10 + digit }
      count += 1
      position += 1
    }
    guard count > 0 else { return nil }
    return count == 1 ? value * 100 : count == 2 ? value * 10 : value
  }

  /// `Z` or `+08:00`, and nothing after it.
  mutating func offsetMinutes() throws(UnixMilliseconds.Fault) -> Int {
    if take("Z") || take("z") {
      guard isAtEnd else { throw .form }
      return 0
    }
    let isEast = take("+")
    guard isEast || take("-") else { throw .form }
    guard let hours = number(2), take(":"), let minutes = number(2), isAtEnd else { throw .form }
    guard hours < 24, minutes < 60 else { throw .offset }
    return (hours * 60 + minutes) * (isEast ? 1 : -1)
  }

  private func digit(at place: Int) -> Int? {
    guard place < bytes.count, bytes[place] >= 0x30, bytes[place] <= 0x39 else { return nil }
    return Int(bytes[place] - 0x30)
  }
}
