import ControlCore

extension SiteReader {
  mutating func readChips() {
    for entry in file.entries("gpio", of: file.root, limit: SiteLimits.chips, kind: "a gpio chip") {
      chipNames.append(entry.name)
      let (source, board) = readChip(entry)
      chips.append(ChipDescription(name: entry.name, source: source))
      boards.append(board)
    }
  }

  private mutating func readChip(_ entry: NamedNode) -> (ChipDescription.Source, BoardProfile?) {
    let nothing = ChipDescription.Source.simulated
    guard let section = Section(entry.node, entry.path, .chip, faults) else { return (nothing, nil) }
    let label = section.text("label")
    let name = section.text("name")
    let simulated = section.flag("simulated") ?? false
    let given = [section.has("label"), section.has("name"), simulated].count { $0 }
    if given > 1 {
      faults.add(entry.path, "is named in \(given) ways; must be one of label, name, simulated: true")
      return (nothing, nil)
    }
    let wanted = section.text("board").map { ($0, section.path.key("board")) }
    let board = (wanted ?? (given == 0 ? gatewayBoard : nil)).flatMap { shelf.board($0.0, $0.1, faults) }
    if let label { return (.label(label), board) }
    if let name { return (.name(name), board) }
    if simulated { return (.simulated, board) }
    if let board { return (.label(board.chip), board) }
    if given == 0, wanted == nil, gatewayBoard == nil {
      faults.add(entry.path, "names no chip; must have label, name, board or simulated: true")
    }
    return (nothing, nil)
  }

  mutating func readBuses() {
    var paths: [String: String] = [:]
    for entry in file.entries("buses", of: file.root, limit: SiteLimits.buses, kind: "a bus") {
      busNames.append(entry.name)
      let bus = readBus(entry)
      if let bus, case .serial(let path, _, _, _) = bus.link {
        if let other = paths[path] {
          faults.add(
            entry.path.key("serial"), "\(path) is bus '\(other)' already; two buses cannot share a line")
        }
        paths[path] = entry.name
      }
      buses.append(
        bus
          ?? BusDescription(
            name: entry.name, link: .tcp(host: "", port: 502), timeout: .zero, poll: .zero, use: .idle))
      busUse.append(BusUse())
    }
  }

  private func readBus(_ entry: NamedNode) -> BusDescription? {
    guard let section = Section(entry.node, entry.path, .bus, faults) else { return nil }
    let timeout = section.duration("timeout_ms", in: SiteLimits.busTimeout) ?? .milliseconds(200)
    let poll = section.duration("poll_ms", in: SiteLimits.poll) ?? .milliseconds(20)
    guard section.has("tcp") != section.has("serial") else {
      faults.add(entry.path, "must have one of tcp: \"HOST:PORT\" and serial: \"/dev/…\"")
      return nil
    }
    if let text = section.text("tcp") {
      for key in ["baud", "parity", "stop_bits"] where section.has(key) {
        faults.add(section.path.key(key), "belongs to a serial line; must be left out with tcp")
      }
      guard let address = HostPort(text, defaultPort: 502) else {
        faults.add(section.path.key("tcp"), "is '\(text)'; must be HOST:PORT with a port from 1 to 65535")
        return nil
      }
      return BusDescription(
        name: entry.name, link: .tcp(host: address.host, port: address.port), timeout: timeout, poll: poll,
        use: .idle)
    }
    guard let device = section.text("serial") else { return nil }
    if !device.hasPrefix("/") {
      faults.add(
        section.path.key("serial"), "is '\(device)'; must be a full path like /dev/gatehouse/rs485-1")
    }
    let setting = SerialSetting(section)
    return BusDescription(
      name: entry.name,
      link: .serial(
        path: device, baud: setting.baud, parity: setting.parity, stopBits: setting.stopBits),
      timeout: timeout, poll: poll, use: .idle)
  }

  mutating func readDevices() {
    var units: [[Int]: String] = [:]
    for entry in file.entries("devices", of: file.root, limit: SiteLimits.devices, kind: "a device") {
      deviceNames.append(entry.name)
      let device = readDevice(entry)
      if let device {
        if let other = units[[device.bus, device.unit]] {
          faults.add(
            entry.path.key("unit"),
            "unit \(device.unit) of this bus is device '\(other)' already; must differ")
        }
        units[[device.bus, device.unit]] = entry.name
      }
      devices.append(device)
    }
  }

  private mutating func readDevice(_ entry: NamedNode) -> Device? {
    guard let section = Section(entry.node, entry.path, .device, faults) else { return nil }
    let bus = readBusName(section)
    let unit = readUnit(section, bus: bus)
    let accept = section.flag("accept_no_watchdog") ?? false
    let own = section.duration("timeout_ms", in: SiteLimits.busTimeout)
    let timeout = section.duration("watchdog_ms", in: SiteLimits.watchdog)
    let profile = section.text("profile", required: true)
      .flatMap { shelf.device($0, section.path.key("profile"), faults) }
    if let profile, profile.watchdog == nil, timeout != nil {
      faults.add(
        section.durationPath("watchdog_ms"), "'\(profile.name)' has no watchdog; must be left out")
    }
    if let watchdog = profile?.watchdog, let timeout, timeout < watchdog.count {
      faults.add(
        section.durationPath("watchdog_ms"),
        "is \(timeout.words); must be at least one count of the board's timer, \(watchdog.count.words)")
    }
    guard let bus, let unit, let profile else { return nil }
    return Device(
      bus: bus, unit: unit, profile: profile, timeout: own, watchdogTimeout: timeout,
      acceptNoWatchdog: accept)
  }

  /// The address of a unit: 1 to 247, and on TCP also 255, which stands for the server itself.
  func readUnit(_ section: Section, bus: Int?) -> Int? {
    guard let unit = section.integer("unit", in: SiteLimits.unit, required: true) else { return nil }
    var isTCP = true
    if let bus, case .serial = buses[bus].link { isTCP = false }
    if unit > SiteLimits.lastUnit, unit != SiteLimits.unit.upperBound || !isTCP {
      faults.add(
        section.path.key("unit"), "is \(unit); must be from 1 to \(SiteLimits.lastUnit), or on TCP also 255")
      return nil
    }
    return unit
  }

  /// The `bus` of something that speaks Modbus on it.
  mutating func readBusName(_ section: Section) -> Int? {
    guard let name = section.text("bus", required: true),
      let bus = busNames.place(of: name, section.path.key("bus"), faults)
    else { return nil }
    if busUse[bus].modbus == nil { busUse[bus].modbus = section.path }
    return bus
  }
}
