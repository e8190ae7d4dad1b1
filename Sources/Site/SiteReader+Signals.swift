import ControlCore

/// The three ways in which a signal can be wired, with names resolved.
private enum Wire {
  case gpio(chip: Int, line: Line)
  case modbus(bus: Int, unit: Int, table: ModbusTable, address: Int, bit: Int?)
  case channel(SiteReader.Device, DeviceProfile.Channel)
}

extension SiteReader {
  mutating func readInputs() {
    let entries = file.entries("inputs", of: file.root, limit: Limits.inputs, kind: "an input")
    for entry in entries {
      inputNames.append(entry.name)
      inputs.append(InputSetting())
      inputWiring.append(nil)
      inputStale.append(.zero)
      readInput(entry, at: inputs.count - 1)
    }
  }

  private mutating func readInput(_ entry: NamedNode, at place: Int) {
    guard let section = Section(entry.node, entry.path, .input, faults) else { return }
    let activeLow = section.flag("active_low") ?? false
    let bias = section.choice(
      "bias", ["pull_up": Bias.pullUp, "pull_down": .pullDown, "disabled": .disabled])
    let stale = section.duration("stale_ms", in: SiteLimits.stale)
    let debounce = section.duration("debounce_ms", in: SiteLimits.debounce)
    guard let wire = readWire(section, writable: false) else { return }
    switch wire {
    case .gpio(let chip, let line):
      refuse(["stale_ms"], of: section, "a GPIO line is read in every scan")
      inputs[place].debounce = debounce ?? .milliseconds(20)
      inputWiring[place] = .gpio(chip: chip, line: line, activeLow: activeLow, bias: bias)
    case .modbus(let bus, let unit, let table, let address, let bit):
      refuse(["bias"], of: section, "only a GPIO line has one")
      inputs[place].debounce = debounce ?? .zero
      inputStale[place] = stale ?? .seconds(1)
      inputWiring[place] = .modbus(
        bus: bus, unit: unit, table: table, address: address, bit: bit, activeLow: activeLow)
    case .channel(let device, let channel):
      refuse(["bias"], of: section, "only a GPIO line has one")
      inputs[place].debounce = debounce ?? .zero
      inputStale[place] = stale ?? .seconds(1)
      inputWiring[place] = .modbus(
        bus: device.bus, unit: device.unit, table: channel.table, address: channel.address, bit: channel.bit,
        activeLow: activeLow)
    }
  }

  mutating func readOutputs() {
    let entries = file.entries("outputs", of: file.root, limit: Limits.outputs, kind: "an output")
    for entry in entries {
      outputNames.append(entry.name)
      outputs.append(OutputSetting())
      outputWiring.append(nil)
      readOutput(entry, at: outputs.count - 1)
    }
  }

  private mutating func readOutput(_ entry: NamedNode, at place: Int) {
    guard let section = Section(entry.node, entry.path, .output, faults) else { return }
    let activeLow = section.flag("active_low") ?? false
    let safe = section.flag("safe") ?? false
    outputs[place].safe = safe
    if section.flag("accept_no_watchdog") == true { accepted.insert(place) }
    guard let wire = readWire(section, writable: true) else { return }
    switch wire {
    case .gpio(let chip, let line):
      refuse(["accept_no_watchdog"], of: section, "the guard drives a GPIO line to its safe level by itself")
      outputWiring[place] = .gpio(chip: chip, line: line, activeLow: activeLow)
    case .modbus(let bus, let unit, let table, let address, let bit):
      outputWiring[place] = .modbus(
        bus: bus, unit: unit, table: table, address: address, bit: bit, activeLow: activeLow, watchdog: nil)
    case .channel(let device, let channel):
      if device.acceptNoWatchdog { accepted.insert(place) }
      outputWiring[place] = .modbus(
        bus: device.bus, unit: device.unit, table: channel.table, address: channel.address, bit: channel.bit,
        activeLow: activeLow, watchdog: watchdog(of: device))
    }
  }

  private func watchdog(of device: Device) -> WatchdogDescription? {
    device.profile.watchdog.map { watchdog in
      WatchdogDescription(
        enableCoil: watchdog.enableCoil, timeoutRegister: watchdog.timeoutRegister, unit: watchdog.count,
        timeout: device.watchdogTimeout ?? watchdog.timeout)
    }
  }

  private func refuse(_ keys: [String], of section: Section, _ why: String) {
    for key in keys where section.has(key) {
      faults.add(section.path.key(key), "\(why); must be left out")
    }
  }

