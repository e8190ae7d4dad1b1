import ControlCore

/// Where on a Modbus unit a signal is, and how a register becomes one bit.
struct ModbusSpot {
  var bus: Int
  var unit: Int
  var table: ModbusTable
  var address: Int
  var bit: Int?
  var reading: RegisterReading?
  var words: OutputWords?
  var isImpulse = false
  var device: SiteReader.Device?
}

extension SiteReader {
  /// `bus`, `unit`, `table`, `address`.
  mutating func readModbus(_ section: Section, writable: Bool) -> ModbusSpot? {
    let bus = readBusName(section)
    let unit = readUnit(section, bus: bus)
    let table = section.choice("table", ModbusTable.words, required: true)
    let address = section.integer("address", in: SiteLimits.address, required: true)
    guard let table else { return nil }
    if writable, !table.canBeWritten {
      faults.add(
        section.path.key("table"), "a \(table.rawValue) cannot be written; must be coil or holding_register")
    }
    var spot = ModbusSpot(bus: bus ?? 0, unit: unit ?? 0, table: table, address: address ?? 0)
    guard complete(&spot, section, RegisterCoding(), writable: writable) else { return nil }
    return bus == nil || unit == nil || address == nil ? nil : spot
  }

  /// `device` with a `channel` or a `value` of its profile.
  func readDevicePart(_ section: Section, writable: Bool) -> ModbusSpot? {
    let place = section.text("device")
      .flatMap { deviceNames.place(of: $0, section.path.key("device"), faults) }
    guard section.has("channel") != section.has("value") else {
      faults.add(section.path.key("channel"), "must be given, or value; one of the two")
      return nil
    }
    guard let place, let device = devices[place] else { return nil }
    if section.has("channel") { return readChannel(section, device, writable: writable) }
    guard let name = section.text("value"),
      let value = device.profile.value(named: name, section.path.key("value"), faults),
      let coding = value.coding
    else { return nil }
    if writable, !value.table.canBeWritten {
      faults.add(section.path.key("value"), "'\(name)' is an \(value.table.rawValue); must be an output")
      return nil
    }
    var spot = ModbusSpot(
      bus: device.bus, unit: device.unit, table: value.table, address: value.address, device: device)
    return complete(&spot, section, coding, writable: writable) ? spot : nil
  }

  /// How the register becomes one bit, by the signal's own keys.
  private func complete(
    _ spot: inout ModbusSpot, _ section: Section, _ coding: RegisterCoding, writable: Bool
  ) -> Bool {
    if writable {
      spot.isImpulse = section.flag("impulse") ?? false
      if section.has("on_value") || section.has("off_value") {
        refuse(["bit"], of: section, "the register is written whole")
        spot.words = section.words("on_value", "off_value", spot.table)
        return spot.words != nil
      }
      guard spot.table.isRegister else {
        ModbusTable.refuseRegisterKeys(section, spot.table)
        return true
      }
      guard section.has("bit") else {
        faults.add(section.path.key("bit"), "is missing; must be given, or on_value and off_value")
        return false
      }
      spot.bit = section.integer("bit", in: SiteLimits.bit)
      return spot.bit != nil
    }
    guard spot.table.isRegister else {
      ModbusTable.refuseRegisterKeys(section, spot.table)
      return true
    }
    guard let form = section.register(coding) else { return false }
    (spot.bit, spot.reading) = form
    return true
  }

  private func readChannel(_ section: Section, _ device: Device, writable: Bool) -> ModbusSpot? {
    refuse(
      [
        "bit", "equals", "at_least", "at_most", "mask", "unknown", "supervised", "on_value", "off_value",
        "impulse",
      ], of: section, "the profile says how its channels are read and written")
    guard let name = section.text("channel") else { return nil }
    let profile = device.profile
    guard profile.channelNames.contains(name) else {
      let usable = profile.channelNames.filter { !writable || profile.channels[$0]?.canBeDriven ?? false }
      let advice = NearestName.advice(name, in: usable, none: "it has no such channels at all")
      faults.add(section.path.key("channel"), "'\(profile.name)' has no channel '\(name)'; \(advice)")
      return nil
    }
    guard let channel = profile.channels[name] else { return nil }
    if writable, !channel.canBeDriven {
      let what = channel.table.canBeWritten ? "is read by its value" : "is a \(channel.table.rawValue)"
      faults.add(
        section.path.key("channel"), "'\(name)' of '\(profile.name)' \(what), an input; must be an output")
      return nil
    }
    return ModbusSpot(
      bus: device.bus, unit: device.unit, table: channel.table, address: channel.address, bit: channel.bit,
      reading: channel.reading, words: channel.words, isImpulse: channel.isImpulse, device: device)
  }

  // MARK: Inputs made of others

  mutating func resolveSources() {
    for (place, section) in madeOf {
      guard let sources = section.child("made_of", .sources) else { continue }
      func input(_ key: String, required: Bool = false) -> Int? {
        guard let name = sources.text(key, required: required) else { return nil }
        return inputNames.place(of: name, sources.path.key(key), faults)
      }
      let active = input("active", required: true)
      let others = ["normal", "cut", "short"].map { input($0) }
      if sources.has("normal") == (sources.has("cut") || sources.has("short")) {
        faults.add(
          sources.path,
          "must have normal, the opposite contact of a pair, or cut and short of a supervising module")
      }
      guard let active else { continue }
      let all = [active] + others.compactMap { $0 }
      if Set(all).count < all.count { faults.add(sources.path, "names an input twice; each must be another") }
      for other in all where madeOf.contains(where: { $0.place == other }) {
        faults.add(sources.path, "'\(inputNames.names[other])' has no wire itself; must be an input that has")
      }
      inputUsed.formUnion(all)
      func index(_ place: Int?) -> InputIndex? { place.map { InputIndex($0) } }
      inputWiring[place] = .madeOf(
        InputSources(
          active: InputIndex(active), normal: index(others[0]), cut: index(others[1]), short: index(others[2])
        ))
    }
  }
}
