import ControlCore
import Messages
import ModbusDriver
import Platform
import Site

extension FieldReport {
  func startBuses(priority: Int) {
    for bus in buses { bus.start(priority: priority) }
  }

  func stopBuses() {
    for bus in buses { bus.driver?.stop() }
  }

  func chips() -> JSONValue {
    .array(
      site.chips.enumerated().map { place, chip in
        var members: [(key: String, value: JSONValue)] = [("name", .string(chip.name))]
        let fault = chipFault(place)
        let state = chipErrors[place] != nil ? "missing" : fault != nil ? "fault" : "ok"
        members.append(("state", .string(state)))
        if let fault { members.append(("error", .string(fault))) }
        return .object(members)
      })
  }

  func busList() -> JSONValue {
    .array(
      buses.map { bus in
        guard let driver = bus.driver, bus.startFault == nil else {
          return [
            "name": .string(bus.wiring.setting.name), "link": .string("\(bus.wiring.setting.link)"),
            "state": "down", "error": .string(bus.startFault ?? "not started"), "units": [],
          ]
        }
        let status = driver.status()
        var members: [(key: String, value: JSONValue)] = [
          ("name", .string(status.name)), ("link", .string(status.link)),
          ("state", .string(status.state.rawValue)), ("connects", .integer(Int64(clamping: status.connects))),
        ]
        if let error = status.linkError { members.append(("error", .string(error))) }
        members.append(("units", .array(status.units.map { unit($0) })))
        return .object(members)
      })
  }

  private func unit(_ unit: ModbusBusStatus.Unit) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("unit", .integer(Int64(unit.unit))), ("state", .string(unit.state.rawValue)),
      ("polls", .integer(Int64(clamping: unit.polls))), ("errors", .integer(Int64(clamping: unit.errors))),
    ]
    if let error = unit.lastError { members.append(("last_error", .string(error))) }
    if let retry = unit.retryIn { members.append(("retry_in_ms", .integer(Int64(retry.milliseconds)))) }
    switch unit.watchdog {
    case .none: break
    case .unconfirmed: members.append(("watchdog", "unconfirmed"))
    case .confirmed: members.append(("watchdog", "confirmed"))
    case .refused(let text): members.append(("watchdog", .string("refused: \(text)")))
    }
    return .object(members)
  }

  /// Everything on the wires that is not as it should be.
  func faults() -> [String] {
    var faults = site.chips.enumerated().compactMap { place, chip in
      chipFault(place).map { "chip \(chip.name): \($0)" }
    }
    for bus in buses {
      let name = bus.wiring.setting.name
      if let fault = bus.startFault { faults.append("bus \(name): \(fault)") }
      guard let status = bus.driver?.status() else { continue }
      if status.state == .down { faults.append("bus \(name): \(status.linkError ?? "no unit answers")") }
      for unit in status.units where unit.state == .quarantined && status.state != .down {
        faults.append("bus \(name), unit \(unit.unit): \(unit.lastError ?? "does not answer")")
      }
      for unit in status.units {
        if case .refused(let text) = unit.watchdog { faults.append("bus \(name), \(text)") }
      }
    }
    for (place, device) in site.devices.enumerated() {
      guard let fault = deviceFault(place) else { continue }
      faults.append("device \(device.name): fault \(fault.number)\(fault.text.map { ", \($0)" } ?? "")")
    }
    for (place, name) in site.outputNames.enumerated() {
      if let fault = outputFault(place) { faults.append("output \(name): \(fault.sentence)") }
    }
    return faults + wireFaults
  }

  /// Every device by name and how it is, for the records of a change.
  func states() -> [DeviceState] {
    var states = site.chips.enumerated().map { place, chip in
      DeviceState("chip \(chip.name)", chipFault(place) ?? "good")
    }
    for bus in buses {
      let name = bus.wiring.setting.name
      guard let status = bus.driver?.status(), bus.startFault == nil else {
        states.append(DeviceState("bus \(name)", bus.startFault ?? "down"))
        continue
      }
      states.append(DeviceState("bus \(name)", status.state.rawValue))
      for unit in status.units {
        states.append(DeviceState("bus \(name) unit \(unit.unit)", unit.state.rawValue))
      }
    }
    return states + complaints()
  }

  /// What devices and outputs tell of themselves.
  private func complaints() -> [DeviceState] {
    var states: [DeviceState] = []
    for (place, device) in site.devices.enumerated() where device.fault != nil {
      guard let fault = deviceFault(place) else {
        states.append(DeviceState("device \(device.name)", "good"))
        continue
      }
      var state = DeviceState("device \(device.name)", "fault \(fault.number)")
      state.more = [("code", .integer(Int64(fault.number)))]
      if let text = fault.text { state.more.append(("text", .string(text))) }
      states.append(state)
    }
    for (place, name) in site.outputNames.enumerated() {
      var state = DeviceState("output \(name)", "good")
      if let fault = outputFault(place) {
        state.state = fault.state
        state.more = [("output", .string(name)), ("ms", .integer(Int64(fault.lasts.milliseconds)))]
        if let feedback = fault.feedback { state.more.append(("input", .string(feedback))) }
      }
      states.append(state)
    }
    return states
  }

  /// How old each input's value is; nil where it was never read, and for GPIO, which every scan reads.
  func inputAges() -> [Interval?] {
    var ages = [Interval?](repeating: nil, count: site.inputNames.count)
    let now = MonotonicClock.now()
    for bus in buses {
      guard let driver = bus.driver else { continue }
      for slot in 0..<bus.wiring.inputs.count {
        let stamp = driver.inputs.read(slot).stamp
        guard stamp > 0 else { continue }
        ages[bus.wiring.inputs[slot].position] = Interval(nanoseconds: now > stamp ? now - stamp : 0)
      }
    }
    for (place, wiring) in site.inputWiring.enumerated() {
      switch wiring {
      case .gpio: ages[place] = .zero
      case .modbus: break
      case .madeOf(let sources):
        let all = [sources.active] + [sources.normal, sources.cut, sources.short].compactMap { $0 }
        let known = all.compactMap { source -> Interval? in
          if case .gpio = site.inputWiring[source.position] { .zero } else { ages[source.position] }
        }
        ages[place] = known.count == all.count ? known.max() : nil
      }
    }
    return ages
  }
}

/// How one device is, in a word, and what else the record of a change tells.
struct DeviceState {
  var name: String
  var state: String
  var more: [(key: String, value: JSONValue)] = []

  init(_ name: String, _ state: String) {
    self.name = name
    self.state = state
  }
}
