extension ListStore {
  /// Whether every place in every table lies within the table that it points into, so that no search can leave
  /// them, and every optional value and flag is one that there is.
  borrowing func isSound(groups: Int) -> Bool {
    guard layout.entries <= PolicyLimits.rows, layout.buckets >= 2, layout.textBytes <= Int(UInt32.max),
      layout.heads & (layout.heads - 1) == 0, layout.links == (layout.heads == 0 ? 0 : layout.entries)
    else { return false }
    return hasSoundTerms(groups: groups) && hasSoundChains() && hasSoundRecords()
  }

  private borrowing func hasSoundTerms(groups: Int) -> Bool {
    let words = unsafe (memory + layout.termsAt).assumingMemoryBound(to: UInt64.self)
    for place in 0..<layout.terms {
      let first = place * EntryTerms.words
      guard unsafe words[first] & ~0x1F07 == 0, unsafe words[first + 3] <= UInt64(UInt32.max) else {
        return false
      }
      for word in 0..<4 {
        let known = max(0, min(64, groups - word * 64))
        let beyond = known == 64 ? 0 : UInt64.max << UInt64(known)
        if unsafe words[first + 4 + word] & beyond != 0 { return false }
      }
    }
    return true
  }

  /// No chain of similar plates leads past the entries. One that leads in a circle is left after
  /// ``PolicyLimits/similarPlates``.
  private borrowing func hasSoundChains() -> Bool {
    let most = UInt32(layout.entries)
    let heads = unsafe (memory + layout.headsAt).assumingMemoryBound(to: UInt32.self)
    var furthest: UInt32 = 0
    for place in 0..<layout.heads { unsafe furthest = max(furthest, heads[place]) }
    let links = unsafe (memory + layout.linksAt).assumingMemoryBound(to: UInt32.self)
    for place in 0..<layout.links { unsafe furthest = max(furthest, links[place]) }
    return furthest <= most
  }

  /// The buckets divide the text, each holds whole records, as many as there are entries in all, and each entry
  /// names the record that names it.
  private borrowing func hasSoundRecords() -> Bool {
    let begins = unsafe (memory + layout.bucketsAt).assumingMemoryBound(to: UInt32.self)
    guard unsafe begins[0] == 0, unsafe Int(begins[layout.buckets - 1]) == layout.textBytes else {
      return false
    }
    var seen = 0
    var begin = 0
    for bucket in 1..<layout.buckets {
      let end = unsafe Int(begins[bucket])
      guard end >= begin, end <= layout.textBytes else { return false }
      if end > begin {
        guard let records = soundBucket(begin, end) else { return false }
        seen += records
      }
      begin = end
    }
    return seen == layout.entries
  }

  /// The records of a bucket, whose names end with it; nil where anything is wrong.
  @inline(__always)
  private borrowing func soundBucket(_ begin: Int, _ end: Int) -> Int? {
    let entries = unsafe (memory + layout.entriesAt).assumingMemoryBound(to: UInt32.self)
    var record = begin
    var records = 0
    var isLast = false
    repeat {
      guard record < end else { return nil }
      let head = text.word(at: record)
      let place = ListRecord.place(ofHead: head)
      guard place < layout.entries, unsafe Int(entries[place]) == record,
        ListRecord.terms(ofHead: head) < layout.terms, (head & ListRecord.tagMask) >> 6 <= 4
      else { return nil }
      record += ListRecord.headBytes + ListRecord.count(ofHead: head)
      records += 1
      isLast = head & ListRecord.last != 0
    } while !isLast
    for _ in 0..<records {
      guard record < end else { return nil }
      record += 1 + Int(text.byte(at: record))
    }
    return record == end ? records : nil
  }
}
