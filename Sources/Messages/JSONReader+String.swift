extension JSONReader {
  /// Reads the string that begins at the current byte.
  mutating func string() throws(JSONFault) -> String {
    position += 1
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\""),
      bytes[position] != UInt8(ascii: "\\"),
      bytes[position] >= 0x20
    {
      position += 1
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
      let text = try validated(bytes[start..<position])
      position += 1
      return text
    }
    return try escapedString(Array(bytes[start..<position]))
  }

  private mutating func escapedString(_ plain: [UInt8]) throws(JSONFault) -> String {
    var text = plain
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return try validated(text[...])
      case UInt8(ascii: "\\"): try escape(into: &text)
      case ..<0x20: throw fault("a control character in a string; write it as \\u00XX")
      default: text.append(byte)
      }
    }
    throw fault("the text ends in the middle of a string")
  }

  private func validated(_ text: ArraySlice<UInt8>) throws(JSONFault) -> String {
    guard let string = String(validating: text, as: UTF8.self) else {
      throw fault("a string that is not UTF-8")
    }
    return string
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONFault) {
    guard position < bytes.count else { throw fault("the text ends in the middle of a string") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: Array(String(try scalar()).utf8))
    default: throw fault("an escape that JSON does not know")
    }
  }

  private mutating func codeUnit() throws(JSONFault) -> UInt32 {
    guard position + 4 <= bytes.count else { throw fault("\\u needs four hexadecimal digits") }
    var unit: UInt32 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Hex.digit(byte) else { throw fault("\\u needs four hexadecimal digits") }
      unit = unit << 4 | UInt32(digit)
    }
    position += 4
    return unit
  }

  /// One scalar, from one UTF-16 unit or from a surrogate pair.
  private mutating func scalar() throws(JSONFault) -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, position + 2 <= bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw fault("half of a surrogate pair") }
    position += 2
    let second = try codeUnit()
    guard second >= 0xDC00, second <= 0xDFFF,
      let scalar = Unicode.Scalar(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    else { throw fault("half of a surrogate pair") }
    return scalar
  }
}
