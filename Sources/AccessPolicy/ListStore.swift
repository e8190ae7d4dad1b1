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
    word(group >> 6) >> UInt64(group & 63) & 1 != 0
  }

  /// The next group of the set behind `group`, or ``PolicyLimits/groups``.
  @_noLocks
  func next(after group: Int) -> Int {
    let first = group + 1
    var place = first >> 6
    guard place < 4 else { return PolicyLimits.groups }
    var rest = word(place) & (.max << UInt64(first & 63))
    while rest == 0 {
      place += 1
      guard place < 4 else { return PolicyLimits.groups }
      rest = word(place)
    }
    return place << 6 | rest.trailingZeroBitCount
  }

  /// The groups from `place * 64` on, one bit each.
  @_noLocks
  func word(_ place: Int) -> UInt64 {
    switch place {
    case 0: low
    case 1: second
    case 2: third
    default: high
    }
  }
}

/// The tables of one list. An entry's record in `text`: seven bytes of head, the key, the length of the holder,
/// the holder.
///
/// Laid out for few cache misses: the records stand in the order of their keys' marks, in buckets of two
/// on average, so that a search reads the bucket's begin, from a small table, and then all it needs from one
/// place.
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
  var entries: [UInt32] = []
  var text = ListText()
  var terms: [EntryTerms] = []
  /// Where each bucket begins, and at last where the last one ends.
  var buckets: [UInt32] = [0, 0]
  var similar = SimilarPlates()

  static var recordsOfBucket: Int { 2 }

  // The head from its lowest bit: the key's tag, the place of the terms, the place of the entry.
  static var tagBits: UInt64 { @_noLocks get { 9 } }
  static var tagMask: UInt64 { @_noLocks get { (1 << 9) - 1 } }
  static var placeShift: UInt64 { @_noLocks get { 32 } }
  static var placeMask: UInt64 { @_noLocks get { (1 << 24) - 1 } }
  static var headBytes: Int { @_noLocks get { 7 } }

  /// Kind and length of a key in 9 bits.
  @_noLocks
  static func tag(_ key: CredentialKey) -> UInt64 {
    UInt64(key.kind.code) << 6 | UInt64(key.count - 1)
  }

  /// The length of the key after a head.
  @_noLocks
  static func count(ofHead head: UInt64) -> Int { Int(head & 63) + 1 }

  /// The upper bits of a key's mark choose among buckets that need be no power of two.
  @_noLocks
  static func bucket(_ mark: UInt32, among count: Int) -> Int {
    Int((UInt64(mark) &* UInt64(count)) >> 32)
  }

  /// Where a search begins and ends, and the head of its first record.
  struct Trail {
    var record: Int
    var end: Int
    var head: UInt64

    @_noLocks
    init(record: Int, end: Int, head: UInt64) {
      self.record = record
      self.end = end
      self.head = head
    }
  }

  /// The begin of a search for a key of this mark. Nothing hangs on what it reads, so that the machine can go on
  /// to other rules while it comes from memory.
  @inline(never)
  @_noLocks
  borrowing func trail(_ mark: UInt32) -> Trail {
    let bucket = ListStore.bucket(mark, among: buckets.count - 1)
    let record = Int(buckets[bucket])
    return Trail(record: record, end: Int(buckets[bucket + 1]), head: text.word(at: record))
  }

  @_noLocks
  borrowing func find(_ credential: CredentialKey) -> Found? {
    find(credential, trail(credential.mark))
  }

  @_noLocks
  borrowing func find(_ credential: CredentialKey, _ trail: Trail) -> Found? {
    let tag = ListStore.tag(credential)
    var record = trail.record
    var head = trail.head
    while record < trail.end {
      if head & ListStore.tagMask == tag, isKey(credential, at: record) {
        return Found(place: Int(head >> ListStore.placeShift & ListStore.placeMask), record: record)
      }
      record = after(record, ListStore.count(ofHead: head))
      head = text.word(at: record)
    }
    return nil
  }

  /// The end of a record whose key has `count` bytes.
  @_noLocks
  borrowing func after(_ record: Int, _ count: Int) -> Int {
    let holder = record + ListStore.headBytes + count
    return holder + 1 + Int(text.byte(at: holder))
  }

  @inline(__always)
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
    let head = text.word(at: record)
    let length = ListStore.count(ofHead: head)
    var words = InlineArray<8, UInt64>(repeating: 0)
    for place in 0..<((length + 7) >> 3) {
      let word = text.word(at: record + ListStore.headBytes + (place << 3))
      words[place] = word & ListText.mask(length - (place << 3))
    }
    return CredentialKey(
      kind: CredentialKind(code: UInt8((head & ListStore.tagMask) >> 6)), words: words, length: length)
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
      + terms.capacity * MemoryLayout<EntryTerms>.stride + buckets.capacity * MemoryLayout<UInt32>.stride
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
