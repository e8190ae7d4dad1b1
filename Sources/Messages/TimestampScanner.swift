/// Takes an RFC 3339 time apart.
struct TimestampScanner {
  let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Milliseconds since 1970, nil where the text is not a time.
  mutating func scan() -> Int64? {
    guard let year = number(4), take("-"), let month = number(2), (1...12).contains(month), take("-"),
      let date = number(2), date >= 1, date <= Self.days(in: month, of: year),
      take("T") || take("t") || take(" "), let hour = number(2), hour <= 23, take(":"),
      let minute = number(2), minute <= 59, take(":"), let second = number(2), second <= 60,
      let fraction = milliseconds(), let offset = offset(), position == bytes.count
    else { return nil }
    let day = Timestamp.day(year: year, month: month, date: date)
    return ((day * 24 + hour) * 60 + minute - offset) * 60_000 + second * 1_000 + fraction
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  private mutating func digit() -> Int64? {
    guard position < bytes.count, bytes[position] >= 0x30, bytes[position] <= 0x39 else { return nil }
    defer { position += 1 }
    return Int64(bytes[position] - 0x30)
  }

  private mutating func number(_ width: Int) -> Int64? {
    var value: Int64 = 0
    for _ in 0..<width {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  private mutating func milliseconds() -> Int64? {
    guard take(".") else { return 0 }
    guard var value = digit() else { return nil }
    var count = 1
    while let digit = digit() {
      if count < 3 { value = value * 10 + digit }
      count += 1
    }
    while count < 3 {
      value *= 10
      count += 1
    }
    return value
  }

  /// Minutes east of Greenwich.
  private mutating func offset() -> Int64? {
    if take("Z") || take("z") { return 0 }
    let sign: Int64
    if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
    guard let hours = number(2), hours <= 23, take(":"), let minutes = number(2), minutes <= 59 else {
      return nil
    }
    return sign * (hours * 60 + minutes)
  }
}
