extension ListStore {
  /// Puts the records into the order of their buckets, within a bucket in the order of the entries.
  mutating func arrange() {
    let count = max(1, entries.count / ListStore.recordsOfBucket)
    // The begin of bucket b stands one further than it will in the end, since filling the bucket moves it on
    // to the bucket's end, which is the begin of the next.
    var begins = Array(repeating: UInt32(0), count: count + 2)
    for place in entries.indices {
      let bucket = ListStore.bucket(key(at: place).mark, among: count)
      begins[bucket + 2] += UInt32(recordBytes(at: Int(entries[place])))
    }
    for bucket in 1..<begins.count {
      begins[bucket] += begins[bucket - 1]
    }
    var arranged = ListText(zeros: text.count)
    for place in entries.indices {
      let bucket = ListStore.bucket(key(at: place).mark, among: count)
      let record = Int(entries[place])
      let bytes = recordBytes(at: record)
      let begin = begins[bucket + 1]
      for step in stride(from: 0, to: bytes, by: 8) {
        arranged.fill(text.word(at: record + step) & ListText.mask(bytes - step), at: Int(begin) + step)
      }
      entries[place] = begin
      begins[bucket + 1] += UInt32(bytes)
    }
    begins.removeLast()
    buckets = begins
    text = arranged
  }

  private borrowing func recordBytes(at record: Int) -> Int {
    after(record, ListStore.count(ofHead: text.word(at: record))) - record
  }
}
