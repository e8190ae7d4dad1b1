import ControlCore
import Platform
import Site

/// The wires between a plant and a controller's drivers: which level stands where.
///
/// Made by one thread and then handed whole to the thread that serves it.
final class FieldWires: @unchecked Sendable {
  /// One unit on one bus.
  struct Seat: Hashable, Sendable {
    var bus: Int
    var unit: Int
  }

  private let site: SiteDescription
  private var servers: [Int: ModbusServer] = [:]
  private var chips: [Int: ChipFile] = [:]
  let ports: [Int?]
  private let registers: [PlayedRegister]

  init(site: SiteDescription, runDirectory: String?, freePorts: Bool) throws(FieldFault) {
    self.site = site
    registers = PlayedRegister.all(of: site)
    let sizes = Self.tableSizes(site)
    for place in site.buses.indices {
      guard case .tcp(let host, let port) = site.buses[place].link else {
        guard sizes.keys.contains(where: { $0.bus == place }) else { continue }
        throw FieldFault(
          "bus '\(site.buses[place].name)' is a serial line: only TCP buses and simulated chips can be played"
        )
      }
      var units: [Int: ModbusUnit] = [:]
      for (seat, sizes) in sizes where seat.bus == place { units[seat.unit] = try ModbusUnit(sizes: sizes) }
      servers[place] = try ModbusServer(host: host, port: freePorts ? 0 : port, units: units)
    }
    ports = site.buses.indices.map { [servers] in servers[$0]?.port }
    for place in site.chips.indices where site.chips[place].source == .simulated {
      guard let runDirectory else {
        throw FieldFault("chip '\(site.chips[place].name)' is a file: name the run directory it is in")
      }
      chips[place] = try ChipFile(path: "\(runDirectory)/gpio/\(site.chips[place].name).lines")
    }
  }

  // MARK: Levels

  /// What the controller drives now, as logical levels; a line it has not taken yet keeps its safe level.
  func readOutputs(into levels: inout [Bool]) {
    for place in levels.indices {
      switch site.outputWiring[place] {
      case .gpio(let chip, let line, let activeLow):
        guard case .offset(let offset) = line, let physical = chips[chip]?.output(offset) else { continue }
        levels[place] = physical != activeLow
      case .modbus(let wire):
        guard let unit = servers[wire.bus]?.unit(wire.unit) else { continue }
        if let words = wire.words {
          levels[place] = unit.register(wire.table, wire.address) == words.on
        } else {
          levels[place] = unit.level(wire.table, wire.address, bit: wire.bit) != wire.activeLow
        }
      }
    }
  }

  func writeInputs(_ levels: [Bool]) {
    for place in levels.indices { write(levels[place], place) }
    for register in registers {
      servers[register.seat.bus]?.unit(register.seat.unit)?
        .setRegister(register.table, register.address, register.number(for: levels))
    }
    // What is made of others gives these their levels, last.
    for place in levels.indices {
      guard case .madeOf(let sources) = site.inputWiring[place] else { continue }
      write(levels[place], sources.active.position)
      if let normal = sources.normal { write(!levels[place], normal.position) }
    }
  }

  private func write(_ level: Bool, _ place: Int) {
    switch site.inputWiring[place] {
    case .gpio(let chip, let line, let activeLow, _):
      guard case .offset(let offset) = line else { return }
      chips[chip]?.setInput(offset, level != activeLow)
    case .modbus(let wire):
      guard wire.reading == nil else { return }
      servers[wire.bus]?.unit(wire.unit)?
        .set(wire.table, wire.address, bit: wire.bit, level != wire.activeLow)
    case .madeOf: return
    }
  }

  func silence(_ seats: Set<Seat>) {
    for (bus, server) in servers {
      for seat in Self.tableSizes(site).keys where seat.bus == bus {
        server.unit(seat.unit)?.isSilent = seats.contains(seat)
      }
    }
  }

  /// Serves the masters until `deadline`, in nanoseconds of the monotonic clock.
  func serve(until deadline: UInt64) throws(SystemError) {
    while true {
      let now = MonotonicClock.now()
      guard now < deadline else { return }
      var poll = Poll()
      for server in servers.values {
        for descriptor in server.descriptors { poll.add(descriptor) }
      }
      let ready = try poll.wait(milliseconds: Int32((deadline - now) / 1_000_000))
      if ready.isEmpty {
        MonotonicClock.sleep(until: deadline)
        return
      }
      for server in servers.values { server.serve(ready) }
    }
  }

  // MARK: Sizes

  /// How many places each table of each unit needs.
  private static func tableSizes(_ site: SiteDescription) -> [Seat: [ModbusTable: Int]] {
    var sizes: [Seat: [ModbusTable: Int]] = [:]
    func need(_ seat: Seat, _ table: ModbusTable, _ address: Int) {
      sizes[seat, default: [:]][table] = max(sizes[seat]?[table] ?? 0, address + 1)
    }
    for case .modbus(let wire) in site.inputWiring {
      need(Seat(bus: wire.bus, unit: wire.unit), wire.table, wire.address)
    }
    for case .modbus(let wire) in site.outputWiring {
      let seat = Seat(bus: wire.bus, unit: wire.unit)
      need(seat, wire.table, wire.address)
      if let watchdog = wire.watchdog {
        need(seat, .coil, watchdog.enableCoil)
        need(seat, .holdingRegister, watchdog.timeoutRegister)
        for base in [watchdog.safeCoil, watchdog.powerOnCoil] {
          if let base { need(seat, .coil, base + wire.address) }
        }
      }
    }
    for device in site.devices {
      if let fault = device.fault {
        need(Seat(bus: device.bus, unit: device.unit), fault.table, fault.address)
      }
    }
    return sizes
  }
}
