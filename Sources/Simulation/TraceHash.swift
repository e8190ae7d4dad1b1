import ControlCore

/// A fingerprint of all that happened, in order: FNV-1a over 64 bits.
struct TraceHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ word: UInt64) {
    var rest = word
    for _ in 0..<8 {
      value = (value ^ (rest & 0xFF)) &* 0x0000_0100_0000_01B3
      rest >>= 8
    }
  }

  mutating func add(_ event: Event) {
    let place = event.point.map { UInt64($0.raw) } ?? 0xFFFF
    add(event.at.nanoseconds)
    add(UInt64(event.kind.rawValue) | UInt64(event.cause.rawValue) << 8 | place << 16)
    add(event.passage)
    add(event.value)
  }

  /// Sixteen hexadecimal digits.
  var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
