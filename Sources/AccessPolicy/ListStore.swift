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

/// The tables of one list. Entry `i`'s text stands in `arena` from `entries[i].text`: kind, length of the
/// key, key, length of the holder, holder.
struct ListStore: ~Copyable, Sendable {
  struct Entry: Sendable {
    var text: UInt32
    var terms: UInt32
  }

  var entries: [Entry]
  var arena: [UInt8]
  var terms: [EntryTerms]
  /// Power of two; 0 is free, else the upper 11 bits of the key's fingerprint and the entry's place plus one.
  var slots: [UInt32]
  var similar: SimilarPlates

  static var placeBits: UInt32 { @_noLocks get { 21 } }
  static var placeMask: UInt32 { @_noLocks get { (1 << 21) - 1 } }

  @_noLocks
  borrowing func find(_ credential: CredentialKey) -> Int? {
    let fingerprint = credential.fingerprint
    let mask = slots.count - 1
    let mark = UInt32(truncatingIfNeeded: fingerprint >> 53)
    var slot = Int(truncatingIfNeeded: fingerprint) & mask
    while slots[slot] != 0 {
      if slots[slot] >> ListStore.placeBits == mark {
        let place = Int(slots[slot] & ListStore.placeMask) - 1
        if isKey(credential, at: place) { return place }
      }
      slot = (slot + 1) & mask
    }
    return nil
  }

  @_noLocks
  borrowing func isKey(_ credential: CredentialKey, at place: Int) -> Bool {
    let text = Int(entries[place].text)
    guard arena[text] == credential.kind.code, arena[text + 1] == credential.length else { return false }
    for position in 0..<credential.count where arena[text + 2 + position] != credential.bytes[position] {
      return false
    }
    return true
  }

  @_noLocks
  borrowing func key(at place: Int) -> CredentialKey {
    let text = Int(entries[place].text)
    var bytes = InlineArray<64, UInt8>(repeating: 0)
    let length = Int(arena[text + 1])
    for position in 0..<length {
      bytes[position] = arena[text + 2 + position]
    }
    return CredentialKey(kind: CredentialKind(code: arena[text]), bytes: bytes, length: length)
  }

  @_noLocks
  borrowing func entryTerms(_ place: Int) -> EntryTerms {
    terms[Int(entries[place].terms)]
  }

  borrowing func row(at place: Int) -> ListRow {
    let credential = key(at: place)
    let start = Int(entries[place].text) + 2 + credential.count
    let holder = arena[(start + 1)..<(start + 1 + Int(arena[start]))]
    let shared = entryTerms(place)
    return ListRow(
      credential: credential, holder: String(decoding: holder, as: UTF8.self),
      groups: (0..<PolicyLimits.groups).filter { shared.groups.has($0) }, validFrom: shared.validFrom,
      validUntil: shared.validUntil, uses: shared.uses.map { Int($0) }, flags: shared.flags)
  }

  var bytesTaken: Int {
    entries.capacity * MemoryLayout<Entry>.stride + arena.capacity
      + terms.capacity * MemoryLayout<EntryTerms>.stride + slots.capacity * MemoryLayout<UInt32>.stride
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
