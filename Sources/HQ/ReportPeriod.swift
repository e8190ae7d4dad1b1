import Messages

/// The time that a report is about, cut into equal steps.
struct ReportPeriod: Equatable {
  enum Step: Int64 {
    case hour = 3_600_000
    case day = 86_400_000
    case week = 604_800_000

    var name: String {
      switch self {
      case .hour: "hour"
      case .day: "day"
      case .week: "week"
      }
    }
  }

  /// Milliseconds since 1970: from included, to not.
  let from: Int64
  let to: Int64
  /// Milliseconds that the local time of the report is ahead of UTC.
  let offset: Int64
  let step: Step
  private let origin: Int64
  /// How many steps there are; the first and the last may be cut.
  let count: Int

  init(from: Int64, to: Int64, offset: Int64) {
    self.from = from
    self.to = max(to, from + 1)
    self.offset = offset
    let span = self.to - from
    step =
      span <= 3 * Step.day.rawValue ? .hour : span <= HQLimits.reportDays * Step.day.rawValue ? .day : .week
    // 1970-01-01 was a Thursday: weeks begin on the Monday before it.
    let shift = step == .week ? 3 * Step.day.rawValue : 0
    let local = from + offset + shift
    let remainder = ((local % step.rawValue) + step.rawValue) % step.rawValue
    origin = from - remainder
    count = Int((self.to - 1 - origin) / step.rawValue) + 1
  }

  func place(_ time: Int64) -> Int { Int((time - origin) / step.rawValue) }

  /// 0 to 23, by the report's local time.
  func hour(_ time: Int64) -> Int {
    let day = Step.day.rawValue
    return Int((((time + offset) % day) + day) % day / Step.hour.rawValue)
  }

  /// When a step begins: `11-22 08h`, or `2026-11-22`.
  func label(_ place: Int) -> String {
    let text = "\(Timestamp(milliseconds: origin + Int64(place) * step.rawValue + offset))"
    return step == .hour
      ? "\(text.dropFirst(5).prefix(5)) \(text.dropFirst(11).prefix(2))h" : String(text.prefix(10))
  }

  /// A moment in the report's local time, to the minute.
  func moment(_ time: Int64) -> String {
    let text = "\(Timestamp(milliseconds: time + offset))"
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
  }

  var zone: String {
    guard offset != 0 else { return "UTC" }
    let minutes = abs(offset) / 60_000
    let digits = String(10_000 + minutes / 60 * 100 + minutes % 60).dropFirst()
    return "UTC\(offset < 0 ? "-" : "+")\(digits.prefix(2)):\(digits.suffix(2))"
  }

  /// `+08:00`; nil where the text is no offset.
  static func offset(_ text: String) -> Int64? {
    guard let time = Timestamp("1970-01-02T00:00:00\(text)") else { return nil }
    return Step.day.rawValue - time.milliseconds
  }
}
