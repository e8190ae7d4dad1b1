import ModbusDriver

/// Whether every bus's thread still goes round: counted only when all have moved since the last count.
///
/// A bus that cannot be opened is no reason to restart the controller: it is tried again for ever.
struct BusProgress {
  private var seen: [UInt64]
  private var moved: [Bool]
  private(set) var count: UInt64 = 0

  init(buses: Int) {
    seen = Array(repeating: 0, count: buses)
    moved = Array(repeating: false, count: buses)
  }

  mutating func look(_ buses: [FieldBus]) {
    for (place, bus) in buses.enumerated() {
      guard let status = bus.driver?.status() else {
        moved[place] = true
        continue
      }
      let sum = status.units.reduce(status.connects) { $0 &+ $1.polls &+ $1.errors }
      if sum != seen[place] || status.state == .down { moved[place] = true }
      seen[place] = sum
    }
    guard moved.allSatisfy({ $0 }) else { return }
    count &+= 1
    moved = Array(repeating: false, count: moved.count)
  }
}
