/// Baud, parity and stop bits, which a bus and a device profile both give.
struct SerialSetting {
  var baud: Int
  var parity: BusDescription.Parity
  var stopBits: Int

  static let parities: KeyValuePairs<String, BusDescription.Parity> = [
    "none": .none, "even": .even, "odd": .odd,
  ]

  init(_ section: Section) {
    baud = section.integer("baud", in: 1...SiteLimits.bauds.last!) ?? 9_600
    if !SiteLimits.bauds.contains(baud) {
      let listed = SiteLimits.bauds.map(String.init).joined(separator: ", ")
      section.faults.add(section.path.key("baud"), "is \(baud); must be one of \(listed)")
    }
    parity = section.choice("parity", Self.parities) ?? .none
    stopBits = section.integer("stop_bits", in: SiteLimits.stopBits) ?? 1
  }

  static func check(_ section: Section) { _ = SerialSetting(section) }
}
