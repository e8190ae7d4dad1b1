extension ListStore {
  /// Lays a draft out: the records in the order of their buckets, within a bucket in the order of the rows.
  init(arranging draft: consuming ListDraft) {
    var order = ListOrder(draft)
    let repeats = order.repeats(draft)
    if !repeats.isEmpty {
      draft.drop(repeats)
      order = ListOrder(draft)
    }
    var heads = draft.plates == 0 ? 0 : 8
    while heads != 0 && heads < draft.plates { heads *= 2 }
    // The entry's place takes three bytes more than the draft's head.
    let textBytes = draft.textBytes + draft.count * (ListRecord.headBytes - ListDraft.headBytes)
    precondition(textBytes <= Int(UInt32.max), "more text than a place can name")
    self.init(
      ListLayout(
        entries: draft.count, terms: draft.terms.count, buckets: order.ends.count + 1, heads: heads,
        links: heads == 0 ? 0 : draft.count, textBytes: textBytes), advise: draft.advise)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: layout.textAt)
    let terms = unsafe (memory + layout.termsAt).assumingMemoryBound(to: UInt64.self)
    for place in draft.terms.indices {
      unsafe draft.terms[place].write(to: terms + place * EntryTerms.words)
    }
    fillBuckets(draft, order)
    unsafe (memory + layout.textAt + textBytes).initializeMemory(
      as: UInt8.self, repeating: 0, count: layout.bytes - layout.textAt - textBytes)
    if heads > 0 { linkSimilar(draft, heads) }
  }

  /// Writes the text from its begin to its end: of each bucket the records, then the names, that of the last record
  /// first.
  private borrowing func fillBuckets(_ draft: borrowing ListDraft, _ order: borrowing ListOrder) {
    let begins = unsafe (memory + layout.bucketsAt).assumingMemoryBound(to: UInt32.self)
    let entries = unsafe (memory + layout.entriesAt).assumingMemoryBound(to: UInt32.self)
    let text = unsafe memory + layout.textAt
    var names: [ListText] = []
    var to = 0
    var row = 0
    for bucket in order.ends.indices {
      let end = Int(order.ends[bucket])
      while row < end {
        // They lie all over the draft: those that come soon are asked for now, so that none is waited for alone.
        if row + ListStore.ahead < order.rows.count {
          draft.record(order.record(row + ListStore.ahead)).expect()
          unsafe prefetch(entries + order.place(row + ListStore.ahead))
        }
        let record = draft.record(order.record(row))
        let head = record.word(at: 0) & 0xFFFF_FFFF
        let length = ListRecord.count(ofHead: head)
        let place = order.place(row)
        row += 1
        let whole = head | UInt64(place) << ListRecord.placeShift | (row == end ? ListRecord.last : 0)
        unsafe (text + to).storeBytes(of: whole.littleEndian, as: UInt64.self)
        unsafe entries[place] = UInt32(to)
        to += ListRecord.headBytes
        unsafe ListStore.copy(record, ListDraft.headBytes, length, to: text + to)
        to += length
        names.append(record.from(ListDraft.headBytes + length))
      }
      while let name = names.popLast() {
        let bytes = 1 + Int(name.byte(at: 0))
        unsafe ListStore.copy(name, 0, bytes, to: text + to)
        to += bytes
      }
      unsafe begins[bucket + 1] = UInt32(to)
    }
  }

  private static var ahead: Int { 32 }

  /// In words: up to seven bytes more are written, over which the next are written then.
  @inline(__always)
  private static func copy(_ from: ListText, _ start: Int, _ bytes: Int, to place: UnsafeMutableRawPointer) {
    var done = 0
    while done < bytes {
      unsafe place.storeBytes(
        of: from.word(at: start + done).littleEndian, toByteOffset: done, as: UInt64.self)
      done += 8
    }
  }

  private borrowing func linkSimilar(_ draft: borrowing ListDraft, _ count: Int) {
    let heads = unsafe (memory + layout.headsAt).assumingMemoryBound(to: UInt32.self)
    let links = unsafe (memory + layout.linksAt).assumingMemoryBound(to: UInt32.self)
    // Some chains behind one another, so that their heads come meanwhile: they lie anywhere.
    var found: [(place: Int, chain: Int)] = []
    found.reserveCapacity(ListStore.ahead)
    func link() {
      for index in found.indices {
        let (place, chain) = found[index]
        unsafe links[place] = heads[chain]
        unsafe heads[chain] = UInt32(place + 1)
      }
      found.removeAll(keepingCapacity: true)
    }
    for place in 0..<draft.count {
      let record = draft.record(at: place)
      guard record.isPlate else { continue }
      let length = ListRecord.count(ofHead: record.word(at: 0))
      let letters = PlateLetters(record.words(length, at: ListDraft.headBytes), length)
      guard let chain = ListStore.chain(letters, among: count) else { continue }
      unsafe prefetch(heads + chain)
      found.append((place, chain))
      if found.count == ListStore.ahead { link() }
    }
    link()
  }
}
