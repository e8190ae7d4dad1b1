/// Digits typed at a reader, until the person ends them.
struct PINEntry {
  private var digits = ""
  /// Too long or with a key that is no digit: waits for the end and then counts for nothing.
  private var spoiled = false
  /// Milliseconds of the monotonic clock.
  private var last: UInt64 = 0

  /// Takes OSDP's key codes: ASCII digits, 0x0D for `#`, 0x7F for `*`. The PIN once `#` ends it; `*` forgets it.
  mutating func take(_ keys: [UInt8], now: UInt64) -> String? {
    var finished: String?
    if now > last + ReadersLimits.pinMilliseconds { forget() }
    last = now
    for key in keys {
      switch key {
      case 0x30...0x39:
        digits.append(Character(UnicodeScalar(key)))
        spoiled = spoiled || digits.utf8.count > ReadersLimits.pinDigits
        if spoiled { digits = "" }
      case 0x0D:
        if !spoiled, !digits.isEmpty { finished = digits }
        forget()
      case 0x7F: forget()
      default: spoiled = true
      }
    }
    return finished
  }

  private mutating func forget() {
    digits = ""
    spoiled = false
  }
}
