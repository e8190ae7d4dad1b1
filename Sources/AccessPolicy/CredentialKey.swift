/// A credential in its normal form: what the list is searched by.
///
/// Bounded and held in place, so that a decision allocates nothing. Two texts that mean the same credential
/// (full-width or lower-case letters, dots and dashes in a plate; leading zeros in a card number) have the
/// same key. A PIN's key holds its digest, never its digits.
public struct CredentialKey: Hashable, Sendable, CustomStringConvertible {
  public let kind: CredentialKind
  let length: UInt8
  /// The upper half of ``fingerprint``, taken once: what tables and comparisons ask first.
  let mark: UInt32
  /// The normal form eight bytes a word, the first byte lowest; zero beyond `length`.
  let words: InlineArray<8, UInt64>

  @_noLocks
  init(kind: CredentialKind, words: InlineArray<8, UInt64>, length: Int) {
    precondition(length > 0 && length <= PolicyLimits.credentialBytes, "credential without a normal form")
    self.kind = kind
    self.length = UInt8(length)
    self.words = words
    mark = UInt32(truncatingIfNeeded: CredentialKey.fingerprint(kind, words, length) >> 32)
  }

  /// Length of the normal form in bytes of UTF-8.
  public var count: Int { @_noLocks get { Int(length) } }

  /// Words of the normal form that are in use.
  var wordCount: Int { @_noLocks get { (Int(length) + 7) >> 3 } }

  /// One byte of the normal form.
  @_noLocks
  func byte(_ position: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: words[position >> 3 & 7] >> UInt64((position & 7) << 3))
  }

  @_noLocks
  public static func == (left: Self, right: Self) -> Bool {
    guard left.mark == right.mark, left.kind.code == right.kind.code, left.length == right.length else {
      return false
    }
    if left.words[0] != right.words[0] || left.words[1] != right.words[1] { return false }
    if left.length <= 16 { return true }
    for place in 2..<left.wordCount where left.words[place] != right.words[place] {
      return false
    }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(mark)
  }

  /// A 64-bit mix of kind and normal form, the same on every machine.
  var fingerprint: UInt64 {
    @_noLocks get { CredentialKey.fingerprint(kind, words, count) }
  }

  @_noLocks
  private static func fingerprint(
    _ kind: CredentialKind, _ words: borrowing InlineArray<8, UInt64>, _ length: Int
  ) -> UInt64 {
    var mix = Fingerprint(seed: UInt64(kind.code))
    for place in 0..<((length + 7) >> 3) {
      mix.add(words[place])
    }
    return mix.value
  }

  /// The normal form; of a PIN its digest.
  var value: String {
    var units: [UInt8] = []
    units.reserveCapacity(count)
    for position in 0..<count {
      units.append(byte(position))
    }
    return String(decoding: units, as: UTF8.self)
  }

  /// `kind:value` as it stands in records and replies; a PIN prints as `pin:****`.
  public var description: String {
    kind == .pin ? "pin:****" : "\(kind.name):\(value)"
  }

  /// `kind:value` as the list and the journal keep it: a PIN as its digest. ``parse(stored:)`` reads it back.
  public var storedText: String {
    "\(kind.name):\(value)"
  }

  /// As a viewer may see it: of a card its format and last two digits, of a PIN nothing.
  public var masked: String {
    guard kind == .card else { return description }
    let parts = value.split(separator: "/", omittingEmptySubsequences: false)
    guard let format = parts.first, let number = parts.last else { return "card:****" }
    return "card:\(format)/****\(number.suffix(number.count > 3 ? 2 : 0))"
  }
}

extension CredentialKind {
  /// The word before the colon.
  public var name: String {
    switch self {
    case .plate: "plate"
    case .card: "card"
    case .pin: "pin"
    case .qr: "qr"
    case .face: "face"
    }
  }

  /// As `rawValue`, for code that takes no lock.
  var code: UInt8 {
    @_noLocks get {
      switch self {
      case .plate: 0
      case .card: 1
      case .pin: 2
      case .qr: 3
      case .face: 4
      }
    }
  }

  public init?(name: String) {
    guard let kind = CredentialKind.allCases.first(where: { $0.name == name }) else { return nil }
    self = kind
  }
}

/// FNV-1a over bytes or whole words, then a finisher, so that both ends of the value are well mixed.
struct Fingerprint {
  private var state: UInt64

  @_noLocks
  init(seed: UInt64) {
    state = 0xCBF2_9CE4_8422_2325 ^ (seed &* 0x9E37_79B9_7F4A_7C15)
  }

  @_noLocks
  mutating func add(_ byte: UInt8) {
    state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }

  /// A word's upper bits come down before the next step, which would only carry them further up.
  @_noLocks
  mutating func add(_ word: UInt64) {
    state = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
    state ^= state >> 32
  }

  var value: UInt64 {
    @_noLocks get {
      var mixed = state
      mixed = (mixed ^ (mixed >> 33)) &* 0xFF51_AFD7_ED55_8CCD
      mixed = (mixed ^ (mixed >> 33)) &* 0xC4CE_B9FE_1A85_EC53
      return mixed ^ (mixed >> 33)
    }
  }
}
