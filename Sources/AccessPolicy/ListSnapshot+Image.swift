extension ListSnapshot {
  /// Gives the image in two pieces, to be written one behind the other.
  public func writeImage<Failure: Error>(
    of origin: ListImage.Origin, to write: (RawSpan) throws(Failure) -> Void
  ) throws(Failure) {
    let tables = unsafe UnsafeRawBufferPointer(
      start: store.memory + ListImage.headerBytes, count: store.layout.bytes - ListImage.headerBytes)
    let unsigned = ListImageHeader(store.layout, origin, checksum: 0)
    var sum = ListChecksum()
    sum.add(unsigned.words)
    unsafe sum.add(tables.baseAddress!, bytes: tables.count)
    let header = ListImageHeader(store.layout, origin, checksum: sum.value)
    try unsafe write(header.words.span.bytes)
    try unsafe write(tables.bytes)
  }

  /// Reads an image of `fileBytes` bytes: `fill` fills each room it is given with the bytes that follow, and says
  /// whether they were there.
  ///
  /// Everything is checked before anything is believed: whose image it is, its length, its checksum, and every
  /// place in every table. What a file holds can be refused, but never trap.
  ///
  /// - Parameter advise: told of the memory of a large list before it is touched, to ask for large pages.
  public convenience init(
    image origin: ListImage.Origin, fileBytes: Int,
    advise: (inout MutableRawSpan) -> Void = { _ in }, fill: (inout MutableRawSpan) -> Bool
  ) throws(ListImage.Fault) {
    guard fileBytes >= ListImage.headerBytes else { throw .short }
    var words = Array(repeating: UInt64(0), count: ListImage.headerWords)
    let isFilled = unsafe words.withUnsafeMutableBytes { room in
      var bytes = unsafe MutableRawSpan(_unsafeBytes: room)
      return fill(&bytes)
    }
    guard isFilled else { throw .short }
    let header = try ListImageHeader(words: words, fileBytes: fileBytes, origin)
    let store = ListStore(header.layout, advise: advise)
    unsafe store.memory.initializeMemory(as: UInt8.self, repeating: 0, count: ListImage.headerBytes)
    words[ListImage.headerWords - 1] = 0
    var sum = ListChecksum()
    sum.add(words)
    // Piece by piece, so that each is summed up while it is near.
    var place = ListImage.headerBytes
    while place < header.layout.bytes {
      let count = min(ListSnapshot.piece, header.layout.bytes - place)
      let room = unsafe UnsafeMutableRawBufferPointer(start: store.memory + place, count: count)
      var bytes = unsafe MutableRawSpan(_unsafeBytes: room)
      guard fill(&bytes) else { throw .short }
      unsafe sum.add(UnsafeRawPointer(store.memory + place), bytes: count)
      place += count
    }
    guard sum.value == header.checksum, store.isSound(groups: origin.groups.count) else { throw .damaged }
    self.init(version: origin.version, store: store)
  }

  /// Bytes that are read at a time, a multiple of ``ListLayout/line``.
  private static var piece: Int { 1 << 18 }
}

extension ListChecksum {
  mutating func add(_ words: [UInt64]) {
    unsafe words.withUnsafeBytes { unsafe add($0.baseAddress!, bytes: $0.count) }
  }
}