  private mutating func readWire(_ section: Section, writable: Bool) -> Wire? {
    let forms = ["gpio", "bus", "device"].filter { section.has($0) }
    guard forms.count == 1 else {
      let have = forms.isEmpty ? "is not wired" : "is wired twice, by \(forms.joined(separator: " and "))"
      faults.add(
        section.path, "\(have); must have one of gpio + line, bus + unit + address, device + channel")
      return nil
    }
    let others: [String: [String]] = [
      "gpio": ["unit", "table", "address", "bit", "channel"],
      "bus": ["line", "pin", "channel"],
      "device": ["line", "pin", "unit", "table", "address", "bit"],
    ]
    refuse(others[forms[0]]!, of: section, "does not belong to a signal wired by \(forms[0])")
    switch forms[0] {
    case "gpio": return readGPIO(section).map { .gpio(chip: $0.chip, line: $0.line) }
    case "bus": return readModbus(section, writable: writable)
    default: return readChannel(section, writable: writable)
    }
  }

  private func readGPIO(_ section: Section) -> (chip: Int, line: Line)? {
    guard let name = section.text("gpio") else { return nil }
    let chip = chipNames.place(of: name, section.path.key("gpio"), faults)
    let line = readLine(section, "line", "pin", chip: chip)
    guard let chip, let line else { return nil }
    return (chip, line)
  }

  /// A line by its offset or name, or by the pin of the board's header.
  func readLine(_ section: Section, _ lineKey: String, _ pinKey: String, chip: Int?) -> Line? {
    guard section.has(lineKey) != section.has(pinKey) else {
      faults.add(section.path.key(lineKey), "must be given, or \(pinKey) on a known board; one of the two")
      return nil
    }
    if section.has(pinKey) { return readPin(section, pinKey, chip: chip) }
    if case .text(let name)? = section.members[lineKey] {
      if Int(name) != nil {
        faults.add(
          section.path.key(lineKey), "\"\(name)\" in quotes is a line's name; must be \(name) for its offset")
        return nil
      }
      return section.text(lineKey).map { Line.name($0) }
    }
    return section.integer(lineKey, in: SiteLimits.line).map { Line.offset($0) }
  }

  private func readPin(_ section: Section, _ key: String, chip: Int?) -> Line? {
    guard let pin = section.integer(key, in: SiteLimits.pin), let chip else { return nil }
    guard let board = boards[chip] else {
      faults.add(
        section.path.key(key), "chip '\(chips[chip].name)' has no board; must have board:, or give line here")
      return nil
    }
    if let line = board.lines[pin] { return .offset(line) }
    let pins = board.lines.keys.sorted().map(String.init).joined(separator: ", ")
    let carries = board.power[pin].map { "carries \($0)" } ?? "has no line"
    faults.add(section.path.key(key), "pin \(pin) of \(board.name) \(carries); must be one of \(pins)")
    return nil
  }

  private mutating func readModbus(_ section: Section, writable: Bool) -> Wire? {
    let bus = readBusName(section)
    let unit = readUnit(section, bus: bus)
    let table = section.choice("table", ModbusTable.words, required: true)
    let address = section.integer("address", in: SiteLimits.address, required: true)
    guard let table else { return nil }
    let bit = ModbusTable.bit(of: section, table)
    if writable, !table.canBeWritten {
      faults.add(
        section.path.key("table"), "a \(table.rawValue) cannot be written; must be coil or holding_register")
    }
    guard let bus, let unit, let address else { return nil }
    return .modbus(bus: bus, unit: unit, table: table, address: address, bit: bit)
  }

  private func readChannel(_ section: Section, writable: Bool) -> Wire? {
    let channelName = section.text("channel", required: true)
    guard let name = section.text("device"),
      let place = deviceNames.place(of: name, section.path.key("device"), faults),
      let device = devices[place], let channelName
    else { return nil }
    let profile = device.profile
    guard profile.channelNames.contains(channelName) else {
      let usable = profile.channelNames.filter { name in
        !writable || profile.channels[name].map(\.table.canBeWritten) ?? false
      }
      let advice = NearestName.advice(channelName, in: usable, none: "it has no such channels at all")
      faults.add(
        section.path.key("channel"), "'\(profile.name)' has no channel '\(channelName)'; \(advice)")
      return nil
    }
    guard let channel = profile.channels[channelName] else { return nil }
    if channel.byWords {
      faults.add(
        section.path.key("channel"),
        "'\(channelName)' of '\(profile.name)' is switched by register values; must be a coil or one bit")
      return nil
    }
    if writable, !channel.table.canBeWritten {
      faults.add(
        section.path.key("channel"),
        "'\(channelName)' of '\(profile.name)' is a \(channel.table.rawValue), an input; must be an output")
      return nil
    }
    return .channel(device, channel)
  }
}
