import ControlCore
import ModbusDriver
import Platform
import Site

/// An output whose wire does not do what it was told.
struct OutputFault: Equatable {
  /// What is read back.
  var level: Bool
  /// How long already.
  var lasts: Interval
  /// The input that tells it; nil where the board itself does.
  var feedback: String?

  /// For a table and a record: `stuck-on`, `stuck-off`.
  var state: String { level ? "stuck-on" : "stuck-off" }

  var sentence: String {
    let told =
      "switched \(level ? "off" : "on"), and \(feedback ?? "its board") tells that it is \(level ? "on" : "off")"
    let cause =
      feedback == nil
      ? "the relay, another master, or a board that restarted"
      : level ? "a welded contact, or a bridged wire" : "a relay that does not pull, or a wire that is off"
    return "\(told): \(cause)"
  }
}

extension FieldReport {
  /// Nil where the output follows, and where nothing tells whether it does.
  func outputFault(_ place: Int) -> OutputFault? {
    let now = MonotonicClock.now()
    func lasts(_ since: UInt64) -> Interval { Interval(nanoseconds: now > since ? now - since : 0) }
    if let echo = echo(place) {
      let name = site.outputFeedback[place].map { site.inputNames[$0.input.position] }
      return OutputFault(level: echo.level, lasts: lasts(echo.since), feedback: name)
    }
    guard let difference = readBack(place) else { return nil }
    let time = lasts(difference.since)
    guard time > RuntimeLimits.outputDiffers else { return nil }
    return OutputFault(level: difference.level, lasts: time, feedback: nil)
  }

  private func readBack(_ place: Int) -> (level: Bool, since: UInt64)? {
    guard case .modbus(let wire) = site.outputWiring[place],
      let bus = buses.first(where: { $0.wiring.bus == wire.bus }),
      let slot = bus.wiring.outputs.firstIndex(of: OutputIndex(place))
    else { return nil }
    return bus.driver?.outputs.difference(slot)
  }

  /// Whether what carries the output answers.
  func carries(_ place: Int) -> Bool {
    switch site.outputWiring[place] {
    case .gpio(let chip, _, _): return chipFault(chip) == nil
    case .modbus(let wire):
      let status = buses.first { $0.wiring.bus == wire.bus }?.driver?.status()
      return status?.units.first { $0.unit == wire.unit }?.state == .good
    }
  }

  /// What a device complains of: the number in its fault register and what the profile calls it; nil where nothing.
  func deviceFault(_ place: Int) -> (number: UInt16, text: String?)? {
    for bus in buses {
      guard let slot = bus.wiring.faultSlots.first(where: { $0.value == place })?.key,
        let number = bus.faultNumber(slot: slot), number != 0
      else { continue }
      return (number, site.devices[place].fault?.meanings[number])
    }
    return nil
  }

  /// The register behind an input that counts whole, as it was read last; nil for every other, and where none was read.
  func register(ofInput place: Int) -> (number: UInt16, meaning: String?)? {
    guard case .modbus(let wire) = site.inputWiring[place], let reading = wire.reading,
      let bus = buses.first(where: { $0.wiring.bus == wire.bus }), let driver = bus.driver,
      let slot = bus.wiring.inputs.firstIndex(of: InputIndex(place)), driver.inputs.read(slot).stamp > 0
    else { return nil }
    let number = driver.inputs.register(slot)
    return (number, reading.meanings[number])
  }

  /// Boards that switch off by themselves: each with whether that is set and read back.
  func boards() -> [(name: String, trouble: String?)] {
    buses.flatMap { bus -> [(name: String, trouble: String?)] in
      (bus.driver?.status().units ?? []).compactMap { unit in
        let name = "\(bus.wiring.setting.name) unit \(unit.unit)"
        return switch unit.watchdog {
        case .none: nil
        case .confirmed: (name, nil)
        case .unconfirmed: (name, "not confirmed: its outputs stay safe")
        case .refused(let text): (name, text)
        }
      }
    }
  }
}
