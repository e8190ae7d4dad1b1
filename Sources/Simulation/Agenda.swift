import ControlCore

/// What is to happen when, soonest first; of two at the same instant the one that was put in first.
struct Agenda<Item> {
  /// Latest first, so that taking the soonest moves nothing.
  private var entries: [(at: Instant, item: Item)] = []

  mutating func put(_ item: Item, at: Instant) {
    let place = entries.firstIndex { at >= $0.at } ?? entries.count
    entries.insert((at, item), at: place)
  }

  var next: Instant? { entries.last?.at }

  mutating func take(upTo now: Instant) -> Item? {
    guard let last = entries.last, now >= last.at else { return nil }
    entries.removeLast()
    return last.item
  }
}
