/// A plate's normal form: what NFKC, upper case and leaving out the ornament come to for the characters that
/// plates have.
enum PlateForm {
  /// - Throws: ``CredentialFault`` for a character that stands on no plate, and for a plate too long or empty.
  static func normal(_ text: String) throws(CredentialFault) -> String {
    var normal = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isPlain(scalar) {
        normal.append(PlateScripts.plain(scalar))
        continue
      }
      if isOrnament(scalar) { continue }
      if let composed = normal.last.flatMap({ compose($0, scalar) }) {
        normal.removeLast()
        normal.append(composed)
        continue
      }
      for plain in compatible(scalar) where !isOrnament(plain) {
        for upper in plain.properties.uppercaseMapping.unicodeScalars {
          guard isOfPlates(upper) else { throw .character(.plate, scalar.value) }
          normal.append(PlateScripts.plain(upper))
        }
      }
    }
    guard !normal.isEmpty else { throw .empty(.plate) }
    guard normal.count <= PolicyLimits.plateCharacters else { throw .tooLong(.plate) }
    return String(normal)
  }

  /// A digit, a capital or an ideograph: stands for itself. Nearly all of a million plates are made of these
  /// alone.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x30...0x39, 0x41...0x5A, 0x4E00...0x9FFF: true
    default: false
    }
  }

  /// Spaces, dots, dashes: printed for the eye, read by some cameras only.
  private static func isOrnament(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2E, 0xB7, 0x2022, 0x2024, 0x2027, 0x2219, 0x22C5, 0x30FB, 0xFF65, 0x3002, 0xFF0E, 0xFF61, 0x25CF:
      true
    case 0x2D, 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63, 0xFF0D: true
    // The Arabic stroke that only lengthens, and marks of direction, which Arabic readings come with.
    case 0x09, 0x640, 0x61C, 0x200E, 0x200F: true
    default: scalar.properties.generalCategory == .spaceSeparator
    }
  }

  /// Letters and digits of any script.
  private static func isOfPlates(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .otherLetter, .decimalNumber: true
    default: false
    }
  }

  /// NFKC's compatibility forms of one character.
  private static func compatible(_ scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    switch scalar.value {
    case 0xFF01...0xFF5E: shifted(scalar, by: -0xFEE0)
    case 0x2460...0x2468: shifted(scalar, by: 0x31 - 0x2460)
    case 0x24EA: ["0"]
    case 0x2080...0x2089: shifted(scalar, by: 0x30 - 0x2080)
    case 0x2074...0x2079: shifted(scalar, by: 0x30 - 0x2070)
    case 0x2070: ["0"]
    case 0xB9: ["1"]
    case 0xB2: ["2"]
    case 0xB3: ["3"]
    case 0x24B6...0x24CF: shifted(scalar, by: 0x41 - 0x24B6)
    case 0x24D0...0x24E9: shifted(scalar, by: 0x61 - 0x24D0)
    case 0x1D7CE...0x1D7FF: [Unicode.Scalar(UInt8(0x30 + (scalar.value - 0x1D7CE) % 10))]
    case 0x2E80...0x2FDF, 0xF900...0xFAFF, 0xFF66...0xFF9D:
      PlateForm.table[scalar].map { [$0] } ?? [scalar]
    default: [scalar]
    }
  }

  private static func shifted(_ scalar: Unicode.Scalar, by offset: Int) -> [Unicode.Scalar] {
    Unicode.Scalar(UInt32(Int(scalar.value) + offset)).map { [$0] } ?? [scalar]
  }

  /// A letter and the mark after it, as NFC puts them together.
  private static func compose(_ letter: Unicode.Scalar, _ mark: Unicode.Scalar) -> Unicode.Scalar? {
    guard joins(mark) else { return nil }
    if let syllable = PlateScripts.syllable(letter, mark) { return syllable }
    let joined = "\(Character(letter))\(Character(mark))"
    return PlateForm.composed.unicodeScalars.first { String($0) == joined }
  }

  /// Whether a character can become one with the letter before it: a mark, or a part of a Hangul syllable.
  static func joins(_ mark: Unicode.Scalar) -> Bool {
    switch mark.value {
    case 0x300...0x30C, 0x327, 0x3099, 0x1161...0x1175, 0x11A8...0x11C2: true
    default: false
    }
  }

  /// Letters with marks on the plates of Europe, and voiced kana. Swift compares strings by canonical
  /// equivalence.
  private static let composed = "ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝĆČĎĚŃŇŘŚŠŤŮŹŻŽがぎぐげござじずぜぞだぢづでどばびぶべぼ"

  /// CJK compatibility and radical forms of the characters on plates, and half-width kana.
  private static let table: [Unicode.Scalar: Unicode.Scalar] = {
    var table: [Unicode.Scalar: Unicode.Scalar] = [
      "\u{2F08}": "人", "\u{2F1D}": "口", "\u{2F24}": "大", "\u{2F25}": "女", "\u{2F29}": "小", "\u{2F2D}": "山",
      "\u{2F2F}": "工", "\u{2F42}": "文", "\u{2F47}": "日", "\u{2F49}": "月", "\u{2F54}": "水", "\u{2F62}": "甘",
      "\u{2F65}": "田", "\u{2FA6}": "金", "\u{2FAD}": "青", "\u{2FC9}": "黍", "\u{2FCA}": "黑", "\u{2EE9}": "黄",
      "\u{F92D}": "來", "\u{F914}": "樂", "\u{F99A}": "連", "\u{F9C4}": "龍", "\u{F9D1}": "六", "\u{F9DC}": "隆",
      "\u{F9F4}": "林", "\u{FA12}": "晴", "\u{FA17}": "益", "\u{FA19}": "神", "\u{FA1B}": "福", "\u{FA1E}": "羽",
    ]
    let halfWidth = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
    for (offset, letter) in halfWidth.unicodeScalars.enumerated() {
      if let narrow = Unicode.Scalar(UInt32(0xFF66 + offset)) {
        table[narrow] = letter
      }
    }
    return table
  }()
}
