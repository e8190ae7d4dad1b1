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
      guard let wiring else { continue }
      for place in Self.places(wiring) {
        if let other = outputsAt[place], !canShare(position, wiring) {
          faults.add(
            KeyPath.root.key("outputs").key(name),
            "is on the wire of output '\(other)', \(words(place)); must have a wire of its own"
              + (Self.isWhole(wiring) ? ", or another on_value and the same off_value" : ""))
          break
        }
        outputsAt[place] = outputsAt[place] ?? name
      }
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

  /// A register that is written whole has all its bits.
  private static func places(_ wiring: OutputWiring) -> [Place] {
    switch wiring {
    case .gpio(let chip, let line, _): return [.line(chip: chip, line: line)]
    case .modbus(let wire):
      let bits = wire.words == nil ? (wire.bit ?? 0)...(wire.bit ?? 0) : SiteLimits.bit
      return bits.map {
        .bit(bus: wire.bus, unit: wire.unit, table: wire.table, address: wire.address, bit: $0)
      }
    }
  }

  private static func isWhole(_ wiring: OutputWiring) -> Bool {
    if case .modbus(let wire) = wiring { wire.words != nil } else { false }
  }

  /// Orders of one command register: one is on at a time, and none is the same for all.
  private func canShare(_ position: Int, _ wiring: OutputWiring) -> Bool {
    guard case .modbus(let wire) = wiring, let mine = wire.words else { return false }
    return outputWiring.indices.allSatisfy { other in
      guard other != position, case .modbus(let known)? = outputWiring[other], known.bus == wire.bus,
        known.unit == wire.unit, known.table == wire.table, known.address == wire.address
      else { return true }
      return known.words.map { $0.off == mine.off && $0.on != mine.on } ?? false
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
      guard case .modbus(let wire)? = outputWiring[output] else { continue }
      if let watchdog = wire.watchdog, watchdog.safeCoil == nil, outputs[output].safe {
        faults.note(
          own.key("safe"), "its board falls back to a level of its own: set that to on, on the board")
      }
      guard wire.watchdog == nil, !accepted.contains(output) else { continue }
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
