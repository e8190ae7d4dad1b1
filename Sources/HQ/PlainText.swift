/// Text from elsewhere as it may be shown: nothing in it does anything to a terminal.
enum PlainText {
  /// Control characters, C0 and C1, become a question mark.
  static func of(_ text: String) -> String {
    guard !text.unicodeScalars.allSatisfy({ isPlain($0) }) else { return text }
    var plain = ""
    for scalar in text.unicodeScalars { plain.unicodeScalars.append(isPlain(scalar) ? scalar : "?") }
    return plain
  }

  static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value)
  }
}
