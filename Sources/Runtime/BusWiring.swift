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
  /// Slots behind those of the inputs, in which devices tell their faults: the place in the site's devices.
  var faultSlots: [Int: Int] = [:]

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
      guard case .modbus(let wire) = wiring, wire.bus == bus else { continue }
      setting.inputs.append(
        ModbusInput(
          Self.place(wire.unit, wire.table, wire.address, wire.bit), activeLow: wire.activeLow,
          reading: wire.reading.map(Self.reading)))
      inputs.append(InputIndex(place))
      stale.append(site.inputStale[place])
    }
    for (place, wiring) in site.outputWiring.enumerated() {
      guard case .modbus(let wire) = wiring, wire.bus == bus else { continue }
      setting.outputs.append(
        ModbusOutput(
          Self.place(wire.unit, wire.table, wire.address, wire.bit), activeLow: wire.activeLow,
          safe: site.control.outputs[place].safe,
          words: wire.words.map { ModbusWords(on: $0.on, off: $0.off) }, isImpulse: wire.isImpulse))
      outputs.append(OutputIndex(place))
      if let watchdog = wire.watchdog { addWatchdog(watchdog, unit: wire.unit) }
    }
    for (place, device) in site.devices.enumerated() where device.bus == bus {
      if let timeout = device.timeout { setting.timeouts[device.unit] = timeout }
      if let fault = device.fault { addFault(fault, unit: device.unit, device: place) }
    }
  }

  private mutating func addFault(
    _ fault: DeviceDescription.FaultRegister, unit: Int, device: Int
  ) {
    faultSlots[setting.inputs.count] = device
    setting.inputs.append(
      ModbusInput(
        Self.place(unit, fault.table, fault.address, nil),
        reading: ModbusReading(bands: [.init(1...UInt16.max, .on)])))
  }

  private mutating func addWatchdog(_ watchdog: WatchdogDescription, unit: Int) {
    guard !setting.watchdogs.contains(where: { $0.unit == unit }) else { return }
    setting.watchdogs.append(
      ModbusWatchdog(
        unit: unit, enableCoil: watchdog.enableCoil, timeoutRegister: watchdog.timeoutRegister,
        count: watchdog.unit, timeout: watchdog.timeout, safeCoil: watchdog.safeCoil,
        powerOnCoil: watchdog.powerOnCoil))
  }

  private static func reading(_ reading: RegisterReading) -> ModbusReading {
    ModbusReading(
      mask: reading.mask, bands: reading.bands.map { .init($0.values, word($0.says)) },
      otherwise: word(reading.otherwise))
  }

  private static func word(_ word: RegisterReading.Word) -> ModbusReading.Word {
    switch word {
    case .off: .off
    case .on: .on
    case .lost: .lost
    case .cut: .cut
    case .short: .short
    }
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
