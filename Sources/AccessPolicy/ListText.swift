/// Bytes that are read eight at a time from any place, wherever they stand.
///
/// Nothing is held against an end: who asks names places within what was built here, or was found sound
/// (`ListStore.isSound`); eight bytes more than the text has may be read.
@safe
struct ListText: @unchecked Sendable {
  private let base: UnsafeRawPointer

  @_noLocks
  init(_ base: UnsafeRawPointer) { unsafe self.base = unsafe base }

  @inline(__always)
  @_noLocks
  func byte(at place: Int) -> UInt8 {
    unsafe base.load(fromByteOffset: place, as: UInt8.self)
  }

  /// Eight bytes, the first lowest.
  @inline(__always)
  @_noLocks
  func word(at place: Int) -> UInt64 {
    unsafe base.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian
  }

  /// The same bytes, places counted from one of them.
  @inline(__always)
  func from(_ place: Int) -> ListText { unsafe ListText(base + place) }

  /// As many of the lower bytes of a word as belong to a text of `rest` bytes more.
  @inline(__always)
  @_noLocks
  static func mask(_ rest: Int) -> UInt64 {
    rest >= 8 ? .max : (1 &<< UInt64(rest << 3)) - 1
  }

  /// Whether the key's bytes stand there.
  @inline(__always)
  @_noLocks
  func isKey(_ credential: CredentialKey, at start: Int) -> Bool {
    // By themselves, since with an index that is not known here all of the key would be copied first.
    if word(at: start) & ListText.mask(credential.count) != credential.words[0] { return false }
    if credential.count <= 8 { return true }
    if word(at: start &+ 8) & ListText.mask(credential.count &- 8) != credential.words[1] { return false }
    if credential.count <= 16 { return true }
    for place in 2..<credential.wordCount {
      let mask = ListText.mask(credential.count - (place << 3))
      if word(at: start + (place << 3)) & mask != credential.words[place] { return false }
    }
    return true
  }

  @_noLocks
  func key(_ tag: UInt64, at start: Int) -> CredentialKey {
    let length = ListRecord.count(ofHead: tag)
    return CredentialKey(
      kind: CredentialKind(code: UInt8((tag & ListRecord.tagMask) >> 6)), words: words(length, at: start),
      length: length)
  }

  /// A text of at most 64 bytes, eight bytes a word; zero beyond its end.
  @inline(__always)
  @_noLocks
  func words(_ length: Int, at start: Int) -> InlineArray<8, UInt64> {
    var words = InlineArray<8, UInt64>(repeating: 0)
    for place in 0..<((length + 7) >> 3) {
      words[place] = word(at: start + (place << 3)) & ListText.mask(length - (place << 3))
    }
    return words
  }

  /// Asks for a record's lines of cache before it is read.
  @inline(__always)
  func expect() {
    unsafe prefetch(base)
    unsafe prefetch(base + 40)
  }
}

/// The head of a record in seven bytes, from its lowest bit: the key's tag (length less one, then kind), the place of
/// the terms, the place of the entry, and whether it is the last of its bucket. The key follows.
enum ListRecord {
  static var tagBits: UInt64 { @_noLocks get { 9 } }
  static var tagMask: UInt64 { @_noLocks get { (1 << 9) - 1 } }
  static var placeShift: UInt64 { @_noLocks get { 32 } }
  static var placeMask: UInt64 { @_noLocks get { (1 << 23) - 1 } }
  static var last: UInt64 { @_noLocks get { 1 << 55 } }
  static var headBytes: Int { @_noLocks get { 7 } }

  /// Kind and length of a key in 9 bits.
  @_noLocks
  static func tag(_ key: CredentialKey) -> UInt64 {
    UInt64(key.kind.code) << 6 | UInt64(key.count - 1)
  }

  /// The length of the key after a head.
  @_noLocks
  static func count(ofHead head: UInt64) -> Int { Int(head & 63) + 1 }

  @_noLocks
  static func terms(ofHead head: UInt64) -> Int {
    Int(UInt32(truncatingIfNeeded: head) >> UInt32(tagBits))
  }

  @_noLocks
  static func place(ofHead head: UInt64) -> Int { Int(head >> placeShift & placeMask) }
}

extension CredentialKind {
  @_noLocks
  init(code: UInt8) {
    switch code {
    case 0: self = .plate
    case 1: self = .card
    case 2: self = .pin
    case 3: self = .qr
    default: self = .face
    }
  }
}
