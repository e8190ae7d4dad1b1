import ControlCore

/// The ways in which a signal can be wired, with names resolved.
private enum Wire {
  case gpio(chip: Int, line: Line)
  case modbus(ModbusSpot)
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
    resolveSources()
  }

  private mutating func readInput(_ entry: NamedNode, at place: Int) {
    guard let section = Section(entry.node, entry.path, .input, faults) else { return }
    let activeLow = section.flag("active_low") ?? false
    let bias = section.choice(
      "bias", ["pull_up": Bias.pullUp, "pull_down": .pullDown, "disabled": .disabled])
    let stale = section.duration("stale_ms", in: SiteLimits.stale)
    let debounce = section.duration("debounce_ms", in: SiteLimits.debounce)
    if section.has("made_of") {
      refuse(
        section.members.keys.sorted().filter { !["made_of"].contains($0) && !$0.hasPrefix("debounce_") },
        of: section, "an input that is made of others has no wire")
      inputs[place].debounce = debounce ?? .milliseconds(20)
      madeOf.append((place, section))
      return
    }
    guard let wire = readWire(section, writable: false) else { return }
    switch wire {
    case .gpio(let chip, let line):
      refuse(["stale_ms"], of: section, "a GPIO line is read in every scan")
      inputs[place].debounce = debounce ?? .milliseconds(20)
      inputWiring[place] = .gpio(chip: chip, line: line, activeLow: activeLow, bias: bias)
    case .modbus(let spot):
      refuse(["bias"], of: section, "only a GPIO line has one")
      if spot.reading != nil {
        refuse(["active_low"], of: section, "the values of a register say what is true")
      }
      inputs[place].debounce = debounce ?? .zero
      inputStale[place] = stale ?? .seconds(1)
      inputWiring[place] = .modbus(
        ModbusInputWiring(
          bus: spot.bus, unit: spot.unit, table: spot.table, address: spot.address, bit: spot.bit,
          activeLow: activeLow, reading: spot.reading))
    }
  }

  mutating func readOutputs() {
    let entries = file.entries("outputs", of: file.root, limit: Limits.outputs, kind: "an output")
    for entry in entries {
      outputNames.append(entry.name)
      outputs.append(OutputSetting())
      outputWiring.append(nil)
      outputFeedback.append(nil)
      readOutput(entry, at: outputs.count - 1)
    }
  }

  private mutating func readOutput(_ entry: NamedNode, at place: Int) {
    guard let section = Section(entry.node, entry.path, .output, faults) else { return }
    let activeLow = section.flag("active_low") ?? false
    let safe = section.flag("safe") ?? false
    outputs[place].safe = safe
    if section.flag("accept_no_watchdog") == true { accepted.insert(place) }
    outputFeedback[place] = readFeedback(section)
    guard let wire = readWire(section, writable: true) else { return }
    switch wire {
    case .gpio(let chip, let line):
      refuse(["accept_no_watchdog"], of: section, "the guard drives a GPIO line to its safe level by itself")
      outputWiring[place] = .gpio(chip: chip, line: line, activeLow: activeLow)
    case .modbus(let spot):
      if spot.words != nil {
        refuse(["active_low"], of: section, "the values of a register say what is true")
      }
      if spot.isImpulse, safe {
        faults.add(section.path.key("safe"), "an impulse cannot be held; must be false")
      }
      if spot.device?.acceptNoWatchdog == true { accepted.insert(place) }
      outputWiring[place] = .modbus(
        ModbusOutputWiring(
          bus: spot.bus, unit: spot.unit, table: spot.table, address: spot.address, bit: spot.bit,
          activeLow: activeLow, words: spot.words, isImpulse: spot.isImpulse,
          watchdog: spot.device.flatMap(watchdog)))
    }
  }

  /// The input that tells whether the output's contact has followed.
  private mutating func readFeedback(_ section: Section) -> OutputFeedback? {
    let within = section.duration("feedback_ms", in: SiteLimits.feedback)
    guard let name = section.text("feedback") else {
      if within != nil {
        faults.add(
          section.durationPath("feedback_ms"), "belongs to feedback, which is not given; must be left out")
      }
      return nil
    }
    guard let input = inputNames.place(of: name, section.path.key("feedback"), faults) else { return nil }
    inputUsed.insert(input)
    return OutputFeedback(input: InputIndex(input), within: within ?? .milliseconds(500))
  }

  private func watchdog(of device: Device) -> WatchdogDescription? {
    device.profile.watchdog.map { watchdog in
      WatchdogDescription(
        enableCoil: watchdog.enableCoil, timeoutRegister: watchdog.timeoutRegister, unit: watchdog.count,
        timeout: device.watchdogTimeout ?? watchdog.timeout, safeCoil: watchdog.safeCoil,
        powerOnCoil: watchdog.powerOnCoil)
    }
  }

  func refuse(_ keys: [String], of section: Section, _ why: String) {
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
    let ofRegisters = [
      "value", "equals", "at_least", "at_most", "mask", "unknown", "supervised", "on_value", "off_value",
      "impulse",
    ]
    let others: [String: [String]] = [
      "gpio": ["unit", "table", "address", "bit", "channel"] + ofRegisters,
      "bus": ["line", "pin", "channel", "value"],
      "device": ["line", "pin", "unit", "table", "address"],
    ]
    refuse(others[forms[0]]!, of: section, "does not belong to a signal wired by \(forms[0])")
    switch forms[0] {
    case "gpio": return readGPIO(section).map { .gpio(chip: $0.chip, line: $0.line) }
    case "bus": return readModbus(section, writable: writable).map { .modbus($0) }
    default: return readDevicePart(section, writable: writable).map { .modbus($0) }
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
}
