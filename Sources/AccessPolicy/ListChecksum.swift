/// A fast 64-bit sum over words, for files of our own: it finds damage, it proves no origin.
///
/// Eight lanes side by side; each step is a bijection of its lane, so that a change within one word is always found.
/// A change in many words passes once in 2^64.
struct ListChecksum {
  private var lanes: InlineArray<8, UInt64> = [
    0x9E37_79B9_7F4A_7C15, 0xBF58_476D_1CE4_E5B9, 0x94D0_49BB_1331_11EB, 0xD6E8_FEB8_6659_FD93,
    0xA076_1D64_78BD_642F, 0xE703_7ED1_A0B4_28DB, 0x8EBC_6AF0_9C88_C6E3, 0x5896_65CC_3565_1757,
  ]

  private static var factor: UInt64 { 0x9FB2_1C65_1E98_DF25 }

  @inline(__always)
  private static func mixed(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    let product = (lane ^ word) &* factor
    return product << 31 | product >> 33
  }

  /// - Parameter bytes: a multiple of ``ListLayout/line``.
  mutating func add(_ start: UnsafeRawPointer, bytes: Int) {
    precondition(bytes % ListLayout.line == 0, "a checksum is taken over whole lines")
    var (a, b, c, d) = (lanes[0], lanes[1], lanes[2], lanes[3])
    var (e, f, g, h) = (lanes[4], lanes[5], lanes[6], lanes[7])
    let words = unsafe start.assumingMemoryBound(to: UInt64.self)
    var place = 0
    while place < bytes / 8 {
      unsafe a = ListChecksum.mixed(a, words[place])
      unsafe b = ListChecksum.mixed(b, words[place + 1])
      unsafe c = ListChecksum.mixed(c, words[place + 2])
      unsafe d = ListChecksum.mixed(d, words[place + 3])
      unsafe e = ListChecksum.mixed(e, words[place + 4])
      unsafe f = ListChecksum.mixed(f, words[place + 5])
      unsafe g = ListChecksum.mixed(g, words[place + 6])
      unsafe h = ListChecksum.mixed(h, words[place + 7])
      place += 8
    }
    lanes = [a, b, c, d, e, f, g, h]
  }

  var value: UInt64 {
    var value: UInt64 = 0
    for lane in lanes.indices { value = ListChecksum.mixed(value, lanes[lane]) }
    return value
  }
}
