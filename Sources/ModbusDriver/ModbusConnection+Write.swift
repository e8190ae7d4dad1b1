extension ModbusConnection {
  /// Changes bits of one register and leaves its others as they are; a nil bit stands for the whole register.
  func writeBits(unit: Int, register address: Int, bits: [Int?], levels: [Bool]) throws(ModbusError) {
    var value: [UInt16] = [0]
    if bits.contains(where: { $0 != nil }) {
      try readRegisters(unit: unit, table: .holdingRegister, address: address, count: 1, into: &value)
    }
    for (bit, level) in zip(bits, levels) {
      if let bit {
        value[0] = level ? value[0] | 1 << UInt16(bit) : value[0] & ~(1 << UInt16(bit))
      } else {
        value[0] = level ? 1 : 0
      }
    }
    try writeRegister(unit: unit, address: address, value: value[0])
  }

  /// Time first, then on; then both are read back.
  func set(_ watchdog: ModbusWatchdog) throws(ModbusError) {
    let unit = watchdog.unit
    try writeRegister(unit: unit, address: watchdog.timeoutRegister, value: UInt16(watchdog.counts))
    try writeCoils(unit: unit, address: watchdog.enableCoil, levels: [true])
    var time: [UInt16] = [0]
    try readRegisters(
      unit: unit, table: .holdingRegister, address: watchdog.timeoutRegister, count: 1, into: &time)
    guard UInt64(time[0]) == watchdog.counts else {
      throw .watchdog(unit: unit, text: "its time reads back as \(time[0]) instead of \(watchdog.counts)")
    }
    var on: [UInt8] = [0]
    try readBits(unit: unit, table: .coil, address: watchdog.enableCoil, count: 1, into: &on)
    guard on[0] != 0 else { throw .watchdog(unit: unit, text: "it reads back as off") }
  }
}
