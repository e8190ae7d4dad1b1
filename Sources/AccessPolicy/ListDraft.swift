/// Rows in the order in which they come, on their way into a ``ListStore``.
///
/// A record: four bytes of head (tag and place of the terms), the key, the length of the holder's name, the name.
@safe
struct ListDraft: ~Copyable {
  /// Where each row's record begins, and the mark of its key.
  private(set) var records: [UInt32] = []
  private(set) var marks: [UInt32] = []
  private(set) var plates = 0
  private(set) var textBytes = 0
  private var memory: UnsafeMutableRawPointer
  private var room: Int
  var terms: [EntryTerms] = []

  static var headBytes: Int { 4 }

  init(expecting rows: Int) {
    room = 1 << 12
    unsafe memory = .allocate(byteCount: room, alignment: 16)
    records.reserveCapacity(rows)
    marks.reserveCapacity(rows)
  }

  deinit { unsafe memory.deallocate() }

  var text: ListText { unsafe ListText(memory) }

  var count: Int { records.count }

  /// - Parameter holder: at most ``PolicyLimits/holderBytes``.
  mutating func append(_ key: CredentialKey, terms: UInt32, holder: UnsafeRawBufferPointer) {
    let bytes = ListDraft.headBytes + key.count + 1 + holder.count
    makeRoom(bytes)
    records.append(UInt32(textBytes))
    marks.append(key.mark)
    if key.kind == .plate { plates += 1 }
    var place = unsafe memory + textBytes
    unsafe place.storeBytes(of: ListDraft.head(key, terms).littleEndian, as: UInt32.self)
    unsafe place += ListDraft.headBytes
    for word in 0..<key.wordCount {
      unsafe place.storeBytes(of: key.words[word].littleEndian, toByteOffset: word * 8, as: UInt64.self)
    }
    unsafe place += key.count
    unsafe place.storeBytes(of: UInt8(holder.count), as: UInt8.self)
    if let name = holder.baseAddress { unsafe (place + 1).copyMemory(from: name, byteCount: holder.count) }
    textBytes += bytes
  }

  mutating func setTerms(_ terms: UInt32, of key: CredentialKey, at place: Int) {
    unsafe (memory + Int(records[place])).storeBytes(
      of: ListDraft.head(key, terms).littleEndian, as: UInt32.self)
  }

  borrowing func isKey(_ key: CredentialKey, at place: Int) -> Bool {
    let record = Int(records[place])
    return text.word(at: record) & ListRecord.tagMask == ListRecord.tag(key)
      && text.isKey(key, at: record + ListDraft.headBytes)
  }

  borrowing func terms(at place: Int) -> EntryTerms {
    terms[ListRecord.terms(ofHead: text.word(at: Int(records[place])))]
  }

  private static func head(_ key: CredentialKey, _ terms: UInt32) -> UInt32 {
    precondition(terms < 1 << (32 - ListRecord.tagBits), "more kinds of terms than a record can tell")
    return terms << UInt32(ListRecord.tagBits) | UInt32(ListRecord.tag(key))
  }

  /// Room for a record, and for words that run over its end.
  private mutating func makeRoom(_ bytes: Int) {
    guard textBytes + bytes + 16 > room else { return }
    precondition(textBytes + bytes <= Int(UInt32.max), "more text than a place can name")
    let larger = max(room + room / 2, textBytes + bytes + 16)
    let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    unsafe moved.copyMemory(from: memory, byteCount: textBytes)
    unsafe memory.deallocate()
    unsafe memory = moved
    room = larger
  }
}
