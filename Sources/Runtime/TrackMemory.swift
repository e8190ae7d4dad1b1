import ControlCore

/// What was decided a moment ago, so that one car or one person is decided once.
///
/// Two memories of fixed size: tracks (the source says that it is the same thing) and presences (the same credential on
/// the same reader within `hold_off_ms`). The oldest is forgotten first.
struct TrackMemory<Answer> {
  private struct Key: Hashable {
    var reader: Int
    var text: String
  }

  private struct Entry {
    var answer: Answer
    var at: Instant
  }

  private var entries: [Key: Entry] = [:]
  private var order: [Key] = []
  private var oldest = 0
  private let capacity: Int

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// The answer given within `life` before `now`; where `renew`, the time runs from now again.
  mutating func answer(
    reader: Int, _ text: String, now: Instant, life: Interval, renew: Bool = false
  ) -> Answer? {
    let key = Key(reader: reader, text: text)
    guard let entry = entries[key], now.since(entry.at) < life else { return nil }
    if renew { entries[key]!.at = now }
    return entry.answer
  }

  mutating func remember(reader: Int, _ text: String, _ answer: Answer, now: Instant) {
    let key = Key(reader: reader, text: text)
    if entries.updateValue(Entry(answer: answer, at: now), forKey: key) != nil { return }
    if order.count < capacity {
      order.append(key)
    } else {
      entries[order[oldest]] = nil
      order[oldest] = key
      oldest = (oldest + 1) % capacity
    }
  }

  var count: Int { entries.count }
}
