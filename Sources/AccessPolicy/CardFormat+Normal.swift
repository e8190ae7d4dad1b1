extension CardFormat {
  /// Whether ``normal(_:)`` would give the same back, told from bytes; where it says no, ask that.
  static func isNormal(_ text: Span<UInt8>) -> Bool {
    guard let first = slash(text, from: 0), let second = slash(text, from: first + 1),
      slash(text, from: second + 1) == nil
    else { return false }
    let (name, middle) = (text.extracting(..<first), text.extracting((first + 1)..<second))
    let last = text.extracting((second + 1)...)
    guard let value = normalDecimal(middle) else { return false }
    if isName("raw", name) { return isNormalHexadecimal(last, bits: value) }
    guard let format = all.first(where: { isName($0.name, name) }), let number = normalDecimal(last) else {
      return false
    }
    return value >> UInt64(format.facilityBits) == 0 && number >> UInt64(format.numberBits) == 0
  }

  private static func slash(_ text: Span<UInt8>, from start: Int) -> Int? {
    for place in start..<text.count where text[place] == UInt8(ascii: "/") { return place }
    return nil
  }

  private static func isName(_ name: String, _ text: Span<UInt8>) -> Bool {
    guard name.utf8.count == text.count else { return false }
    var place = 0
    for unit in name.utf8 {
      guard text[place] == unit else { return false }
      place += 1
    }
    return true
  }

  /// Digits without a zero before them; nil for anything else, and for what no format has room for.
  private static func normalDecimal(_ text: Span<UInt8>) -> UInt64? {
    guard text.count >= 1, text.count <= 18, text.count == 1 || text[0] != 0x30 else { return nil }
    var value: UInt64 = 0
    for place in text.indices {
      guard text[place] >= 0x30, text[place] <= 0x39 else { return nil }
      value = value * 10 + UInt64(text[place] - 0x30)
    }
    return value
  }

  private static func isNormalHexadecimal(_ text: Span<UInt8>, bits: UInt64) -> Bool {
    guard bits >= 1, bits <= PolicyLimits.rawCardBits, text.count == (Int(bits) + 3) / 4 else { return false }
    for place in text.indices {
      let unit = text[place]
      let digit = unit < 0x40 ? Int(unit) - 0x30 : Int(unit) - 0x37
      guard unit < 0x40 ? (0...9).contains(digit) : (10...15).contains(digit) else { return false }
      if place == 0, digit >> (Int(bits) - (text.count - 1) * 4) != 0 { return false }
    }
    return true
  }
}
