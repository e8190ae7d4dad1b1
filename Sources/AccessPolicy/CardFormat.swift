/// A card's number format: which fields it has and how wide they are.
struct CardFormat: Sendable {
  let name: String
  /// Bits on the wire, parity included.
  let bits: Int
  /// Zero: the format has no facility code.
  let facilityBits: Int
  let numberBits: Int

  static let all = [
    CardFormat(name: "H10301", bits: 26, facilityBits: 8, numberBits: 16),
    CardFormat(name: "H10306", bits: 34, facilityBits: 16, numberBits: 16),
    CardFormat(name: "H10304", bits: 37, facilityBits: 16, numberBits: 19),
    CardFormat(name: "H10302", bits: 37, facilityBits: 0, numberBits: 35),
    CardFormat(name: "C1000-35", bits: 35, facilityBits: 12, numberBits: 20),
  ]

  static var names: String {
    all.map(\.name).joined(separator: ", ")
  }

  /// `FORMAT/FACILITY/NUMBER` or `raw/BITS/HEX`, in normal form.
  static func normal(_ text: String) throws(CredentialFault) -> String {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if parts[0].lowercased() == "raw" {
      return try rawNormal(parts)
    }
    guard let format = all.first(where: { $0.name == parts[0].uppercased() }) else { throw .cardFormat }
    return try format.normal(Array(parts.dropFirst()))
  }

  /// A format without facility is written with facility 0, and may be given without it.
  private func normal(_ fields: [String]) throws(CredentialFault) -> String {
    var fields = fields
    if facilityBits == 0 && (fields.count == 1 || fields.first == "") {
      fields = ["0"] + fields.suffix(1)
    }
    guard fields.count == 2, let facility = CardFormat.decimal(fields[0]),
      let number = CardFormat.decimal(fields[1])
    else {
      throw .cardParts(format: name, wanted: facilityBits == 0 ? "\(name)/NUMBER" : "\(name)/FACILITY/NUMBER")
    }
    let mostFacility = (UInt64(1) << UInt64(facilityBits)) - 1
    let mostNumber = (UInt64(1) << UInt64(numberBits)) - 1
    guard facility <= mostFacility else {
      throw .cardRange(format: name, part: "facility", most: mostFacility)
    }
    guard number <= mostNumber else { throw .cardRange(format: name, part: "number", most: mostNumber) }
    return "\(name)/\(facility)/\(number)"
  }

  /// Upper case, as many digits as the bits need; the bits that are left over in the first digit must be
  /// zero.
  private static func rawNormal(_ parts: [String]) throws(CredentialFault) -> String {
    let wanted = CredentialFault.cardParts(format: "raw", wanted: "raw/BITS/HEX")
    guard parts.count == 3, let count = decimal(parts[1]), !parts[2].isEmpty else { throw wanted }
    guard count >= 1, count <= PolicyLimits.rawCardBits else {
      throw .cardRange(format: "raw", part: "number of bits", most: UInt64(PolicyLimits.rawCardBits))
    }
    let bits = Int(count)
    guard parts[2].utf8.allSatisfy({ isHexadecimal($0) }) else { throw wanted }
    let significant = String(parts[2].uppercased().drop { $0 == "0" })
    let digits = (bits + 3) / 4
    let firstBits = significant.first?.hexDigitValue.map { 4 - (UInt8($0) << 4).leadingZeroBitCount } ?? 0
    guard max(0, significant.count - 1) * 4 + firstBits <= bits else {
      throw .cardParts(format: "raw", wanted: "raw/\(bits)/HEX with at most \(bits) bits in HEX")
    }
    return "raw/\(bits)/" + String(repeating: "0", count: digits - significant.count) + significant
  }

  private static func isHexadecimal(_ unit: UInt8) -> Bool {
    switch unit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "F"),
      UInt8(ascii: "a")...UInt8(ascii: "f"):
      true
    default: false
    }
  }

  /// Plain digits only: `UInt64.init` would also take a sign.
  private static func decimal(_ text: String) -> UInt64? {
    guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    return UInt64(text)
  }
}
