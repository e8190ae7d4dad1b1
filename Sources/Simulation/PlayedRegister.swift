import Site

/// A register that several inputs read by its value: the number that says what each of them shall say.
struct PlayedRegister {
  let seat: FieldWires.Seat
  let table: ModbusTable
  let address: Int
  private var readings: [(input: Int, reading: RegisterReading)] = []
  /// Numbers at the edges of the bands and beside them; among them is one for every state that can be told.
  private var numbers: [UInt16] = []

  static func all(of site: SiteDescription) -> [PlayedRegister] {
    var found: [PlayedRegister] = []
    for (place, wiring) in site.inputWiring.enumerated() {
      guard case .modbus(let wire) = wiring, let reading = wire.reading else { continue }
      let seat = FieldWires.Seat(bus: wire.bus, unit: wire.unit)
      let known = found.firstIndex {
        $0.seat == seat && $0.table == wire.table && $0.address == wire.address
      }
      if known == nil { found.append(PlayedRegister(seat: seat, table: wire.table, address: wire.address)) }
      found[known ?? found.count - 1].add(place, reading)
    }
    return found
  }

  private init(seat: FieldWires.Seat, table: ModbusTable, address: Int) {
    self.seat = seat
    self.table = table
    self.address = address
  }

  private mutating func add(_ input: Int, _ reading: RegisterReading) {
    readings.append((input, reading))
    for values in reading.bands.map(\.values) {
      numbers += [
        values.lowerBound, values.upperBound, values.lowerBound &- 1, values.upperBound &+ 1,
      ]
    }
  }

  /// The first number that says it all, or most of it.
  func number(for levels: [Bool]) -> UInt16 {
    var best: (number: UInt16, right: Int) = (0, -1)
    for number in [0] + numbers {
      let right = readings.count { $0.reading.word(of: number) == (levels[$0.input] ? .on : .off) }
      if right > best.right { best = (number, right) }
      if right == readings.count { break }
    }
    return best.number
  }
}
