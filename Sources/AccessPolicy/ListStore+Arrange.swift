extension ListStore {
  /// Lays a draft out: the records in the order of their buckets, within a bucket in the order of the rows.
  init(arranging draft: consuming ListDraft, advise: (inout MutableRawSpan) -> Void) {
    let bucketCount = max(1, draft.count / ListStore.recordsOfBucket)
    var heads = draft.plates == 0 ? 0 : 8
    while heads != 0 && heads < draft.plates { heads *= 2 }
    // The entry's place takes three bytes more than the draft's head.
    let textBytes = draft.textBytes + draft.count * (ListRecord.headBytes - ListDraft.headBytes)
    precondition(textBytes <= Int(UInt32.max), "more text than a place can name")
    self.init(
      ListLayout(
        entries: draft.count, terms: draft.terms.count, buckets: bucketCount + 1, heads: heads,
        links: heads == 0 ? 0 : draft.count, textBytes: textBytes), advise: advise)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: layout.textAt)
    unsafe (memory + layout.textAt + textBytes).initializeMemory(
      as: UInt8.self, repeating: 0, count: layout.bytes - layout.textAt - textBytes)
    let terms = unsafe (memory + layout.termsAt).assumingMemoryBound(to: UInt64.self)
    for place in draft.terms.indices {
      unsafe draft.terms[place].write(to: terms + place * EntryTerms.words)
    }
    fillBuckets(draft, bucketCount)
    if heads > 0 { linkSimilar(draft, heads) }
  }

  private borrowing func fillBuckets(_ draft: borrowing ListDraft, _ count: Int) {
    let begins = unsafe (memory + layout.bucketsAt).assumingMemoryBound(to: UInt32.self)
    let entries = unsafe (memory + layout.entriesAt).assumingMemoryBound(to: UInt32.self)
    let from = draft.text
    for place in 0..<draft.count {
      let bucket = ListStore.bucket(draft.marks[place], among: count)
      unsafe begins[bucket + 1] += UInt32(ListStore.bytes(from, Int(draft.records[place])))
    }
    for bucket in 1...count { unsafe begins[bucket] += begins[bucket - 1] }
    // Records grow from the bucket's begin on, names from its end down; the record that meets them is the last.
    var nextRecord = unsafe Array(UnsafeBufferPointer(start: begins, count: count))
    var nextName = unsafe Array(UnsafeBufferPointer(start: begins + 1, count: count))
    for place in 0..<draft.count {
      let bucket = ListStore.bucket(draft.marks[place], among: count)
      let record = Int(draft.records[place])
      let head = from.word(at: record) & 0xFFFF_FFFF
      let length = ListRecord.count(ofHead: head)
      let holder = record + ListDraft.headBytes + length
      let holderBytes = 1 + Int(from.byte(at: holder))
      nextName[bucket] -= UInt32(holderBytes)
      let to = Int(nextRecord[bucket])
      nextRecord[bucket] += UInt32(ListRecord.headBytes + length)
      let isLast = nextRecord[bucket] == nextName[bucket]
      copy(from, holder, holderBytes, to: Int(nextName[bucket]))
      copy(from, record + ListDraft.headBytes, length, to: to + ListRecord.headBytes)
      set(
        head | UInt64(place) << ListRecord.placeShift | (isLast ? ListRecord.last : 0), ListRecord.headBytes,
        at: to)
      unsafe entries[place] = UInt32(to)
    }
  }

  /// What a record of the draft takes here.
  private static func bytes(_ text: ListText, _ record: Int) -> Int {
    let length = ListRecord.count(ofHead: text.word(at: record))
    return ListRecord.headBytes + length + 1 + Int(text.byte(at: record + ListDraft.headBytes + length))
  }

  private borrowing func copy(_ from: ListText, _ start: Int, _ bytes: Int, to place: Int) {
    var done = 0
    while done < bytes {
      set(from.word(at: start + done), min(8, bytes - done), at: place + done)
      done += 8
    }
  }

  /// One to eight bytes of a word, the lowest first.
  private borrowing func set(_ word: UInt64, _ bytes: Int, at place: Int) {
    let to = unsafe memory + layout.textAt + place
    if bytes == 8 { return unsafe to.storeBytes(of: word.littleEndian, as: UInt64.self) }
    for byte in 0..<bytes {
      unsafe to.storeBytes(
        of: UInt8(truncatingIfNeeded: word >> UInt64(byte * 8)), toByteOffset: byte, as: UInt8.self)
    }
  }

  private borrowing func linkSimilar(_ draft: borrowing ListDraft, _ count: Int) {
    let heads = unsafe (memory + layout.headsAt).assumingMemoryBound(to: UInt32.self)
    let links = unsafe (memory + layout.linksAt).assumingMemoryBound(to: UInt32.self)
    let text = draft.text
    for place in 0..<draft.count {
      let record = Int(draft.records[place])
      let head = text.word(at: record)
      guard (head & ListRecord.tagMask) >> 6 == 0,
        let chain = ListStore.chain(text.key(head, at: record + ListDraft.headBytes), among: count)
      else { continue }
      unsafe links[place] = heads[chain]
      unsafe heads[chain] = UInt32(place + 1)
    }
  }
}
