import ControlCore
import ModbusDriver
import Site

/// One Modbus bus in the driver's words, and which signal has which slot of it.
struct BusWiring: Sendable {
  /// The place in the site's buses.
  var bus: Int
  var setting: ModbusBusSetting
  /// By slot.
  var inputs: [InputIndex]
  var stale: [Interval]
  var outputs: [OutputIndex]

  /// Every bus that the controller itself speaks on.
  static func all(of site: SiteDescription) -> [BusWiring] {
    site.buses.indices.filter { site.buses[$0].use == .modbus }.map { BusWiring(bus: $0, site) }
  }

  private init(bus: Int, _ site: SiteDescription) {
    self.bus = bus
    let description = site.buses[bus]
    setting = ModbusBusSetting(
      name: description.name, link: Self.link(description.link), timeout: description.timeout,
      poll: description.poll)
    inputs = []
    stale = []
    outputs = []
    for (place, wiring) in site.inputWiring.enumerated() {
      guard case .modbus(bus, let unit, let table, let address, let bit, let activeLow) = wiring else {
        continue
      }
      setting.inputs.append(ModbusInput(Self.place(unit, table, address, bit), activeLow: activeLow))
      inputs.append(InputIndex(place))
      stale.append(site.inputStale[place])
    }
    for (place, wiring) in site.outputWiring.enumerated() {
      guard case .modbus(bus, let unit, let table, let address, let bit, let activeLow, let watchdog) = wiring
      else { continue }
      let safe = site.control.outputs[place].safe
      setting.outputs.append(
        ModbusOutput(Self.place(unit, table, address, bit), activeLow: activeLow, safe: safe))
      outputs.append(OutputIndex(place))
      if let watchdog { addWatchdog(watchdog, unit: unit) }
    }
  }

  private mutating func addWatchdog(_ watchdog: WatchdogDescription, unit: Int) {
    guard !setting.watchdogs.contains(where: { $0.unit == unit }) else { return }
    setting.watchdogs.append(
      ModbusWatchdog(
        unit: unit, enableCoil: watchdog.enableCoil, timeoutRegister: watchdog.timeoutRegister,
        count: watchdog.unit, timeout: watchdog.timeout))
  }

  private static func link(_ link: BusDescription.Link) -> ModbusBusSetting.Link {
    switch link {
    case .tcp(let host, let port): .tcp(host: host, port: port)
    case .serial(let path, let baud, let parity, let stopBits):
      .serial(path: path, baud: baud, parity: self.parity(parity), stopBits: stopBits)
    }
  }

  private static func parity(_ parity: BusDescription.Parity) -> ModbusBusSetting.Parity {
    switch parity {
    case .none: .none
    case .even: .even
    case .odd: .odd
    }
  }

  private static func place(_ unit: Int, _ table: ModbusTable, _ address: Int, _ bit: Int?) -> ModbusPlace {
    ModbusPlace(unit: unit, table: self.table(table), address: address, bit: bit)
  }

  private static func table(_ table: ModbusTable) -> ModbusPlace.Table {
    switch table {
    case .coil: .coil
    case .discreteInput: .discreteInput
    case .inputRegister: .inputRegister
    case .holdingRegister: .holdingRegister
    }
  }
}
