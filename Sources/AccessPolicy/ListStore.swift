/// What many entries share.
struct EntryTerms: Hashable, Sendable {
  var validFrom: Int64?
  var validUntil: Int64?
  /// Nil: without limit.
  var uses: UInt32?
  var flags: ListFlags
  var groups: GroupSet
}

/// A set of places in ``PolicySetting/groups``.
struct GroupSet: Hashable, Sendable {
  private var low: UInt64 = 0
  private var second: UInt64 = 0
  private var third: UInt64 = 0
  private var high: UInt64 = 0

  init() {}

  mutating func insert(_ group: Int) {
    precondition(group >= 0 && group < PolicyLimits.groups, "group beyond the limit")
    let bit = UInt64(1) << UInt64(group & 63)
    switch group >> 6 {
    case 0: low |= bit
    case 1: second |= bit
    case 2: third |= bit
    default: high |= bit
    }
  }

  @_noLocks
  func has(_ group: Int) -> Bool {
    let bit = UInt64(1) << UInt64(group & 63)
    return switch group >> 6 {
    case 0: low & bit != 0
    case 1: second & bit != 0
    case 2: third & bit != 0
    default: high & bit != 0
    }
  }
}

/// The tables of one list. An entry's record in `text`: four bytes that hold the place of its terms and the
/// tag of its key, then the key, the length of the holder, the holder.
///
/// Laid out for few cache misses: a search reads a slot, which tells the place of the record, and the record,
/// which tells the terms.
struct ListStore: ~Copyable, Sendable {
  /// Where an entry stands: among the entries, and its record in `text`.
  struct Found: Sendable {
    var place: Int
    var record: Int

    @_noLocks
    init(place: Int, record: Int) {
      self.place = place
      self.record = record
    }
  }

  /// Where each entry's record begins.
  var entries: [UInt32]
  var text: ListText
  var terms: [EntryTerms]
  /// 0 is free, else where the record begins, 11 bits of the key's fingerprint and the entry's place plus one.
  var slots: [UInt64]
  var similar: SimilarPlates

  static var placeBits: UInt64 { @_noLocks get { 21 } }
  static var placeMask: UInt64 { @_noLocks get { (1 << 21) - 1 } }
  static var markMask: UInt64 { @_noLocks get { (1 << 11) - 1 } }
  static var recordShift: UInt64 { @_noLocks get { 32 } }
  /// The lower bits of a record's head: kind and length.
  static var tagBits: UInt64 { @_noLocks get { 9 } }
  static var tagMask: UInt64 { @_noLocks get { (1 << 9) - 1 } }
  static var headBytes: Int { @_noLocks get { 4 } }

  /// Kind and length of a key in 9 bits.
  @_noLocks
  static func tag(_ key: CredentialKey) -> UInt64 {
    UInt64(key.kind.code) << 6 | UInt64(key.count - 1)
  }

  @_noLocks
  borrowing func find(_ credential: CredentialKey) -> Found? {
    let fingerprint = credential.fingerprint
    let mark = fingerprint & ListStore.markMask
    var slot = firstSlot(fingerprint)
    while slots[slot] != 0 {
      let taken = slots[slot]
      if taken >> ListStore.placeBits & ListStore.markMask == mark {
        let record = Int(taken >> ListStore.recordShift)
        if isKey(credential, at: record) {
          return Found(place: Int(taken & ListStore.placeMask) - 1, record: record)
        }
      }
      slot = slot + 1 == slots.count ? 0 : slot + 1
    }
    return nil
  }

  /// The upper bits choose among slots that need be no power of two.
  @_noLocks
  borrowing func firstSlot(_ fingerprint: UInt64) -> Int {
    Int(fingerprint.multipliedFullWidth(by: UInt64(slots.count)).high)
  }

  @_noLocks
  borrowing func isKey(_ credential: CredentialKey, at record: Int) -> Bool {
    guard text.word(at: record) & ListStore.tagMask == ListStore.tag(credential) else { return false }
    let start = record + ListStore.headBytes
    for place in 0..<credential.wordCount {
      let mask = ListText.mask(credential.count - (place << 3))
      if text.word(at: start + (place << 3)) & mask != credential.words[place] { return false }
    }
    return true
  }

  @_noLocks
  borrowing func found(at place: Int) -> Found {
    Found(place: place, record: Int(entries[place]))
  }

  @_noLocks
  borrowing func isPlate(at place: Int) -> Bool {
    (text.word(at: Int(entries[place])) & ListStore.tagMask) >> 6 == 0
  }

  @_noLocks
  borrowing func key(at place: Int) -> CredentialKey {
    let record = Int(entries[place])
    let tag = text.word(at: record) & ListStore.tagMask
    let length = Int(tag & 63) + 1
    var words = InlineArray<8, UInt64>(repeating: 0)
    for place in 0..<((length + 7) >> 3) {
      let word = text.word(at: record + ListStore.headBytes + (place << 3))
      words[place] = word & ListText.mask(length - (place << 3))
    }
    return CredentialKey(kind: CredentialKind(code: UInt8(tag >> 6)), words: words, length: length)
  }

  @_noLocks
  borrowing func entryTerms(_ found: Found) -> EntryTerms {
    terms[Int(UInt32(truncatingIfNeeded: text.word(at: found.record)) >> ListStore.tagBits)]
  }

  borrowing func row(at place: Int) -> ListRow {
    let credential = key(at: place)
    let start = Int(entries[place]) + ListStore.headBytes + credential.count
    let holder = (0..<Int(text.byte(at: start))).map { text.byte(at: start + 1 + $0) }
    let shared = entryTerms(found(at: place))
    return ListRow(
      credential: credential, holder: String(decoding: holder, as: UTF8.self),
      groups: (0..<PolicyLimits.groups).filter { shared.groups.has($0) }, validFrom: shared.validFrom,
      validUntil: shared.validUntil, uses: shared.uses.map { Int($0) }, flags: shared.flags)
  }

  var bytesTaken: Int {
    entries.capacity * MemoryLayout<UInt32>.stride + text.bytesTaken
      + terms.capacity * MemoryLayout<EntryTerms>.stride + slots.capacity * MemoryLayout<UInt64>.stride
      + similar.bytesTaken
  }
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
