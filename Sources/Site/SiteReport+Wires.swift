import ControlCore

extension SiteDescription {
  func reportWires(_ page: inout ReportPage) {
    if !chips.isEmpty { page.title("gpio chips") }
    for chip in chips { page.row(chip.name, chip.source.words) }
    if !buses.isEmpty { page.title("buses") }
    for bus in buses {
      page.row(
        bus.name,
        "\(bus.link.words), \(bus.use.rawValue), time-out \(bus.timeout.words), poll \(bus.poll.words)")
    }
    if !devices.isEmpty { page.title("devices") }
    for device in devices {
      let time = device.timeout.map { ", time-out \($0.words)" } ?? ""
      let fault = device.fault.map { ", faults in \($0.table.rawValue) \($0.address)" } ?? ""
      page.row(device.name, "\(buses[device.bus].name) unit \(device.unit)\(time)\(fault)")
    }
    if !inputNames.isEmpty { page.title("inputs") }
    for (position, name) in inputNames.enumerated() {
      let debounce = control.inputs[position].debounce
      var text = words(inputWiring[position])
      if debounce != .zero { text += ", debounce \(debounce.words)" }
      if inputStale[position] != .zero { text += ", stale \(inputStale[position].words)" }
      page.row(name, text)
    }
    if !outputNames.isEmpty { page.title("outputs") }
    for (position, name) in outputNames.enumerated() {
      let feedback = outputFeedback[position].map {
        ", followed by \(inputNames[$0.input.position]) within \($0.within.words)"
      }
      page.row(
        name,
        "\(words(outputWiring[position])), safe \(control.outputs[position].safe ? "on" : "off")\(feedback ?? "")"
      )
    }
  }

  func words(_ wiring: InputWiring) -> String {
    switch wiring {
    case .gpio(let chip, let line, let activeLow, let bias):
      return
        "\(chips[chip].name) line \(line.words)\(bias.map { " \($0.rawValue)" } ?? "")\(activeLow ? " active low" : "")"
    case .modbus(let wire):
      let how = wire.reading.map { ": \($0.words)" } ?? (wire.activeLow ? " active low" : "")
      return place(wire.bus, wire.unit, wire.table, wire.address, wire.bit) + how
    case .madeOf(let sources):
      let parts: [(String, InputIndex?)] = [
        ("active", sources.active), ("normal", sources.normal), ("cut", sources.cut),
        ("short", sources.short),
      ]
      return "made of "
        + parts.compactMap { key, input in input.map { "\(key)=\(inputNames[$0.position])" } }
        .joined(separator: " ")
    }
  }

  func words(_ wiring: OutputWiring) -> String {
    switch wiring {
    case .gpio(let chip, let line, let activeLow):
      return "\(chips[chip].name) line \(line.words)\(activeLow ? " active low" : "")"
    case .modbus(let wire):
      let how =
        (wire.words.map { " on \($0.on) off \($0.off)" } ?? "") + (wire.activeLow ? " active low" : "")
        + (wire.isImpulse ? ", impulse" : "")
      return place(wire.bus, wire.unit, wire.table, wire.address, wire.bit) + how + ", "
        + (wire.watchdog.map(words) ?? "no watchdog")
    }
  }

  private func words(_ watchdog: WatchdogDescription) -> String {
    let own = [
      watchdog.safeCoil.map { "after a trip by coil \($0)" },
      watchdog.powerOnCoil.map { "at power-on by coil \($0)" },
    ].compactMap { $0 }
    return "watchdog \(watchdog.timeout.words)" + own.map { ", safe \($0)" }.joined()
  }

  private func place(_ bus: Int, _ unit: Int, _ table: ModbusTable, _ address: Int, _ bit: Int?) -> String {
    "\(buses[bus].name) unit \(unit) \(table.rawValue) \(address)\(bit.map { ".\($0)" } ?? "")"
  }
}
