import ControlCore

extension ModbusBusSetting {
  /// Units that any signal or watchdog names, ascending.
  var units: [Int] {
    Set(inputs.map(\.place.unit) + outputs.map(\.place.unit) + watchdogs.map(\.unit)).sorted()
  }

  func timeout(of unit: Int) -> Interval { timeouts[unit] ?? timeout }

  /// Outputs that drive the same register by its values.
  func sharing(_ place: ModbusPlace) -> [(slot: Int, words: ModbusWords)] {
    outputs.indices.compactMap { slot in
      outputs[slot].place == place ? outputs[slot].words.map { (slot, $0) } : nil
    }
  }

  /// Every fault of the setting, in words.
  public func faults() -> [String] {
    var faults: [String] = []
    let isTCP = if case .tcp = link { true } else { false }
    for unit in units where !(1...247).contains(unit) && !(isTCP && (unit == 0 || unit == 255)) {
      faults.append("unit \(unit): a unit is 1 to 247" + (isTCP ? ", 0 or 255" : ""))
    }
    for place in inputs.map(\.place) + outputs.map(\.place) {
      if !(0...65_535).contains(place.address) { faults.append("\(place): an address is 0 to 65535") }
      if let bit = place.bit, !place.table.isRegister || !(0...15).contains(bit) {
        faults.append("\(place): only a register has bits, 0 to 15")
      }
    }
    for input in inputs
    where input.reading != nil && (!input.place.table.isRegister || input.place.bit != nil) {
      faults.append("\(input.place): only a whole register is read by its value")
    }
    faults += faultsOfOutputs()
    for watchdog in watchdogs where !(1...65_535).contains(watchdog.counts) {
      faults.append("unit \(watchdog.unit): the watchdog's time does not fit its register")
    }
    if inputs.count > ModbusLimits.inputs || outputs.count > Limits.outputs {
      faults.append("too many signals")
    }
    for time in [timeout] + timeouts.values
    where time < ModbusLimits.shortestTimeout || time > ModbusLimits.longestTimeout {
      faults.append("timeout: a unit is given 5 ms to 10 s to answer")
    }
    return faults
  }

  private func faultsOfOutputs() -> [String] {
    var faults: [String] = []
    var seen: [ModbusPlace: ModbusOutput] = [:]
    for output in outputs {
      let place = output.place
      if place.table.isInput { faults.append("\(place): this table can only be read") }
      if output.words != nil, place.table != .holdingRegister || place.bit != nil {
        faults.append("\(place): only a whole holding register is written by its value")
      }
      if let other = seen[place], !Self.canShare(other, output) {
        faults.append("\(place): two outputs are wired to it")
      }
      seen[place] = output
    }
    let whole = Set(outputs.filter { $0.words != nil }.map(\.place))
    for output in outputs where output.place.bit != nil {
      var place = output.place
      place.bit = nil
      if whole.contains(place) { faults.append("\(place): is written whole and by bits") }
    }
    return faults
  }

  private static func canShare(_ left: ModbusOutput, _ right: ModbusOutput) -> Bool {
    guard let mine = left.words, let other = right.words else { return false }
    return mine.off == other.off && mine.on != other.on && !left.activeLow && !right.activeLow
  }
}
