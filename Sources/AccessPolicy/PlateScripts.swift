/// Characters that stand for the same sign on a plate, whatever script or form they are written in.
///
/// Plates of countries that write Cyrillic or Greek use only the letters that Latin has too, so that a reading
/// and a list mean the same car whichever of the two each was typed in.
enum PlateScripts {
  /// The one that the normal form holds; the character itself where there is only one.
  static func plain(_ letter: Unicode.Scalar) -> Unicode.Scalar {
    switch letter.value {
    case 0x30...0x39, 0x41...0x5A: letter
    case 0x370...0x3FF, 0x400...0x52F, 0x130: latin[letter] ?? letter
    case 0x620...0x6FF: arabic(letter)
    case 0x4E00...0x9FFF: simplified[letter] ?? letter
    case 0x1D400...0x1D6A3:
      // The mathematical alphabets: 26 capitals, 26 small letters, and again.
      Unicode.Scalar(UInt8(0x41 + (letter.value - 0x1D400) % 52 % 26))
    case 0xFE8D...0xFEF4: presentation(letter)
    default: digit(letter)
    }
  }

  /// Decimal digits of every script: Arabic, Persian, Devanagari, Thai, …
  private static func digit(_ letter: Unicode.Scalar) -> Unicode.Scalar {
    guard letter.properties.generalCategory == .decimalNumber, let value = letter.properties.numericValue,
      value >= 0, value <= 9
    else { return letter }
    return Unicode.Scalar(UInt8(0x30 + Int(value)))
  }

  /// Capitals that look like a Latin one.
  private static let latin: [Unicode.Scalar: Unicode.Scalar] = pairs(
    "АВЕКМНОРСТУХІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧİ", "ABEKMHOPCTYXISJABEZHIKMNOPTYXI")

  /// Traditional forms of the characters on mainland plates.
  private static let simplified: [Unicode.Scalar: Unicode.Scalar] = pairs(
    "滬遼魯閩晉蘇貴雲陝陜寧粵贛瓊學領掛軍試", "沪辽鲁闽晋苏贵云陕陕宁粤赣琼学领挂军试")

  private static func pairs(_ from: String, _ to: String) -> [Unicode.Scalar: Unicode.Scalar] {
    Dictionary(uniqueKeysWithValues: zip(from.unicodeScalars, to.unicodeScalars))
  }

  /// Arabic letters as plates of several countries and keyboards write the same sign, and both rows of digits.
  private static func arabic(_ letter: Unicode.Scalar) -> Unicode.Scalar {
    switch letter.value {
    case 0x622, 0x623, 0x625, 0x671: "\u{627}"
    case 0x629, 0x6BE, 0x6C1: "\u{647}"
    case 0x649, 0x6CC: "\u{64A}"
    case 0x6A9: "\u{643}"
    default: digit(letter)
    }
  }

  /// Shapes that a letter takes within an Arabic word: the letter's first shape, and the letter.
  private static func presentation(_ letter: Unicode.Scalar) -> Unicode.Scalar {
    let shapes: [(first: UInt32, letter: UInt32)] = [
      (0xFE8D, 0x627), (0xFE8F, 0x628), (0xFE93, 0x629), (0xFE95, 0x62A), (0xFE99, 0x62B), (0xFE9D, 0x62C),
      (0xFEA1, 0x62D), (0xFEA5, 0x62E), (0xFEA9, 0x62F), (0xFEAB, 0x630), (0xFEAD, 0x631), (0xFEAF, 0x632),
      (0xFEB1, 0x633), (0xFEB5, 0x634), (0xFEB9, 0x635), (0xFEBD, 0x636), (0xFEC1, 0x637), (0xFEC5, 0x638),
      (0xFEC9, 0x639), (0xFECD, 0x63A), (0xFED1, 0x641), (0xFED5, 0x642), (0xFED9, 0x643), (0xFEDD, 0x644),
      (0xFEE1, 0x645), (0xFEE5, 0x646), (0xFEE9, 0x647), (0xFEED, 0x648), (0xFEEF, 0x649), (0xFEF1, 0x64A),
    ]
    let shape = shapes.last { $0.first <= letter.value }
    return shape.flatMap { Unicode.Scalar($0.letter) }.map(arabic) ?? letter
  }

  /// A Hangul syllable of a consonant and a vowel, or of a syllable and its last consonant; nil for anything
  /// else.
  static func syllable(_ first: Unicode.Scalar, _ next: Unicode.Scalar) -> Unicode.Scalar? {
    switch (first.value, next.value) {
    case (0x1100...0x1112, 0x1161...0x1175):
      Unicode.Scalar(0xAC00 + ((first.value - 0x1100) * 21 + next.value - 0x1161) * 28)
    case (0xAC00...0xD7A3, 0x11A8...0x11C2) where (first.value - 0xAC00).isMultiple(of: 28):
      Unicode.Scalar(first.value + next.value - 0x11A7)
    default: nil
    }
  }
}
