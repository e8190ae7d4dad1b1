import ControlCore

/// A make of Modbus device: what its channels are called and where they stand, from `hardware/devices/NAME.json5`.
struct DeviceProfile {
  struct Channel {
    var table: ModbusTable
    var address: Int
    var bit: Int?
    /// For a register that counts whole.
    var reading: RegisterReading?
    var words: OutputWords?
    var isImpulse = false

    var canBeDriven: Bool { table.canBeWritten && (reading == nil || words != nil) }
  }

  /// A number that the device keeps: for people, and for signals that name what of it is true.
  struct Value {
    var table: ModbusTable
    var address: Int
    /// Nil for a number of more than one register, and for a text.
    var coding: RegisterCoding?
  }

  struct Watchdog {
    var enableCoil: Int
    var timeoutRegister: Int
    var safeCoil: Int?
    var powerOnCoil: Int?
    var count: Interval
    var timeout: Interval
  }

  var name: String
  var channels: [String: Channel] = [:]
  var channelNames: [String] = []
  var values: [String: Value] = [:]
  var valueNames: [String] = []
  var watchdog: Watchdog?
  var fault: DeviceDescription.FaultRegister?

  /// Nil, with faults, where the file is no device profile.
  init?(_ bytes: [UInt8], _ name: String, _ faults: FaultList) {
    guard let file = ParsedFile(bytes, .deviceProfile, faults) else { return nil }
    let root = file.root
    self.name = root.text("name", required: true) ?? name
    if self.name != name {
      faults.add(root.path.key("name"), "is '\(self.name)'; must be '\(name)' like the file")
    }
    for key in ["maker", "model", "verify"] { _ = root.text(key) }
    _ = root.text("source", required: true)
    _ = root.integer("unit", in: SiteLimits.unit)
    if let serial = root.child("serial", .profileSerial) { SerialSetting.check(serial) }
    for entry in file.entries("values", of: root, limit: 512, kind: "a value") {
      valueNames.append(entry.name)
      values[entry.name] = Self.value(entry, faults)
    }
    for entry in file.entries("channels", of: root, limit: 512, kind: "a channel") {
      channelNames.append(entry.name)
      channels[entry.name] = channel(entry, faults)
    }
    watchdog = root.child("watchdog", .watchdog).flatMap(Self.watchdog)
    readFault(root)
  }

  private mutating func readFault(_ root: Section) {
    guard let name = root.text("fault") else { return }
    let path = root.path.key("fault")
    guard let value = value(named: name, path, root.faults), let coding = value.coding else { return }
    fault = DeviceDescription.FaultRegister(
      table: value.table, address: value.address, meanings: coding.meanings)
  }

  /// A value that one register holds; nil, with a fault, where there is none of this name.
  func value(named name: String, _ path: KeyPath, _ faults: FaultList) -> Value? {
    guard valueNames.contains(name) else {
      let advice = NearestName.advice(name, in: valueNames, none: "it has no values at all")
      faults.add(path, "'\(self.name)' has no value '\(name)'; \(advice)")
      return nil
    }
    guard let value = values[name] else { return nil }
    if value.coding == nil {
      faults.add(path, "'\(name)' is no number of one register; must be of type uint16 or int16")
      return nil
    }
    return value
  }

  private func channel(_ entry: NamedNode, _ faults: FaultList) -> Channel? {
    guard let section = Section(entry.node, entry.path, .channel, faults) else { return nil }
    _ = section.text("label")
    let impulse = section.flag("impulse") ?? false
    guard let (table, address, coding) = place(of: section) else { return nil }
    var channel = Channel(table: table, address: address, isImpulse: impulse)
    if let words = section.words("on", "off", table) {
      channel.words = words
      channel.reading = RegisterReading(
        bands: [
          .init(values: words.on...words.on, says: .on), .init(values: words.off...words.off, says: .off),
        ], otherwise: .lost)
    } else if section.has("on") || section.has("off") {
      return nil
    } else if table.isRegister {
      guard let form = section.register(coding) else { return nil }
      (channel.bit, channel.reading) = form
    } else {
      ModbusTable.refuseRegisterKeys(section, table)
    }
    return channel
  }

