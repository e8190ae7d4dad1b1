/// The bytes of a list's entries, read eight at a time from any place.
struct ListText: ~Copyable, Sendable {
  /// The first byte lowest; one word more than the bytes need, so that a read may run over their end.
  private var words: [UInt64] = [0]
  private(set) var count = 0

  init() {}

  /// To be filled.
  init(zeros count: Int) {
    words = Array(repeating: 0, count: (count + 7) / 8 + 1)
    self.count = count
  }

  /// Writes eight bytes where there are zeros yet.
  mutating func fill(_ word: UInt64, at place: Int) {
    let shift = UInt64((place & 7) << 3)
    words[place >> 3] |= word << shift
    if shift != 0 { words[(place >> 3) + 1] |= word >> (64 - shift) }
  }

  mutating func append(_ byte: UInt8) {
    if count & 7 == 0 { words.append(0) }
    words[count >> 3] |= UInt64(byte) << UInt64((count & 7) << 3)
    count += 1
  }

  /// One to eight bytes of a number, the lowest first.
  mutating func append(_ number: UInt64, bytes: Int) {
    while words.count < ((count + bytes + 7) >> 3) + 1 {
      words.append(0)
    }
    fill(number & ListText.mask(bytes), at: count)
    count += bytes
  }

  /// Replaces four bytes, the lowest first.
  mutating func set(_ bytes: UInt32, at place: Int) {
    for step in 0..<4 {
      let shift = UInt64(((place + step) & 7) << 3)
      let byte = UInt64(bytes >> UInt32(step << 3)) & 0xFF
      words[(place + step) >> 3] = words[(place + step) >> 3] & ~(0xFF << shift) | byte << shift
    }
  }

  @_noLocks
  borrowing func byte(at place: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: words[place >> 3] >> UInt64((place & 7) << 3))
  }

  /// Eight bytes, the first lowest; zeros beyond the end.
  @_noLocks
  borrowing func word(at place: Int) -> UInt64 {
    let word = place >> 3
    let shift = UInt64((place & 7) << 3)
    return words[word] &>> shift | (shift == 0 ? 0 : words[word + 1] &<< (64 - shift))
  }

  /// As many of the lower bytes of a word as belong to a text of `rest` bytes more.
  @_noLocks
  static func mask(_ rest: Int) -> UInt64 {
    rest >= 8 ? .max : (1 &<< UInt64(rest << 3)) - 1
  }

  var bytesTaken: Int { words.capacity * MemoryLayout<UInt64>.stride }
}
