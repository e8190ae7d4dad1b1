/// One write of coils, of bits of one register, or of a register's whole value.
struct WriteGroup: Equatable {
  var table: ModbusPlace.Table
  var first: Int
  /// The slots it carries out; for coils in the order of their addresses, without a gap.
  var slots: [Int]
  /// Whether anything is on when it is done.
  var rises: Bool

  /// The same coils one by one.
  var singly: [WriteGroup] {
    if table != .coil || slots.count == 1 { return [self] }
    return slots.enumerated().map {
      WriteGroup(table: table, first: first + $0.offset, slots: [$0.element], rises: rises)
    }
  }
}

/// Which writes give outputs of one unit their levels.
enum WritePlan {
  /// First what falls, then what rises: of two directions the one to be left is off before the other is on. An address
  /// that is not among `outputs` is never written. A register that is written whole changes at once.
  /// - Parameter level: the logical level by slot.
  static func groups(
    _ outputs: [(slot: Int, output: ModbusOutput)], level: (Int) -> Bool
  ) -> [WriteGroup] {
    let bits = outputs.filter { $0.output.words == nil }
    let words = whole(outputs.filter { $0.output.words != nil }, level)
    return runs(bits.filter { !level($0.slot) }, rises: false) + words.filter { !$0.rises }
      + runs(bits.filter { level($0.slot) }, rises: true) + words.filter(\.rises)
  }

  /// The value of a register by the outputs that drive it.
  static func value(_ outputs: [(words: ModbusWords, wire: Bool)]) -> UInt16 {
    let on = outputs.filter(\.wire)
    return on.count == 1 ? on[0].words.on : outputs[0].words.off
  }

  private static func whole(
    _ outputs: [(slot: Int, output: ModbusOutput)], _ level: (Int) -> Bool
  ) -> [WriteGroup] {
    Set(outputs.map(\.output.place.address)).sorted().map { address in
      let slots = outputs.filter { $0.output.place.address == address }.map(\.slot)
      return WriteGroup(
        table: .holdingRegister, first: address, slots: slots, rises: slots.contains(where: level))
    }
  }

  private static func runs(_ outputs: [(slot: Int, output: ModbusOutput)], rises: Bool) -> [WriteGroup] {
    var result: [WriteGroup] = []
    let coils = outputs.filter { $0.output.place.table == .coil }
    for (slot, output) in coils.sorted(by: { $0.output.place.address < $1.output.place.address }) {
      let address = output.place.address
      if let last = result.last, address == last.first + last.slots.count,
        last.slots.count < ModbusLimits.bitsOfWrite
      {
        result[result.count - 1].slots.append(slot)
      } else {
        result.append(WriteGroup(table: .coil, first: address, slots: [slot], rises: rises))
      }
    }
    let registers = outputs.filter { $0.output.place.table == .holdingRegister }
    for address in Set(registers.map(\.output.place.address)).sorted() {
      let slots = registers.filter { $0.output.place.address == address }.map(\.slot)
      result.append(WriteGroup(table: .holdingRegister, first: address, slots: slots, rises: rises))
    }
    return result
  }
}
