import Platform

/// Edges of a simulated chip: its counters are looked at every 250 us.
///
/// Edges between two looks have the same time stamp. More of them than levels can tell count as a loss.
final class SimulatedEars: EdgeEars, @unchecked Sendable {
  private let chip: SimulatedChip
  private let offsets: [Int]
  private let which: EdgeSource.Which
  private var counters: [UInt8]
  private var levels: [Bool]

  init(path: String, lines: [GPIOLine], which: EdgeSource.Which, bias: GPIOBias?) throws(GPIOError) {
    let chip = try SimulatedChip(path: path)
    var offsets: [Int] = []
    for line in lines {
      let offset = try chip.offset(of: line)
      chip.request(offset, as: .input, pulledUp: bias == .pullUp)
      offsets.append(Int(offset))
    }
    self.chip = chip
    self.offsets = offsets
    self.which = which
    counters = offsets.map { chip.edges($0) }
    levels = offsets.map { chip.input($0) }
  }

  func hear(_ edges: inout [Edge], stop: EventDescriptor) throws(SystemError) {
    let end = MonotonicClock.now() &+ 100_000_000
    repeat {
      MonotonicClock.sleep(until: MonotonicClock.now() &+ GPIOLimits.simulatedEdgePeriod)
      let now = MonotonicClock.now()
      for line in offsets.indices { look(line, now, &edges) }
      if !edges.isEmpty { return }
    } while MonotonicClock.now() < end
  }

  private func look(_ line: Int, _ now: UInt64, _ edges: inout [Edge]) {
    let counter = chip.edges(offsets[line])
    let changes = counter &- counters[line]
    counters[line] = counter
    // Levels alternate, so the number of changes tells each of them; more than a pulse between two looks is too fast
    // to have an order.
    for place in 0..<min(changes, 2) {
      levels[line].toggle()
      let rising = levels[line]
      let wanted =
        switch which {
        case .rising: rising
        case .falling: !rising
        case .both: true
        }
      if wanted {
        edges.append(Edge(line: UInt8(line), at: now, rising: rising, lost: changes > 2 && place < 2))
      }
    }
    if changes > 2, changes % 2 != 0 { levels[line].toggle() }
  }
}
