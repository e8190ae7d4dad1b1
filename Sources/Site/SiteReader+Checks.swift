import ControlCore

/// One place on a wire, so that two signals on it are found.
private enum Place: Hashable {
  case line(chip: Int, line: Line)
  case bit(bus: Int, unit: Int, table: ModbusTable, address: Int, bit: Int)
}

extension SiteReader {
  /// Two outputs on one line or coil, an input and an output on one line, two inputs on one line.
  func checkWires() {
    var outputsAt: [Place: String] = [:]
    for (position, wiring) in outputWiring.enumerated() {
      let name = outputNames.names[position]
      guard let place = wiring.map(Self.place) else { continue }
      if let other = outputsAt[place] {
        faults.add(
          KeyPath.root.key("outputs").key(name),
          "is on the wire of output '\(other)', \(words(place)); must have a wire of its own")
      }
      outputsAt[place] = outputsAt[place] ?? name
    }
    var linesTaken: [Place: String] = outputsAt.mapValues { "output '\($0)'" }
    for (position, wiring) in inputWiring.enumerated() {
      guard case .gpio(let chip, let line, _, _)? = wiring else { continue }
      let name = inputNames.names[position]
      take(
        .line(chip: chip, line: line), "input '\(name)'", KeyPath.root.key("inputs").key(name), &linesTaken)
    }
    for (chip, line, path) in readerLines {
      take(.line(chip: chip, line: line), path.description, path, &linesTaken)
    }
  }

  private func take(_ place: Place, _ name: String, _ path: KeyPath, _ taken: inout [Place: String]) {
    if let other = taken[place] {
      faults.add(path, "is on the wire of \(other), \(words(place)); must have a wire of its own")
    } else {
      taken[place] = name
    }
  }

  private static func place(_ wiring: OutputWiring) -> Place {
    switch wiring {
    case .gpio(let chip, let line, _): .line(chip: chip, line: line)
    case .modbus(let bus, let unit, let table, let address, let bit, _, _):
      .bit(bus: bus, unit: unit, table: table, address: address, bit: bit ?? 0)
    }
  }

  private func words(_ place: Place) -> String {
    switch place {
    case .line(let chip, .offset(let line)): "line \(line) of \(chipNames.names[chip])"
    case .line(let chip, .name(let line)): "line \(line) of \(chipNames.names[chip])"
    case .bit(let bus, let unit, let table, let address, let bit):
      "\(table.rawValue) \(address)\(table.isRegister ? ".\(bit)" : "") of unit \(unit) on \(busNames.names[bus])"
    }
  }

  /// A board that goes on when its master falls silent must not move anything, unless a person says so.
  func checkWatchdogs() {
    for (output, role, path) in moving where role != .harmless {
      let name = outputNames.names[output]
      let own = KeyPath.root.key("outputs").key(name)
      if role == .green {
        if outputs[output].safe {
          faults.add(
            own.key("safe"), "would show \(path) whenever the controller starts or is gone; must be false")
        }
        continue
      }
      if role == .motion, outputs[output].safe {
        faults.add(
          own.key("safe"), "would move \(path) whenever the controller starts or is gone; must be false")
      }
      if case .modbus(_, _, _, _, _, _, .some)? = outputWiring[output], outputs[output].safe {
        faults.note(
          own.key("safe"), "its board falls back to a level of its own: set that to on, on the board")
      }
      guard case .modbus(_, _, _, _, _, _, nil)? = outputWiring[output], !accepted.contains(output) else {
        continue
      }
      faults.add(
        own,
        "moves \(path) and its board does not switch off by itself when its master falls silent; "
          + "must be on a board with a watchdog, or accept_no_watchdog: true must accept that")
    }
  }

  mutating func checkUse() {
    for position in buses.indices {
      let use = busUse[position]
      let given = [use.modbus, use.osdp, use.serial].compactMap { $0 }
      if given.count > 1 {
        faults.add(
          KeyPath.root.key("buses").key(buses[position].name),
          "is used by \(given[0]) and by \(given[1]), which speak different protocols; must be two buses")
      }
      buses[position].use =
        use.modbus != nil ? .modbus : use.osdp != nil ? .osdp : use.serial != nil ? .serial : .idle
      if given.isEmpty {
        faults.note(KeyPath.root.key("buses").key(buses[position].name), "nothing hangs on this bus")
      }
    }
    for (position, name) in inputNames.names.enumerated() where !inputUsed.contains(position) {
      faults.note(KeyPath.root.key("inputs").key(name), "nothing uses this input")
    }
    for (position, name) in outputNames.names.enumerated() where outputUse[position] == nil {
      faults.note(KeyPath.root.key("outputs").key(name), "nothing uses this output")
    }
  }
}
