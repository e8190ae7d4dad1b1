/// A moment as it stands on the wire: RFC 3339 in UTC with milliseconds, `2026-11-22T08:00:00.123Z`.
public struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Since 1970-01-01T00:00:00Z, leap seconds not counted.
  public var milliseconds: Int64

  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// Reads RFC 3339 with any offset and any number of decimals; what is finer than a millisecond is cut off.
  public init?(_ text: String) {
    var scanner = TimestampScanner(bytes: Array(text.utf8))
    guard let milliseconds = scanner.scan() else { return nil }
    self.milliseconds = milliseconds
  }

  /// A moment outside the years 0000 to 9999 is shown as the nearest that RFC 3339 can write.
  public var description: String {
    let value = min(max(milliseconds, -62_167_219_200_000), 253_402_300_799_999)
    let day = value.flooredQuotient(86_400_000)
    let time = value - day * 86_400_000
    let (year, month, date) = Self.civil(fromDay: day)
    var text: [UInt8] = []
    text.reserveCapacity(24)
    Self.append(year, 4, "-", to: &text)
    Self.append(month, 2, "-", to: &text)
    Self.append(date, 2, "T", to: &text)
    Self.append(time / 3_600_000, 2, ":", to: &text)
    Self.append(time / 60_000 % 60, 2, ":", to: &text)
    Self.append(time / 1_000 % 60, 2, ".", to: &text)
    Self.append(time % 1_000, 3, "Z", to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

  private static func append(_ value: Int64, _ width: Int, _ mark: Unicode.Scalar, to text: inout [UInt8]) {
    var divisor: Int64 = 1
    for _ in 1..<width { divisor *= 10 }
    while divisor > 0 {
      text.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
      divisor /= 10
    }
    text.append(UInt8(ascii: mark))
  }

  /// Days since 1970-01-01 in the proleptic Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms").
  static func day(year: Int64, month: Int64, date: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted.flooredQuotient(400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + date - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func civil(fromDay day: Int64) -> (year: Int64, month: Int64, date: Int64) {
    let shifted = day + 719_468
    let era = shifted.flooredQuotient(146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

extension Int64 {
  /// Division that rounds down, also below zero.
  func flooredQuotient(_ divisor: Int64) -> Int64 {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
