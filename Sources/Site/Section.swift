import ControlCore

/// One object of a file with its known keys; every question adds a fault where the answer is wrong.
struct Section {
  let path: KeyPath
  let table: KeyTable
  let members: [String: Node]
  let faults: FaultList

  /// Nil, with a fault, where `node` is no object; a fault for every key that `table` does not know.
  init?(_ node: Node, _ path: KeyPath, _ table: KeyTable, _ faults: FaultList, order: [String]? = nil) {
    guard case .object(let members) = node else {
      faults.add(path, "is \(node.kind); must be an object { … }")
      return nil
    }
    self.path = path
    self.table = table
    self.members = members
    self.faults = faults
    let unknown = (order ?? members.keys.sorted()).filter { members[$0] != nil && !table.knows($0) }
    for key in unknown {
      let advice = NearestName.advice(key, in: table.all, none: "no key is known here")
      faults.add(path.key(key), "unknown key; \(advice)")
    }
  }

  func has(_ key: String) -> Bool { members[key] != nil }

  /// The member, and a fault where it is missing though `required`.
  func node(_ key: String, required: Bool = false) -> Node? {
    precondition(table.keys.contains(key), "\(key) is not in the table of \(table.name)")
    if members[key] == nil, required { faults.add(path.key(key), "is missing; must be given") }
    return members[key]
  }

  func wrong(_ key: String, _ node: Node, _ right: String) {
    faults.add(path.key(key), "is \(node.kind); must be \(right)")
  }

  func text(_ key: String, required: Bool = false) -> String? {
    guard let node = node(key, required: required) else { return nil }
    guard case .text(let text) = node else {
      wrong(key, node, "a text in quotes")
      return nil
    }
    guard !text.isEmpty, text.utf8.count <= 4_096, !text.unicodeScalars.contains(where: { $0.value < 0x20 })
    else {
      faults.add(path.key(key), "is empty, too long or holds control characters; must be 1 to 4096 bytes")
      return nil
    }
    return text
  }

  func flag(_ key: String) -> Bool? {
    guard let node = node(key) else { return nil }
    guard case .flag(let flag) = node else {
      wrong(key, node, "true or false")
      return nil
    }
    return flag
  }

  func integer(_ key: String, in range: ClosedRange<Int>, required: Bool = false) -> Int? {
    guard let node = node(key, required: required) else { return nil }
    guard case .integer(let value) = node else {
      wrong(key, node, "a whole number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    guard range.contains(value) else {
      faults.add(path.key(key), "is \(value); must be from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return value
  }

  func share(_ key: String) -> Double? {
    guard let node = node(key) else { return nil }
    let value: Double
    switch node {
    case .integer(let whole): value = Double(whole)
    case .number(let number): value = number
    default:
      wrong(key, node, "a number from 0 to 1")
      return nil
    }
    guard (0...1).contains(value) else {
      faults.add(path.key(key), "is \(value); must be from 0 to 1")
      return nil
    }
    return value
  }

  /// One of some words.
  func choice<Value>(_ key: String, _ words: KeyValuePairs<String, Value>, required: Bool = false) -> Value? {
    guard let node = node(key, required: required) else { return nil }
    let names = words.map(\.key)
    let listed = names.map { "\"\($0)\"" }.joined(separator: ", ")
    guard case .text(let text) = node else {
      wrong(key, node, "one of \(listed)")
      return nil
    }
    guard let found = words.first(where: { $0.key == text }) else {
      let nearest = NearestName.of(text, in: names).map { "; did you mean \"\($0)\"?" } ?? ""
      faults.add(path.key(key), "is \"\(text)\"; must be one of \(listed)\(nearest)")
      return nil
    }
    return found.value
  }

  /// A length of time; `key` carries the unit in which the page gives it, the file may use another.
  func duration(_ key: String, in range: ClosedRange<Interval>) -> Interval? {
    precondition(table.durations.contains(key), "\(key) is not in the table of \(table.name)")
    let base = KeyTable.base(of: key)
    let given = KeyTable.units.filter { members[base + $0.suffix] != nil }
    guard let unit = given.first, let node = members[base + unit.suffix] else { return nil }
    let name = base + unit.suffix
    guard given.count == 1 else {
      let names = given.map { base + $0.suffix }.joined(separator: " and ")
      faults.add(path.key(name), "the time is given twice (\(names)); keep one")
      return nil
    }
    let count: Double
    switch node {
    case .integer(let whole): count = Double(whole)
    case .number(let number): count = number
    default:
      wrong(name, node, "a number")
      return nil
    }
    let nanoseconds = (count * Double(unit.nanoseconds)).rounded()
    let bounds = "must be from \(range.lowerBound.words) to \(range.upperBound.words)"
    guard nanoseconds >= 0, nanoseconds <= Double(range.upperBound.nanoseconds),
      nanoseconds >= Double(range.lowerBound.nanoseconds)
    else {
      let shown = node.shown + " " + unit.suffix.dropFirst()
      faults.add(path.key(name), "is \(shown); \(bounds)")
      return nil
    }
    return Interval(nanoseconds: UInt64(nanoseconds))
  }

  /// The name under which a length of time was given, for a fault that comes later.
  func durationPath(_ key: String) -> KeyPath {
    let base = KeyTable.base(of: key)
    let unit = KeyTable.units.first { members[base + $0.suffix] != nil }
    return path.key(unit.map { base + $0.suffix } ?? key)
  }

  func child(_ key: String, _ table: KeyTable, required: Bool = false) -> Section? {
    guard let node = node(key, required: required) else { return nil }
    return Section(node, path.key(key), table, faults)
  }

  /// A list of texts, each with its own path.
  func texts(_ key: String, required: Bool = false) -> [(text: String, path: KeyPath)] {
    guard let node = node(key, required: required) else { return [] }
    guard case .list(let list) = node else {
      wrong(key, node, "a list [ … ]")
      return []
    }
    return Self.texts(of: list, path.key(key), faults)
  }

  static func texts(
    of list: [Node], _ path: KeyPath, _ faults: FaultList
  ) -> [(text: String, path: KeyPath)] {
    var texts: [(text: String, path: KeyPath)] = []
    for (position, node) in list.enumerated() {
      let place = path.element(position)
      if case .text(let text) = node {
        texts.append((text, place))
      } else {
        faults.add(place, "is \(node.kind); must be a text in quotes")
      }
    }
    return texts
  }
}

extension Node {
  /// A number as a person writes it.
  var shown: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    default: kind
    }
  }
}

extension Interval {
  /// `250 us`, `1500 ms`, `30 s`: the shortest that is exact.
  var words: String {
    if nanoseconds == 0 { return "0" }
    if nanoseconds.isMultiple(of: 1_000_000_000) { return "\(nanoseconds / 1_000_000_000) s" }
    if nanoseconds.isMultiple(of: 1_000_000) { return "\(milliseconds) ms" }
    return "\(microseconds) us"
  }
}
