/// Reads credentials in their stored form, without making text of those that stand in their normal form already: of a
/// million rows nearly all do.
///
/// Whatever it does not know at once, ``CredentialKey/parse(stored:)`` decides.
struct StoredKeys {
  /// Of a character of the basic plane: whether it stands for itself on a plate, wherever it stands.
  private enum Letter {
    static var unknown: UInt8 { 0 }
    static var own: UInt8 { 1 }
    static var other: UInt8 { 2 }
  }

  private var letters: [UInt8] = Array(repeating: Letter.unknown, count: 1 << 16)
  /// The kinds' names, as ``word(_:_:)`` gives them.
  private let names = CredentialKind.allCases.map { kind in
    (word: StoredKeys.word(Array(kind.name.utf8).span, kind.name.utf8.count), kind: kind)
  }

  /// Nil where it cannot be read.
  mutating func key(_ text: Span<UInt8>) -> CredentialKey? {
    if let key = normalKey(text) { return key }
    let text = unsafe text.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    return try? CredentialKey.parse(stored: text)
  }

  private mutating func normalKey(_ text: Span<UInt8>) -> CredentialKey? {
    var colon = 0
    while colon < text.count && text[colon] != UInt8(ascii: ":") { colon += 1 }
    guard colon < 8, colon < text.count - 1 else { return nil }
    let word = StoredKeys.word(text, colon)
    guard let kind = names.first(where: { $0.word == word })?.kind else { return nil }
    let value = text.extracting((colon + 1)...)
    guard value.count <= PolicyLimits.credentialBytes else { return nil }
    let isNormal =
      switch kind {
      case .plate: isNormalPlate(value)
      case .card: CardFormat.isNormal(value)
      case .pin: PinDigest.isOne(value)
      case .qr, .face: StoredKeys.isPlainText(value)
      }
    return isNormal ? CredentialKey(kind: kind, normal: value) : nil
  }

  /// The first bytes as a number, at most eight, the first lowest.
  private static func word(_ text: Span<UInt8>, _ count: Int) -> UInt64 {
    var word: UInt64 = 0
    for place in 0..<count { word |= UInt64(text[place]) << UInt64(place * 8) }
    return word
  }

  private static func isPlainText(_ value: Span<UInt8>) -> Bool {
    for place in value.indices where value[place] < 0x20 || value[place] > 0x7E { return false }
    return true
  }

  private mutating func isNormalPlate(_ value: Span<UInt8>) -> Bool {
    var place = 0
    var count = 0
    while place < value.count {
      let lead = value[place]
      let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : 3
      guard length <= value.count - place else { return false }
      if length == 1 {
        guard lead >= 0x30 && lead <= 0x39 || lead >= 0x41 && lead <= 0x5A else { return false }
      } else {
        guard let code = StoredKeys.code(value, place, length), isOwn(code) else { return false }
      }
      place += length
      count += 1
    }
    return count <= PolicyLimits.plateCharacters
  }

  /// The character of two or three bytes; nil where they are none.
  private static func code(_ value: Span<UInt8>, _ place: Int, _ length: Int) -> Int? {
    let (lead, second) = (Int(value[place]), Int(value[place + 1]))
    guard lead >= 0xC2, second & 0xC0 == 0x80 else { return nil }
    if length == 2 { return (lead & 0x1F) << 6 | second & 0x3F }
    let third = Int(value[place + 2])
    let code = (lead & 0x0F) << 12 | (second & 0x3F) << 6 | third & 0x3F
    return lead < 0xF0 && third & 0xC0 == 0x80 && code >= 0x800 ? code : nil
  }

  private mutating func isOwn(_ code: Int) -> Bool {
    if letters[code] == Letter.unknown {
      letters[code] = StoredKeys.isOwn(Unicode.Scalar(UInt32(code))) ? Letter.own : Letter.other
    }
    return letters[code] == Letter.own
  }

  private static func isOwn(_ letter: Unicode.Scalar?) -> Bool {
    guard let letter else { return false }
    // Behind another letter it could become one with it.
    guard !PlateForm.joins(letter), let normal = try? PlateForm.normal(String(letter)) else { return false }
    // Scalar by scalar: as texts a character and its compatible form are the same.
    return normal.unicodeScalars.elementsEqual([letter])
  }
}

extension CredentialKey {
  /// - Parameter value: in normal form, at most ``PolicyLimits/credentialBytes``.
  init(kind: CredentialKind, normal value: Span<UInt8>) {
    var words = InlineArray<8, UInt64>(repeating: 0)
    let bytes = unsafe value.bytes
    var place = 0
    while bytes.byteCount - place >= 8 {
      let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
      words[place >> 3] = word.littleEndian
      place += 8
    }
    if place < value.count {
      var rest: UInt64 = 0
      for last in (place..<value.count).reversed() { rest = rest << 8 | UInt64(value[last]) }
      words[place >> 3] = rest
    }
    self.init(kind: kind, words: words, length: value.count)
  }
}
