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

  /// What the board does by itself first, then the watchdog's time, then on; each is read back.
  /// - Parameter levels: the safe level on the wire of each coil that is an output.
  func set(_ watchdog: ModbusWatchdog, levels: [Int: Bool]) throws(ModbusError) {
    let unit = watchdog.unit
    if let base = watchdog.safeCoil { try keep(levels, unit, at: base, "after a trip") }
    if let base = watchdog.powerOnCoil { try keep(levels, unit, at: base, "after power-on") }
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

  /// Coils that keep a level for the board's own use. Written only where they differ: boards keep them in memory that
  /// wears.
  private func keep(
    _ levels: [Int: Bool], _ unit: Int, at base: Int, _ when: String
  ) throws(ModbusError) {
    guard let first = levels.keys.min(), let last = levels.keys.max() else { return }
    var kept = [UInt8](repeating: 0, count: last - first + 1)
    try readBits(unit: unit, table: .coil, address: base + first, count: kept.count, into: &kept)
    let wrong = levels.filter { (kept[$0.key - first] != 0) != $0.value }
    if wrong.isEmpty { return }
    for (address, level) in wrong { try writeCoils(unit: unit, address: base + address, levels: [level]) }
    try readBits(unit: unit, table: .coil, address: base + first, count: kept.count, into: &kept)
    for (address, level) in levels where (kept[address - first] != 0) != level {
      throw .watchdog(
        unit: unit,
        text: "the level of coil \(address) \(when), in coil \(base + address), stays \(level ? "off" : "on")"
      )
    }
  }
}
