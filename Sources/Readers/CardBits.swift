/// A card as a reader hands it over bit by bit, first bit first and highest.
struct CardBits: Equatable {
  var count: Int
  /// The bits from the left; what is over in the last byte does not count.
  var bytes: [UInt8]

  /// Nil where there are no bits, too many, or fewer bytes than they need.
  init?(count: Int, bytes: [UInt8]) {
    guard (1...ReadersLimits.cardBits).contains(count), bytes.count >= (count + 7) / 8 else { return nil }
    self.count = count
    self.bytes = Array(bytes.prefix((count + 7) / 8))
  }

  /// `raw/26/1234ABC`: the value in upper-case hexadecimal, with as many digits as the bits need.
  var text: String {
    let digits = (count + 3) / 4
    // Shifted right, so that the last bit is the lowest of the last digit.
    let shift = (8 - count % 8) % 8
    var carry = 0
    let shifted = bytes.map { byte in
      let value = carry << 8 | Int(byte)
      carry = value & (1 << shift - 1)
      return UInt8(truncatingIfNeeded: value >> shift)
    }
    let hexadecimal = shifted.map { byte in
      let text = String(byte, radix: 16, uppercase: true)
      return text.count == 1 ? "0" + text : text
    }.joined()
    return "raw/\(count)/\(hexadecimal.suffix(digits))"
  }
}
