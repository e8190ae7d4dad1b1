/// What the decoder keeps to itself: the order of the keys, names that stand twice, and where the grammar breaks.
///
/// FoundationEssentials' decoder drops the order, lets the first of two equal keys win without a word and says of a
/// syntax error only that there is one. This walk over the same bytes reads no values.
struct JSON5Outline {
  struct Break: Error, Equatable {
    var line: Int
    var column: Int
    var text: String
  }

  /// The keys of the object at a path, as they stand in the file.
  private(set) var order: [KeyPath: [String]] = [:]
  /// Keys that stand twice in one object, with the line of the second.
  private(set) var twice: [(path: KeyPath, line: Int)] = []

  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) throws(Break) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    try value(.root, depth: 0)
    try space()
    guard at == bytes.count else { throw broken("expected the end of the file after the closing brace") }
  }

  private func broken(_ text: String) -> Break {
    let before = bytes[..<min(at, bytes.count)]
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
    return Break(line: line, column: column, text: text)
  }

  private var current: UInt8? { at < bytes.count ? bytes[at] : nil }

  private func sees(_ scalar: Unicode.Scalar) -> Bool { current == UInt8(ascii: scalar) }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard sees(scalar) else { return false }
    at += 1
    return true
  }

  private mutating func space() throws(Break) {
    while let byte = current {
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D: at += 1
      case UInt8(ascii: "/"): try comment()
      case 0xC2 where at + 1 < bytes.count && bytes[at + 1] == 0xA0: at += 2
      default: return
      }
    }
  }

  private mutating func comment() throws(Break) {
    let start = at
    at += 1
    if take("/") {
      while let byte = current, byte != 0x0A { _ = byte; at += 1 }
    } else if take("*") {
      while at + 1 < bytes.count, !(bytes[at] == UInt8(ascii: "*") && bytes[at + 1] == UInt8(ascii: "/")) {
        at += 1
      }
      guard at + 1 < bytes.count else {
        at = start
        throw broken("this comment has no end; close it with */")
      }
      at += 2
    } else {
      at = start
      throw broken("a comment begins with // or /*")
    }
  }

  private mutating func value(_ path: KeyPath, depth: Int) throws(Break) {
    guard depth <= SiteLimits.depth else { throw broken("nested deeper than \(SiteLimits.depth)") }
    try space()
    guard let byte = current else { throw broken("the file ends where a value should stand") }
    switch byte {
    case UInt8(ascii: "{"): try object(path, depth: depth)
    case UInt8(ascii: "["): try list(path, depth: depth)
    case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = try quoted()
    default: try word()
    }
  }

  private mutating func object(_ path: KeyPath, depth: Int) throws(Break) {
    at += 1
    var keys: [String] = []
    var seen: Set<String> = []
    while true {
      try space()
      if take("}") { break }
      guard current != nil else { throw broken("the file ends inside an object; a } is missing") }
      let start = at
      let name = try key()
      if name.utf8.contains(UInt8(ascii: "\\")) {
        at = start
        throw broken("a key with an escape could hide a second one; write it plainly")
      }
      if seen.insert(name).inserted {
        keys.append(name)
      } else {
        twice.append((path.key(name), broken("").line))
      }
      try space()
      guard take(":") else { throw broken("expected a colon after the key '\(name)'") }
      try value(path.key(name), depth: depth + 1)
      try space()
      if !take(","), !sees("}") { throw broken("expected a comma or } after the value of '\(name)'") }
    }
    order[path] = keys
  }

  private mutating func list(_ path: KeyPath, depth: Int) throws(Break) {
    at += 1
    var position = 0
    while true {
      try space()
      if take("]") { return }
      guard current != nil else { throw broken("the file ends inside a list; a ] is missing") }
      try value(path.element(position), depth: depth + 1)
      position += 1
      try space()
      if !take(","), !sees("]") { throw broken("expected a comma or ] in the list") }
    }
  }

  private mutating func key() throws(Break) -> String {
    if sees("\"") || sees("'") { return try quoted() }
    let start = at
    while let byte = current, Self.isWord(byte) { _ = byte; at += 1 }
    guard at > start else { throw broken("expected a key; a key that is not one word stands in quotes") }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  private mutating func quoted() throws(Break) -> String {
    let start = at
    let quote = bytes[at]
    at += 1
    while let byte = current, byte != quote {
      if byte == 0x0A {
        at = start
        throw broken("this text has no closing quote on its line")
      }
      let escapes = byte == UInt8(ascii: "\\")
      // A line that goes on after CR LF escapes both.
      let isWindowsLine = escapes && bytes[at...].dropFirst().starts(with: [0x0D, 0x0A])
      at += isWindowsLine ? 3 : escapes ? 2 : 1
    }
    guard at < bytes.count else {
      at = start
      throw broken("this text has no closing quote")
    }
    at += 1
    return String(decoding: bytes[(start + 1)..<(at - 1)], as: UTF8.self)
  }

  /// true, false, null or a number: what it is the decoder says.
  private mutating func word() throws(Break) {
    let start = at
    while let byte = current,
      Self.isWord(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+")
        || byte == UInt8(ascii: "-")
    {
      _ = byte
      at += 1
    }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    guard let first = text.utf8.first else { throw broken("expected a value") }
    let number = (0x30...0x39).contains(first) || "+-.".utf8.contains(first)
    guard number || ["true", "false", "null", "NaN", "Infinity"].contains(text) else {
      at = start
      throw broken("'\(text)' is not a value; a text stands in quotes")
    }
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...0xFF, UInt8(ascii: "_"), UInt8(ascii: "$"),
      UInt8(ascii: "\\"):
      true
    default: false
    }
  }
}
