import ControlCore

/// What was answered a moment ago, so that one car or one person that is read again gets the same answer.
///
/// Of fixed size: the oldest is forgotten first.
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

  /// The answer given within `life` before `now`.
  func answer(reader: Int, _ text: String, now: Instant, life: Interval) -> Answer? {
    guard let entry = entries[Key(reader: reader, text: text)], now.since(entry.at) < life else { return nil }
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