  /// Where a channel stands: at one of the profile's values, or by table and address.
  private func place(of section: Section) -> (ModbusTable, Int, RegisterCoding)? {
    if let name = section.text("value") {
      for key in ["table", "address"] where section.has(key) {
        section.faults.add(section.path.key(key), "stands at the value already; must be left out")
      }
      guard let value = value(named: name, section.path.key("value"), section.faults),
        let coding = value.coding
      else { return nil }
      return (value.table, value.address, coding)
    }
    let table = section.choice("table", ModbusTable.words, required: true)
    let address = section.integer("address", in: SiteLimits.address, required: true)
    guard let table, let address else { return nil }
    return (table, address, RegisterCoding())
  }

  private static func value(_ entry: NamedNode, _ faults: FaultList) -> Value? {
    guard let section = Section(entry.node, entry.path, .value, faults) else { return nil }
    let table = section.choice(
      "table",
      ["input_register": ModbusTable.inputRegister, "holding_register": .holdingRegister] as KeyValuePairs,
      required: true)
    let address = section.integer("address", in: SiteLimits.address, required: true)
    let type = section.choice(
      "type", ["uint16": "uint16", "int16": "int16", "float32": "float32", "text": "text"] as KeyValuePairs,
      required: true)
    _ = section.text("unit")
    var coding = RegisterCoding(isSigned: type == "int16")
    coding.unknown = (section.integers("unknown", in: coding.range) ?? []).map {
      UInt16(truncatingIfNeeded: $0)
    }
    coding.meanings = meanings(of: section)
    guard let table, let address, let type else { return nil }
    let isOne = type == "uint16" || type == "int16"
    return Value(table: table, address: address, coding: isOne ? coding : nil)
  }

  private static func meanings(of section: Section) -> [UInt16: String] {
    guard let node = section.node("meanings") else { return [:] }
    guard case .object(let members) = node else {
      section.wrong("meanings", node, "an object { \"16\": \"open\" }")
      return [:]
    }
    var meanings: [UInt16: String] = [:]
    for (number, meaning) in members {
      guard case .text(let text) = meaning, let value = UInt16(number), text.utf8.count <= SiteLimits.nameSize
      else {
        section.faults.add(
          section.path.key("meanings").key(number),
          "must be a number from 0 to 65535 and a text of at most \(SiteLimits.nameSize) bytes")
        continue
      }
      meanings[value] = text
    }
    return meanings
  }

  private static func watchdog(_ section: Section) -> Watchdog? {
    let enable = section.integer("enable_coil", in: SiteLimits.address, required: true)
    let register = section.integer("timeout_register", in: SiteLimits.address, required: true)
    let safe = section.integer("safe_coil", in: SiteLimits.address)
    let powerOn = section.integer("power_on_coil", in: SiteLimits.address)
    let count = section.duration("count_ms", in: Interval.milliseconds(1)...Interval.seconds(1))
    let timeout = section.duration("timeout_ms", in: SiteLimits.watchdog)
    if count == nil, !section.has("count_ms") {
      section.faults.add(section.path.key("count_ms"), "is missing; must say what one count stands for")
    }
    guard let enable, let register, let count else { return nil }
    return Watchdog(
      enableCoil: enable, timeoutRegister: register, safeCoil: safe, powerOnCoil: powerOn, count: count,
      timeout: timeout ?? .seconds(2))
  }
}

extension ModbusTable {
  static let words: KeyValuePairs<String, ModbusTable> = [
    "coil": .coil, "discrete_input": .discreteInput, "input_register": .inputRegister,
    "holding_register": .holdingRegister,
  ]

  var isRegister: Bool { self == .inputRegister || self == .holdingRegister }
  var canBeWritten: Bool { self == .coil || self == .holdingRegister }

  /// What a register's keys say has no meaning for a bit table.
  static func refuseRegisterKeys(_ section: Section, _ table: ModbusTable) {
    for key in ["bit", "equals", "at_least", "at_most", "mask", "unknown", "supervised"]
    where section.has(key) {
      section.faults.add(
        section.path.key(key), "a \(table.rawValue) is one bit already; must be left out")
    }
  }
}
