/// Rows in the order in which they come, on their way into a ``ListStore``.
///
/// A record: four bytes of head (tag and place of the terms), the key, the length of the holder's name, the name. The
/// records lie in pieces of memory that never move, so that a growing list is not copied.
@safe
struct ListDraft: ~Copyable {
  /// Where each row's record begins (piece, and place in it), and the mark of its key.
  private(set) var records: [UInt32] = []
  private(set) var marks: [UInt32] = []
  private(set) var plates = 0
  private(set) var textBytes = 0
  private var pieces: [UnsafeMutableRawPointer] = unsafe []
  private var filled = ListDraft.pieceBytes
  var terms: [EntryTerms] = []

  static var headBytes: Int { 4 }
  private static var pieceBits: Int { 21 }
  private static var pieceBytes: Int { 1 << pieceBits }

  /// Told of large memory before it is touched.
  let advise: (inout MutableRawSpan) -> Void
  private let isLarge: Bool

  init(expecting rows: Int, advise: @escaping (inout MutableRawSpan) -> Void) {
    self.advise = advise
    isLarge = rows >= 1 << 16
    records.reserveCapacity(rows)
    marks.reserveCapacity(rows)
  }

  deinit {
    for piece in unsafe pieces.indices { unsafe pieces[piece].deallocate() }
  }

  var count: Int { records.count }

  /// The record of a row, from its head on.
  @inline(__always)
  borrowing func record(at place: Int) -> ListText { record(records[place]) }

  /// - Parameter begin: one of ``records``.
  @inline(__always)
  borrowing func record(_ begin: UInt32) -> ListText {
    unsafe ListText(
      UnsafeRawPointer(pieces[Int(begin) >> ListDraft.pieceBits]) + Int(begin) & (ListDraft.pieceBytes - 1))
  }

  /// - Parameter holder: at most ``PolicyLimits/holderBytes``.
  mutating func append(_ key: CredentialKey, terms: UInt32, holder: UnsafeRawBufferPointer) {
    let bytes = ListDraft.headBytes + key.count + 1 + holder.count
    makeRoom(bytes)
    let piece = unsafe pieces.count - 1
    records.append(UInt32(piece << ListDraft.pieceBits | filled))
    marks.append(key.mark)
    if key.kind == .plate { plates += 1 }
    var place = unsafe pieces[piece] + filled
    unsafe place.storeBytes(of: ListDraft.head(key, terms).littleEndian, as: UInt32.self)
    unsafe place += ListDraft.headBytes
    for word in 0..<key.wordCount {
      unsafe place.storeBytes(of: key.words[word].littleEndian, toByteOffset: word * 8, as: UInt64.self)
    }
    unsafe place += key.count
    unsafe place.storeBytes(of: UInt8(holder.count), as: UInt8.self)
    if let name = holder.baseAddress { unsafe (place + 1).copyMemory(from: name, byteCount: holder.count) }
    filled += bytes
    textBytes += bytes
  }

  borrowing func hasSameKey(_ left: Int, _ right: Int) -> Bool {
    let (left, right) = (record(at: left), record(at: right))
    let tag = left.word(at: 0) & ListRecord.tagMask
    guard right.word(at: 0) & ListRecord.tagMask == tag else { return false }
    return left.isKey(right.key(tag, at: ListDraft.headBytes), at: ListDraft.headBytes)
  }

  /// Of rows with the same credential the first stays, and takes over a deny.
  ///
  /// - Parameter repeats: places of a later row and of the first one.
  mutating func drop(_ repeats: [(place: Int, first: Int)]) {
    for (place, first) in repeats where terms(at: place).flags.contains(.deny) {
      var shared = terms(at: first)
      guard !shared.flags.contains(.deny) else { continue }
      shared.flags.insert(.deny)
      terms.append(shared)
      setTerms(UInt32(terms.count - 1), at: first)
    }
    var kept = 0
    var dropped = repeats.map(\.place).sorted()[...]
    for place in 0..<count {
      if place == dropped.first {
        dropped.removeFirst()
        let record = record(at: place)
        textBytes -= ListDraft.bytes(of: record)
        if record.isPlate { plates -= 1 }
        continue
      }
      records[kept] = records[place]
      marks[kept] = marks[place]
      kept += 1
    }
    records.removeLast(count - kept)
    marks.removeLast(marks.count - kept)
  }

  private borrowing func terms(at place: Int) -> EntryTerms {
    terms[ListRecord.terms(ofHead: record(at: place).word(at: 0))]
  }

  private mutating func setTerms(_ terms: UInt32, at place: Int) {
    let record = Int(records[place])
    let tag = self.record(at: place).word(at: 0) & ListRecord.tagMask
    unsafe (pieces[record >> ListDraft.pieceBits] + record & (ListDraft.pieceBytes - 1)).storeBytes(
      of: ListDraft.head(tag, terms).littleEndian, as: UInt32.self)
  }

  private static func bytes(of record: ListText) -> Int {
    let holder = headBytes + ListRecord.count(ofHead: record.word(at: 0))
    return holder + 1 + Int(record.byte(at: holder))
  }

  private static func head(_ key: CredentialKey, _ terms: UInt32) -> UInt32 {
    head(ListRecord.tag(key), terms)
  }

  private static func head(_ tag: UInt64, _ terms: UInt32) -> UInt32 {
    precondition(terms < 1 << (32 - ListRecord.tagBits), "more kinds of terms than a record can tell")
    return terms << UInt32(ListRecord.tagBits) | UInt32(tag)
  }

  /// Room for a record, and for words that run over its end.
  private mutating func makeRoom(_ bytes: Int) {
    guard filled + bytes + 16 > ListDraft.pieceBytes else { return }
    precondition(unsafe pieces.count < 1 << (32 - ListDraft.pieceBits), "more text than a place can name")
    let piece = UnsafeMutableRawPointer.allocate(
      byteCount: ListDraft.pieceBytes, alignment: isLarge ? ListDraft.pieceBytes : 16)
    if isLarge {
      var bytes = unsafe MutableRawSpan(
        _unsafeBytes: UnsafeMutableRawBufferPointer(start: piece, count: ListDraft.pieceBytes))
      advise(&bytes)
    }
    unsafe pieces.append(piece)
    filled = 0
  }
}

extension ListText {
  /// Of a record: whether its key is a plate's.
  var isPlate: Bool { (word(at: 0) & ListRecord.tagMask) >> 6 == 0 }
}
