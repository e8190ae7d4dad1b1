/// Cuts what a QR or barcode scanner prints into codes.
///
/// A code ends with a carriage return, a line feed or both. Half a code, one that is too long, and one with bytes that are
/// no text are dropped whole.
struct ScannerFraming {
  private var code: [UInt8] = []
  private var spoiled = false
  /// Milliseconds of the monotonic clock.
  private var last: UInt64 = 0
  /// Codes that were dropped.
  private(set) var dropped = 0

  /// The codes that these bytes complete.
  mutating func take(_ bytes: [UInt8], now: UInt64) -> [String] {
    if now > last + ReadersLimits.codeMilliseconds, !code.isEmpty || spoiled { drop() }
    last = now
    var codes: [String] = []
    for byte in bytes {
      if byte != 0x0A && byte != 0x0D {
        code.append(byte)
        if code.count > ReadersLimits.codeBytes {
          spoiled = true
          code = []
        }
      } else if spoiled {
        drop()
      } else if !code.isEmpty {
        if let text = Self.text(code) { codes.append(text) } else { dropped += 1 }
        code.removeAll(keepingCapacity: true)
      }
    }
    return codes
  }

  private mutating func drop() {
    dropped += 1
    code.removeAll(keepingCapacity: true)
    spoiled = false
  }

  private static func text(_ bytes: [UInt8]) -> String? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    let trimmed = text.unicodeScalars.drop { $0 == " " }
    guard !trimmed.isEmpty, trimmed.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else { return nil }
    var result = String(trimmed)
    while result.hasSuffix(" ") { result.removeLast() }
    return result
  }
}
