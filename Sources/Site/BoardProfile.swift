/// A single-board computer: which pin of its header is which line, from `hardware/boards/NAME.json5`.
struct BoardProfile {
  var name: String
  /// The label of the GPIO chip behind the header.
  var chip: String
  /// The line of each pin that has one.
  var lines: [Int: Int] = [:]
  /// What the other pins carry: "3.3 V", "ground".
  var power: [Int: String] = [:]

  init?(_ bytes: [UInt8], _ name: String, _ faults: FaultList) {
    guard let file = ParsedFile(bytes, .boardProfile, faults) else { return nil }
    let root = file.root
    self.name = root.text("name", required: true) ?? name
    if self.name != name {
      faults.add(root.path.key("name"), "is '\(self.name)'; must be '\(name)' like the file")
    }
    for key in ["label", "verify"] { _ = root.text(key) }
    _ = root.text("source", required: true)
    chip = root.text("chip", required: true) ?? ""
    for entry in file.entries("pins", of: root, limit: 64, kind: "a pin") { read(entry, faults) }
    if lines.isEmpty, faults.faults.isEmpty {
      faults.add(root.path.key("pins"), "no pin has a line; must hold at least one")
    }
  }

  private mutating func read(_ entry: NamedNode, _ faults: FaultList) {
    guard let section = Section(entry.node, entry.path, .pin, faults) else { return }
    guard let pin = Int(entry.name), SiteLimits.pin.contains(pin) else {
      faults.add(entry.path, "must be the number of a pin, 1 to \(SiteLimits.pin.upperBound)")
      return
    }
    _ = section.text("name")
    _ = section.text("note")
    if let power = section.text("power") {
      self.power[pin] = power
      if section.has("line") { faults.add(entry.path, "has a line and is power; must be one of them") }
    } else if let line = section.integer("line", in: SiteLimits.line, required: true) {
      if lines.values.contains(line) { faults.add(entry.path, "line \(line) is on another pin already") }
      lines[pin] = line
    }
  }
}
