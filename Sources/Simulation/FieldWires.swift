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

  init(site: SiteDescription, runDirectory: String?, freePorts: Bool) throws(FieldFault) {
    self.site = site
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
      case .modbus(let bus, let unit, let table, let address, let bit, let activeLow, _):
        guard let physical = servers[bus]?.unit(unit)?.level(table, address, bit: bit) else { continue }
        levels[place] = physical != activeLow
      }
    }
  }

  func writeInputs(_ levels: [Bool]) {
    for place in levels.indices {
      switch site.inputWiring[place] {
      case .gpio(let chip, let line, let activeLow, _):
        guard case .offset(let offset) = line else { continue }
        chips[chip]?.setInput(offset, levels[place] != activeLow)
      case .modbus(let bus, let unit, let table, let address, let bit, let activeLow):
        servers[bus]?.unit(unit)?.set(table, address, bit: bit, levels[place] != activeLow)
      }
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
    for wiring in site.inputWiring {
      if case .modbus(let bus, let unit, let table, let address, _, _) = wiring {
        need(Seat(bus: bus, unit: unit), table, address)
      }
    }
    for wiring in site.outputWiring {
      guard case .modbus(let bus, let unit, let table, let address, _, _, let watchdog) = wiring else {
        continue
      }
      need(Seat(bus: bus, unit: unit), table, address)
      if let watchdog {
        need(Seat(bus: bus, unit: unit), .coil, watchdog.enableCoil)
        need(Seat(bus: bus, unit: unit), .holdingRegister, watchdog.timeoutRegister)
      }
    }
    return sizes
  }
}
