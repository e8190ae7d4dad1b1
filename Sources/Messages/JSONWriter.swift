/// Writes compact JSON: no white space, members in the order they are given.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private var first = true

  init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  mutating func open() {
    bytes.append(UInt8(ascii: "{"))
    first = true
  }

  mutating func close() {
    bytes.append(UInt8(ascii: "}"))
    first = false
  }

  mutating func key(_ name: String) {
    if !first { bytes.append(UInt8(ascii: ",")) }
    first = false
    string(name)
    bytes.append(UInt8(ascii: ":"))
  }

  mutating func member(_ name: String, _ value: String) {
    key(name)
    string(value)
  }

  mutating func member(_ name: String, _ value: Int64) {
    key(name)
    integer(value)
  }

  mutating func member(_ name: String, ifPresent value: String?) {
    if let value { member(name, value) }
  }

  mutating func member(_ name: String, _ value: Bool) {
    key(name)
    raw(value ? "true" : "false")
  }

  mutating func member(_ name: String, json value: JSONValue) {
    key(name)
    self.value(value)
  }

  mutating func raw(_ text: StaticString) {
    bytes.append(contentsOf: text.description.utf8)
  }

  mutating func splice(_ text: ArraySlice<UInt8>) {
    bytes.append(contentsOf: text)
  }

  mutating func integer(_ value: Int64) {
    bytes.append(contentsOf: String(value).utf8)
  }

  mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0x0A: raw("\\n")
      case 0x0D: raw("\\r")
      case 0x09: raw("\\t")
      case ..<0x20:
        raw("\\u00")
        bytes.append(contentsOf: Hex.text([byte]).utf8)
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func value(_ value: JSONValue) {
    switch value {
    case .null: raw("null")
    case .bool(let value): raw(value ? "true" : "false")
    case .integer(let value): integer(value)
    case .number(let value): number(value)
    case .string(let text): string(text)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (place, element) in elements.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        self.value(element)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      open()
      for member in members { self.member(member.key, json: member.value) }
      close()
    }
  }

  /// JSON has no infinity and no not-a-number: they are written as null.
  private mutating func number(_ value: Double) {
    if value.isFinite { bytes.append(contentsOf: value.description.utf8) } else { raw("null") }
  }
}
