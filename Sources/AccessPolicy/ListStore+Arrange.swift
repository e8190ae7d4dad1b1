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
    // Records that come soon, fetched many at a time: they lie all over the draft, and the machine fetches the next
    // while it waits for the first.
    var near: [(record: ListText, head: UInt64)] = []
    near.reserveCapacity(ListStore.fetched)
    var fetched = 0
    var names: [ListText] = []
    var to = 0
    var row = 0
    for bucket in order.ends.indices {
      let end = Int(order.ends[bucket])
      while row < end {
        if row == fetched {
          near.removeAll(keepingCapacity: true)
          while fetched < order.rows.count && near.count < ListStore.fetched {
            let record = draft.record(order.record(fetched))
            near.append((record, record.word(at: 0) & 0xFFFF_FFFF))
            fetched += 1
          }
        }
        let (record, head) = near[near.count - (fetched - row)]
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

  private static var fetched: Int { 64 }

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
    // Many chains at a time, so that the machine fetches the heads side by side: they lie anywhere.
    var found: [(place: Int, chain: Int)] = []
    found.reserveCapacity(ListStore.fetched)
    for start in stride(from: 0, to: draft.count, by: ListStore.fetched) {
      found.removeAll(keepingCapacity: true)
      for place in start..<min(start + ListStore.fetched, draft.count) {
        let record = draft.record(at: place)
        guard record.isPlate,
          let chain = ListStore.chain(record.key(record.word(at: 0), at: ListDraft.headBytes), among: count)
        else { continue }
        found.append((place, chain))
      }
      for index in found.indices {
        let (place, chain) = found[index]
        unsafe links[place] = heads[chain]
        unsafe heads[chain] = UInt32(place + 1)
      }
    }
  }
}
