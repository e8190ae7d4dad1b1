/// The tables of one list in one piece of memory that never changes.
///
/// Laid out for few cache misses: the records stand in the order of their keys' marks, in buckets of two
/// on average, so that a search reads the bucket's begin, from a small table, and then all it needs from one
/// place. Behind the records of a bucket stand the names of their holders (a byte of length, then UTF-8), that of the
/// last record first.
@safe
struct ListStore: ~Copyable, @unchecked Sendable {
  /// Where an entry stands: among the entries, and its record in the text.
  struct Found: Sendable {
    var place: Int
    var record: Int

    @_noLocks
    init(place: Int, record: Int) {
      self.place = place
      self.record = record
    }
  }

  let layout: ListLayout
  /// `layout.bytes` long.
  let memory: UnsafeMutableRawPointer
  let text: ListText
  private let terms: UnsafePointer<UInt64>
  /// Where each bucket begins in the text, and at last where the last one ends.
  private let buckets: UnsafePointer<UInt32>
  private let bucketCount: UInt64
  /// Where each entry's record begins.
  private let entries: UnsafePointer<UInt32>
  private let heads: UnsafePointer<UInt32>
  private let links: UnsafePointer<UInt32>

  static var recordsOfBucket: Int { 2 }

  /// Takes memory, to be filled before anything is asked.
  ///
  /// - Parameter advise: told of large memory before it is touched.
  init(_ layout: ListLayout, advise: (inout MutableRawSpan) -> Void) {
    self.layout = layout
    let isLarge = layout.bytes >= ListStore.hugePage * 2
    unsafe memory = .allocate(
      byteCount: layout.bytes, alignment: isLarge ? ListStore.hugePage : ListLayout.line)
    if isLarge {
      let room = unsafe UnsafeMutableRawBufferPointer(start: memory, count: layout.bytes)
      var bytes = unsafe MutableRawSpan(_unsafeBytes: room)
      advise(&bytes)
    }
    unsafe text = ListText(memory + layout.textAt)
    unsafe terms = UnsafePointer((memory + layout.termsAt).assumingMemoryBound(to: UInt64.self))
    unsafe buckets = UnsafePointer((memory + layout.bucketsAt).assumingMemoryBound(to: UInt32.self))
    bucketCount = UInt64(max(1, layout.buckets - 1))
    unsafe entries = UnsafePointer((memory + layout.entriesAt).assumingMemoryBound(to: UInt32.self))
    unsafe heads = UnsafePointer((memory + layout.headsAt).assumingMemoryBound(to: UInt32.self))
    unsafe links = UnsafePointer((memory + layout.linksAt).assumingMemoryBound(to: UInt32.self))
  }

  deinit { unsafe memory.deallocate() }

  private static var hugePage: Int { 2 << 20 }

  var count: Int { @_noLocks get { layout.entries } }

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
    let bucket = Int((UInt64(mark) &* bucketCount) >> 32)
    let record = unsafe Int(buckets[bucket])
    return unsafe Trail(record: record, end: Int(buckets[bucket + 1]), head: text.word(at: record))
  }

  @_noLocks
  borrowing func find(_ credential: CredentialKey) -> Found? {
    find(credential, trail(credential.mark))
  }

  @_noLocks
  borrowing func find(_ credential: CredentialKey, _ trail: Trail) -> Found? {
    guard trail.record < trail.end else { return nil }
    let tag = ListRecord.tag(credential)
    var record = trail.record
    var head = trail.head
    while true {
      if head & ListRecord.tagMask == tag, text.isKey(credential, at: record + ListRecord.headBytes) {
        return Found(place: ListRecord.place(ofHead: head), record: record)
      }
      if head & ListRecord.last != 0 { return nil }
      record += ListRecord.headBytes + ListRecord.count(ofHead: head)
      head = text.word(at: record)
    }
  }

  @_noLocks
  borrowing func record(of place: Int) -> Int {
    precondition(place >= 0 && place < layout.entries, "an entry that the list does not have")
    return unsafe Int(entries[place])
  }

  @_noLocks
  borrowing func found(at place: Int) -> Found {
    Found(place: place, record: record(of: place))
  }

  @_noLocks
  borrowing func key(at place: Int) -> CredentialKey {
    let record = record(of: place)
    return text.key(text.word(at: record), at: record + ListRecord.headBytes)
  }

  @_noLocks
  borrowing func entryTerms(_ found: Found) -> EntryTerms {
    let place = ListRecord.terms(ofHead: text.word(at: found.record))
    return unsafe EntryTerms(at: terms + place * EntryTerms.words)
  }

  /// Where the length of the holder's name stands, its bytes behind it.
  @_noLocks
  borrowing func holderStart(_ found: Found) -> Int {
    var record = found.record
    var head = text.word(at: record)
    var names = 0
    while head & ListRecord.last == 0 {
      record += ListRecord.headBytes + ListRecord.count(ofHead: head)
      head = text.word(at: record)
      names += 1
    }
    var start = record + ListRecord.headBytes + ListRecord.count(ofHead: head)
    for _ in 0..<names { start += 1 + Int(text.byte(at: start)) }
    return start
  }

  borrowing func row(at place: Int) -> ListRow {
    let start = holderStart(found(at: place))
    let holder = (0..<Int(text.byte(at: start))).map { text.byte(at: start + 1 + $0) }
    let shared = entryTerms(found(at: place))
    return ListRow(
      credential: key(at: place), holder: String(decoding: holder, as: UTF8.self),
      groups: (0..<PolicyLimits.groups).filter { shared.groups.has($0) }, validFrom: shared.validFrom,
      validUntil: shared.validUntil, uses: shared.uses.map { Int($0) }, flags: shared.flags)
  }
}

// MARK: Similar plates

/// Each plate hangs in the chain of its middle: its letters without the first and the last, folded to their
/// confusion classes. A reading with a wrong, lost or doubled end, and any number of confusions, has its
/// plates in one of five chains.
extension ListStore {
  /// The chain of a plate among `heads`, or nil where it has too few letters.
  static func chain(_ plate: CredentialKey, among heads: Int) -> Int? {
    let letters = PlateLetters(plate)
    guard letters.count >= Confusion.fewestLetters else { return nil }
    return Int(truncatingIfNeeded: letters.skeleton(from: 1, to: letters.count - 1)) & (heads - 1)
  }

  /// The first entry of the chain for a middle, or -1.
  @_noLocks
  borrowing func firstSimilar(_ skeleton: UInt64) -> Int {
    guard layout.heads > 0 else { return -1 }
    return unsafe Int(heads[Int(truncatingIfNeeded: skeleton) & (layout.heads - 1)]) - 1
  }

  @_noLocks
  borrowing func nextSimilar(_ place: Int) -> Int { unsafe Int(links[place]) - 1 }
}
