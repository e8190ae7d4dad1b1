/// One write of coils, or of bits of one register.
struct WriteGroup: Equatable {
  var table: ModbusPlace.Table
  var first: Int
  /// The slots it carries out; for coils in the order of their addresses, without a gap.
  var slots: [Int]

  /// The same coils one by one.
  var singly: [WriteGroup] {
    if table != .coil || slots.count == 1 { return [self] }
    return slots.enumerated().map { WriteGroup(table: table, first: first + $0.offset, slots: [$0.element]) }
  }
}

/// Which writes give outputs of one unit their levels.
enum WritePlan {
  /// First what falls, then what rises: of two directions the one to be left is off before the other is on. An address
  /// that is not among `outputs` is never written.
  /// - Parameter level: the logical level by slot.
  static func groups(
    _ outputs: [(slot: Int, output: ModbusOutput)], level: (Int) -> Bool
  ) -> [WriteGroup] {
    runs(outputs.filter { !level($0.slot) }) + runs(outputs.filter { level($0.slot) })
  }

  private static func runs(_ outputs: [(slot: Int, output: ModbusOutput)]) -> [WriteGroup] {
    var result: [WriteGroup] = []
    let coils = outputs.filter { $0.output.place.table == .coil }
    for (slot, output) in coils.sorted(by: { $0.output.place.address < $1.output.place.address }) {
      let address = output.place.address
      if let last = result.last, address == last.first + last.slots.count,
        last.slots.count < ModbusLimits.bitsOfWrite
      {
        result[result.count - 1].slots.append(slot)
      } else {
        result.append(WriteGroup(table: .coil, first: address, slots: [slot]))
      }
    }
    let registers = outputs.filter { $0.output.place.table == .holdingRegister }
    for address in Set(registers.map(\.output.place.address)).sorted() {
      let slots = registers.filter { $0.output.place.address == address }.map(\.slot)
      result.append(WriteGroup(table: .holdingRegister, first: address, slots: slots))
    }
    return result
  }
}
