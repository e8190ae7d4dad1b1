/// Why a text is no credential. Nothing that long or hostile input could blow up is repeated in it.
public enum CredentialFault: Error, Equatable, Sendable, CustomStringConvertible {
  case withoutKind
  case unknownKind(nearest: CredentialKind)
  case empty(CredentialKind)
  /// Longer than ``PolicyLimits`` allow.
  case tooLong(CredentialKind?)
  case notUTF8
  /// A character that no such credential has; the code point.
  case character(CredentialKind, UInt32)
  case cardFormat
  case cardParts(format: String, wanted: String)
  case cardRange(format: String, part: String, most: UInt64)
  case pin

  public var description: String {
    switch self {
    case .withoutKind: "no kind before a colon; write one of plate: card: pin: qr: face:"
    case .unknownKind(let nearest): "unknown kind; the nearest is '\(nearest.name):'"
    case .empty(let kind): "nothing stands after '\(kind.name):'"
    case .tooLong(let kind): "the \(kind?.name ?? "credential") is too long"
    case .notUTF8: "the text is not UTF-8"
    case .character(let kind, let code):
      "a \(kind.name) has no character U+\(hexadecimal(UInt64(code), digits: 4))"
    case .cardFormat:
      "unknown card format; known are \(CardFormat.names) and raw/BITS/HEX"
    case .cardParts(let format, let wanted): "a card of format \(format) is written \(wanted)"
    case .cardRange(let format, let part, let most): "the \(part) of a \(format) card is at most \(most)"
    case .pin:
      "a PIN has \(PolicyLimits.pinDigits.lowerBound) to \(PolicyLimits.pinDigits.upperBound) digits"
    }
  }
}

/// Upper case, filled with zeros from the left.
func hexadecimal(_ value: UInt64, digits: Int) -> String {
  let text = String(value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}
