import ControlCore

/// A make of Modbus device: what its channels are called and where they stand, from `hardware/devices/NAME.json5`.
struct DeviceProfile {
  struct Channel {
    var table: ModbusTable
    var address: Int
    var bit: Int?
    /// Switched by writing whole registers, one value for on and one for off; no signal can hang on it.
    var byWords: Bool
  }

  struct Watchdog {
    var enableCoil: Int
    var timeoutRegister: Int
    var count: Interval
    var timeout: Interval
  }

  var name: String
  var channels: [String: Channel] = [:]
  var channelNames: [String] = []
  var watchdog: Watchdog?

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
    for entry in file.entries("channels", of: root, limit: 512, kind: "a channel") {
      channelNames.append(entry.name)
      channels[entry.name] = Self.channel(entry, faults)
    }
    for entry in file.entries("values", of: root, limit: 512, kind: "a value") {
      Self.checkValue(entry, file, faults)
    }
    watchdog = root.child("watchdog", .watchdog).flatMap(Self.watchdog)
  }

  private static func channel(_ entry: NamedNode, _ faults: FaultList) -> Channel? {
    guard let section = Section(entry.node, entry.path, .channel, faults) else { return nil }
    _ = section.text("label")
    let table = section.choice("table", ModbusTable.words, required: true)
    let address = section.integer("address", in: SiteLimits.address, required: true)
    let on = section.integer("on", in: SiteLimits.word)
    let off = section.integer("off", in: SiteLimits.word)
    guard let table, let address else { return nil }
    if section.has("on") || section.has("off") {
      if on == nil || off == nil || table != .holdingRegister {
        faults.add(section.path, "must have both on and off, and the table holding_register")
      }
      return Channel(table: table, address: address, byWords: true)
    }
    return Channel(
      table: table, address: address, bit: ModbusTable.bit(of: section, table), byWords: false)
  }

  /// A number that people read (a meter's power, an operator's status); no signal hangs on it.
  private static func checkValue(_ entry: NamedNode, _ file: ParsedFile, _ faults: FaultList) {
    guard let section = Section(entry.node, entry.path, .value, faults) else { return }
    _ = section.choice(
      "table", ["input_register": 0, "holding_register": 0] as KeyValuePairs, required: true)
    _ = section.integer("address", in: SiteLimits.address, required: true)
    _ = section.choice(
      "type", ["uint16": 1, "int16": 1, "float32": 2, "text": 0] as KeyValuePairs, required: true)
    _ = section.text("unit")
    guard let node = section.node("meanings") else { return }
    guard case .object(let meanings) = node else {
      section.wrong("meanings", node, "an object { \"16\": \"open\" }")
      return
    }
    for (number, meaning) in meanings {
      guard case .text = meaning, UInt16(number) != nil else {
        faults.add(section.path.key("meanings").key(number), "must be a number from 0 to 65535 and a text")
        continue
      }
    }
  }

  private static func watchdog(_ section: Section) -> Watchdog? {
    let enable = section.integer("enable_coil", in: SiteLimits.address, required: true)
    let register = section.integer("timeout_register", in: SiteLimits.address, required: true)
    // Where the board keeps its own levels for a trip and for power-on: for who commissions it.
    for key in ["safe_coil", "power_on_coil"] { _ = section.integer(key, in: SiteLimits.address) }
    let count = section.duration("count_ms", in: Interval.milliseconds(1)...Interval.seconds(1))
    let timeout = section.duration("timeout_ms", in: SiteLimits.watchdog)
    if count == nil, !section.has("count_ms") {
      section.faults.add(section.path.key("count_ms"), "is missing; must say what one count stands for")
    }
    guard let enable, let register, let count else { return nil }
    return Watchdog(
      enableCoil: enable, timeoutRegister: register, count: count, timeout: timeout ?? .seconds(2))
  }
}

extension ModbusTable {
  static let words: KeyValuePairs<String, ModbusTable> = [
    "coil": .coil, "discrete_input": .discreteInput, "input_register": .inputRegister,
    "holding_register": .holdingRegister,
  ]

  var isRegister: Bool { self == .inputRegister || self == .holdingRegister }
  var canBeWritten: Bool { self == .coil || self == .holdingRegister }

  /// The `bit` of a register; a fault where a register has none, or a bit table has one.
  static func bit(of section: Section, _ table: ModbusTable) -> Int? {
    if table.isRegister { return section.integer("bit", in: SiteLimits.bit, required: true) }
    if section.node("bit") != nil {
      section.faults.add(
        section.path.key("bit"), "a \(table.rawValue) is one bit already; must be left out")
    }
    return nil
  }
}
