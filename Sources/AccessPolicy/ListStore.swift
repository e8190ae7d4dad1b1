/// The tables of one list in one piece of memory that never changes.
///
/// Laid out for few cache misses: the records stand in the order of their keys' marks, in buckets of two
/// on average, so that a search reads the bucket's begin, from a small table, and then all it needs from one
/// place, which can be supposed before the begin is known. Behind the records of a bucket stand the names of their holders (a byte of length, then UTF-8), that of the
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
  /// Every eighth of ``buckets``: small enough to stay near the processor.
  private let guide: UnsafeMutablePointer<UInt32>
  /// Where each entry's record begins.
  private let entries: UnsafePointer<UInt32>
  private let heads: UnsafePointer<UInt32>
  private let links: UnsafePointer<UInt32>

  static var recordsOfBucket: Int { 2 }
  private static var bucketsOfStep: Int { @_noLocks get { 8 } }

  /// The last one stands behind the last bucket.
  private static func guideSteps(_ layout: ListLayout) -> Int { layout.buckets / bucketsOfStep + 2 }

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
    unsafe guide = .allocate(capacity: ListStore.guideSteps(layout))
    unsafe entries = UnsafePointer((memory + layout.entriesAt).assumingMemoryBound(to: UInt32.self))
    unsafe heads = UnsafePointer((memory + layout.headsAt).assumingMemoryBound(to: UInt32.self))
    unsafe links = UnsafePointer((memory + layout.linksAt).assumingMemoryBound(to: UInt32.self))
  }

  deinit {
    unsafe memory.deallocate()
    unsafe guide.deallocate()
  }

  private static var hugePage: Int { 2 << 20 }

  var count: Int { @_noLocks get { layout.entries } }

  var bytes: Int { layout.bytes + ListStore.guideSteps(layout) * MemoryLayout<UInt32>.stride }

  /// The upper bits of a key's mark choose among buckets that need be no power of two.
  @_noLocks
  static func bucket(_ mark: UInt32, among count: Int) -> Int {
    Int((UInt64(mark) &* UInt64(count)) >> 32)
  }

  /// Announces a search for a key of this mark: its bucket's begin, and its records where the guide supposes them, come
  /// from memory side by side while other rules are judged.
  @inline(__always)
  @_noLocks
  borrowing func expect(_ mark: UInt32) {
    let bucket = Int((UInt64(mark) &* bucketCount) >> 32)
    unsafe prefetch(buckets + bucket)
    let step = bucket / ListStore.bucketsOfStep
    let from = unsafe Int(guide[step])
    let bytes = unsafe Int(guide[step + 1]) &- from
    let way = (bytes &* (bucket % ListStore.bucketsOfStep)) / ListStore.bucketsOfStep
    // Three lines: most buckets begin within the half of one from there, and are shorter than two.
    let supposed = unsafe memory + (layout.textAt &+ from &+ way)
    unsafe prefetch(supposed - 40)
    unsafe prefetch(supposed + 24)
    unsafe prefetch(supposed + 88)
  }

  /// To be called once all stands where it belongs.
  borrowing func drawGuide() {
    let count = layout.buckets - 1
    for step in 0..<ListStore.guideSteps(layout) {
      unsafe guide[step] = buckets[min(step * ListStore.bucketsOfStep, count)]
    }
  }

  @inline(__always)
  @_noLocks
  borrowing func find(_ credential: CredentialKey) -> Found? {
    let bucket = Int((UInt64(credential.mark) &* bucketCount) >> 32)
    var record = unsafe Int(buckets[bucket])
    guard unsafe record < Int(buckets[bucket + 1]) else { return nil }
    let tag = ListRecord.tag(credential)
    while true {
      let head = text.word(at: record)
      if head & ListRecord.tagMask == tag, text.isKey(credential, at: record + ListRecord.headBytes) {
        return Found(place: ListRecord.place(ofHead: head), record: record)
      }
      if head & ListRecord.last != 0 { return nil }
      record &+= ListRecord.headBytes &+ ListRecord.count(ofHead: head)
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
  borrowing func flags(_ found: Found) -> ListFlags {
    let place = ListRecord.terms(ofHead: text.word(at: found.record))
    return unsafe EntryTerms.flags(at: terms + place * EntryTerms.words)
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
  static func chain(_ letters: PlateLetters, among heads: Int) -> Int? {
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
