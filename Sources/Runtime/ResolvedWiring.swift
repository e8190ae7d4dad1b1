import ControlCore
import Site

/// A signal's wiring in one short line, as `inputs` and `outputs` tell it.
enum ResolvedWiring {
  static func kind(of point: PointSetting) -> String {
    switch point {
    case .barrier: "barrier"
    case .gate: "gate"
    case .door: "door"
    case .turnstile: "turnstile"
    }
  }

  static func input(_ place: Int, of site: SiteDescription) -> String {
    switch site.inputWiring[place] {
    case .gpio(let chip, let line, let activeLow, let bias):
      "\(site.chips[chip].name) \(text(line))\(low(activeLow))\(bias.map { " \($0.rawValue)" } ?? "")"
    case .modbus(let wire):
      modbus(site, wire.bus, wire.unit, wire.table, wire.address, wire.bit) + low(wire.activeLow)
    case .madeOf(let sources):
      ([sources.active] + [sources.normal, sources.cut, sources.short].compactMap { $0 })
        .map { site.inputNames[$0.position] }.joined(separator: " + ")
    }
  }

  static func output(_ place: Int, of site: SiteDescription) -> String {
    switch site.outputWiring[place] {
    case .gpio(let chip, let line, let activeLow):
      return "\(site.chips[chip].name) \(text(line))\(low(activeLow))"
    case .modbus(let wire):
      let how = (wire.words.map { " on \($0.on) off \($0.off)" } ?? "") + (wire.isImpulse ? " impulse" : "")
      let own = wire.watchdog.map { " watchdog \($0.timeout.milliseconds) ms" } ?? ""
      return modbus(site, wire.bus, wire.unit, wire.table, wire.address, wire.bit) + how
        + low(wire.activeLow) + own
    }
  }

  private static func modbus(
    _ site: SiteDescription, _ bus: Int, _ unit: Int, _ table: ModbusTable, _ address: Int, _ bit: Int?
  ) -> String {
    "\(site.buses[bus].name) unit \(unit) \(table.rawValue) \(address)\(bit.map { " bit \($0)" } ?? "")"
  }

  private static func text(_ line: Line) -> String {
    switch line {
    case .offset(let offset): "line \(offset)"
    case .name(let name): "line \(name)"
    }
  }

  private static func low(_ activeLow: Bool) -> String { activeLow ? " active low" : "" }
}
