/// Reads JSON (RFC 8259) from bytes, one value at a time, bounded in depth, without trusting anything.
struct JSONReader {
  let bytes: [UInt8]
  var position = 0
  let maximumDepth: Int
  private var depth = 0

  init(_ bytes: [UInt8], maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  func fault(_ text: String) -> JSONFault { JSONFault(offset: position, text: text) }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  /// Takes the byte if it stands next, after white space.
  mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard current == byte else { return false }
    position += 1
    return true
  }

  mutating func expect(_ byte: UInt8, _ what: String) throws(JSONFault) {
    guard take(byte) else { throw fault("expected \(what)") }
  }

  mutating func expectEnd() throws(JSONFault) {
    skipSpace()
    guard position == bytes.count else { throw fault("something follows the value") }
  }

  mutating func value() throws(JSONFault) -> JSONValue {
    skipSpace()
    guard let byte = current else { throw fault("the text ends where a value should stand") }
    switch byte {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw fault("no value begins like this")
    }
  }

  private mutating func enter() throws(JSONFault) {
    guard depth < maximumDepth else { throw fault("more than \(maximumDepth) levels deep") }
    depth += 1
    position += 1
  }

  private mutating func object() throws(JSONFault) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = []
    var seen: Set<String> = []
    try eachMember { (reader, key) throws(JSONFault) in
      guard seen.insert(key).inserted else { throw reader.fault("the key '\(key.prefix(40))' stands twice") }
      members.append((key, try reader.value()))
    }
    return .object(members)
  }

  private mutating func array() throws(JSONFault) -> JSONValue {
    var elements: [JSONValue] = []
    try eachElement { (reader) throws(JSONFault) in elements.append(try reader.value()) }
    return .array(elements)
  }

  /// Reads an object; `body` must read the value that stands after each key.
  mutating func eachMember(
    _ body: (inout JSONReader, String) throws(JSONFault) -> Void
  ) throws(JSONFault) {
    skipSpace()
    guard current == UInt8(ascii: "{") else { throw fault("expected an object") }
    try enter()
    if !take(UInt8(ascii: "}")) {
      repeat {
        skipSpace()
        guard current == UInt8(ascii: "\"") else { throw fault("expected a key in double quotes") }
        let key = try string()
        try expect(UInt8(ascii: ":"), "':' after the key '\(key.prefix(40))'")
        try body(&self, key)
      } while take(UInt8(ascii: ","))
      try expect(UInt8(ascii: "}"), "',' or '}'")
    }
    depth -= 1
  }

  /// Reads an array; `body` must read each element.
  mutating func eachElement(_ body: (inout JSONReader) throws(JSONFault) -> Void) throws(JSONFault) {
    skipSpace()
    guard current == UInt8(ascii: "[") else { throw fault("expected an array") }
    try enter()
    if !take(UInt8(ascii: "]")) {
      repeat { try body(&self) } while take(UInt8(ascii: ","))
      try expect(UInt8(ascii: "]"), "',' or ']'")
    }
    depth -= 1
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
    let end = position + text.utf8CodeUnitCount
    guard end <= bytes.count, bytes[position..<end].elementsEqual(text.description.utf8) else {
      throw fault("no value begins like this")
    }
    position = end
    return value
  }

  private mutating func digits() -> Int {
    let start = position
    while let byte = current, byte >= 0x30, byte <= 0x39 { position += 1 }
    return position - start
  }

  private mutating func number() throws(JSONFault) -> JSONValue {
    let start = position
    if current == UInt8(ascii: "-") { position += 1 }
    let leadingZero = current == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, !(leadingZero && whole > 1) else { throw fault("not a number") }
    var integral = true
    if current == UInt8(ascii: ".") {
      position += 1
      integral = false
      guard digits() > 0 else { throw fault("no digit after the point") }
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      integral = false
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      guard digits() > 0 else { throw fault("no digit in the exponent") }
    }
    guard position - start <= 64 else { throw fault("a number of more than 64 characters") }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if integral, let value = Int64(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else { throw fault("the number \(text) is too large") }
    return .number(value)
  }
}
