extension CredentialKey {
  /// Reads `plate:京A12345`, `card:H10301/123/45678`, `card:raw/26/HEX`, `pin:1234`, `qr:…`, `face:…`.
  public static func parse(_ text: String) throws(CredentialFault) -> CredentialKey {
    let (kind, value) = try split(text)
    return try parse(value: value, kind: kind)
  }

  /// The same from bytes of a wire, which may be no UTF-8 at all.
  public static func parse(bytes: [UInt8]) throws(CredentialFault) -> CredentialKey {
    guard bytes.count <= PolicyLimits.credentialTextBytes else { throw .tooLong(nil) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
    return try parse(text)
  }

  /// Reads ``storedText``: as ``parse(_:)``, and a PIN may stand as its digest.
  ///
  /// Only for lists and journals: a reader that could send a digest would need no PIN.
  public static func parse(stored text: String) throws(CredentialFault) -> CredentialKey {
    let (kind, value) = try split(text)
    if kind == .pin, PinDigest.isOne(value) {
      return try key(.pin, value)
    }
    return try parse(value: value, kind: kind)
  }

  /// A value whose kind is known from elsewhere, such as a camera's other readings.
  public static func parse(value: String, kind: CredentialKind) throws(CredentialFault) -> CredentialKey {
    guard value.utf8.count <= PolicyLimits.credentialTextBytes else { throw .tooLong(kind) }
    guard !value.isEmpty else { throw .empty(kind) }
    switch kind {
    case .plate: return try key(kind, PlateForm.normal(value))
    case .card: return try key(kind, CardFormat.normal(value))
    case .pin: return try key(kind, PinDigest.of(value))
    case .qr, .face: return try key(kind, printable(value, kind))
    }
  }

  private static func split(_ text: String) throws(CredentialFault) -> (CredentialKind, String) {
    guard text.utf8.count <= PolicyLimits.credentialTextBytes else { throw .tooLong(nil) }
    guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { throw .withoutKind }
    let word = String(text[..<colon])
    guard let kind = CredentialKind(name: word.lowercased()) else {
      throw .unknownKind(nearest: Nearest.of(word, in: CredentialKind.allCases, name: \.name) ?? .plate)
    }
    return (kind, String(text[text.utf8.index(after: colon)...]))
  }

  private static func printable(_ value: String, _ kind: CredentialKind) throws(CredentialFault) -> String {
    for scalar in value.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator:
        throw .character(kind, scalar.value)
      default: continue
      }
    }
    return value
  }

  private static func key(_ kind: CredentialKind, _ value: String) throws(CredentialFault) -> CredentialKey {
    guard value.utf8.count <= PolicyLimits.credentialBytes else { throw .tooLong(kind) }
    guard !value.isEmpty else { throw .empty(kind) }
    var words = InlineArray<8, UInt64>(repeating: 0)
    var length = 0
    for unit in value.utf8 {
      words[length >> 3] |= UInt64(unit) << UInt64((length & 7) << 3)
      length += 1
    }
    return CredentialKey(kind: kind, words: words, length: length)
  }
}
