/// A plate's letters as code points, in fixed room.
struct PlateLetters {
  private(set) var count = 0
  private var letters = InlineArray<16, UInt32>(repeating: 0)
  private var sureness = CharacterSureness()

  /// Decodes the UTF-8 of a normal form, which ``PlateForm`` has made and bounded.
  @_noLocks
  init(_ key: CredentialKey) { self.init(key.words, key.count) }

  /// - Parameter words: as in ``CredentialKey``.
  @_noLocks
  init(_ words: borrowing InlineArray<8, UInt64>, _ length: Int) {
    var position = 0
    while position < length && count < PolicyLimits.plateCharacters {
      let lead = UInt32(PlateLetters.byte(words, position))
      let bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
      var code = bytes == 1 ? lead : lead & (0x7F >> UInt32(bytes))
      for step in 1..<max(bytes, 2) where step < bytes {
        code = code << 6 | UInt32(PlateLetters.byte(words, position + step) & 0x3F)
      }
      letters[count] = code
      count += 1
      position += bytes
    }
  }

  @inline(__always)
  @_noLocks
  private static func byte(_ words: borrowing InlineArray<8, UInt64>, _ position: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: words[position >> 3 & 7] >> UInt64((position & 7) << 3))
  }

  subscript(position: Int) -> UInt32 {
    @_noLocks get { letters[position] }
  }

  /// How sure the camera is of each letter; what does not tell of just as many letters is not used.
  @_noLocks
  mutating func take(_ told: CharacterSureness) {
    if told.count == count { sureness = told }
  }

  @_noLocks
  func percent(_ position: Int) -> UInt8? { sureness.count == 0 ? nil : sureness.percent(position) }

  /// Has the form of a whole plate of mainland China: nothing was lost or doubled at its ends. Seven characters after
  /// a province, or eight where a D or F tells of new energy.
  var isWhole: Bool {
    @_noLocks get {
      guard PlateLetters.isIdeograph(letters[0]), !PlateLetters.isIdeograph(letters[1]) else { return false }
      if count == 7 { return true }
      return count == 8 && (PlateLetters.isNewEnergy(letters[2]) || PlateLetters.isNewEnergy(letters[7]))
    }
  }

  @_noLocks
  static func isIdeograph(_ letter: UInt32) -> Bool { letter >= 0x4E00 && letter <= 0x9FFF }

  /// D or F.
  @_noLocks
  private static func isNewEnergy(_ letter: UInt32) -> Bool { letter == 0x44 || letter == 0x46 }

  /// Over the confusion classes of the letters in `range`: equal for plates that differ there by confusion
  /// only.
  @_noLocks
  func skeleton(from start: Int, to end: Int) -> UInt64 { skeleton(from: start, to: end, with: 0, at: -1) }

  /// The same as if `letter` stood at one place, which may lie outside the range.
  @_noLocks
  func skeleton(from start: Int, to end: Int, with letter: UInt32, at place: Int) -> UInt64 {
    var mix = Fingerprint(seed: UInt64(end - start))
    for position in start..<end {
      let folded = Confusion.fold(position == place ? letter : letters[position])
      mix.add(UInt8(truncatingIfNeeded: folded))
      mix.add(UInt8(truncatingIfNeeded: folded >> 8))
    }
    return mix.value
  }
}
