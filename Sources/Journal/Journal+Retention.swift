import Messages

/// What was given up unacknowledged to make room.
struct DroppedRecords {
  var first = Int64.max
  var last = Int64.min
  var count: Int64 = 0
  var classes: [(class: RecordClass, count: Int64)] = []

  mutating func add(_ kind: RecordClass, _ number: Int64) {
    count += number
    if let place = classes.firstIndex(where: { $0.class == kind }) {
      classes[place].count += number
    } else {
      classes.append((kind, number))
    }
  }

  /// A gap record goes itself: what it told is told on by the next.
  mutating func tellOn(_ range: ClosedRange<Int64>) {
    first = min(first, range.lowerBound)
    last = max(last, range.upperBound)
  }

  /// The gap record that tells it. Between `first` and `last` more important records may still be kept.
  func record(at moment: LogRecord) -> LogRecord {
    LogRecord(
      at: moment.at, clock: moment.clock, monotonic: moment.monotonic, type: .gap, reason: "capacity",
      detail: [
        "first": .integer(first), "last": .integer(last), "count": .integer(count),
        "types": .object(classes.map { (key: $0.class.name, value: .integer($0.count)) }),
      ])
  }
}

extension Journal {
  /// How many are dropped at a time, so that not every append of a full journal drops and tells.
  private var chunk: Int { min(JournalLimits.dropChunk, max(1, capacity / 64)) }

  /// Drops acknowledged records beyond the capacity, a chunk of room ahead; never an unacknowledged one. For idle times.
  public func prune() throws(StoreError) {
    var excess = kept + chunk - capacity
    if let capacityBytes, try statements.usedBytes() > capacityBytes - capacityBytes / 64 {
      excess = max(excess, chunk)
    }
    guard excess > 0, anchor.seq < acked.seq else { return }
    _ = try write { (book) throws(StoreError) in try self.dropAcknowledged(excess, in: &book) }
  }

  /// Makes room for `count` records and a gap record: the acknowledged go first, then the least important classes.
  func makeRoom(for count: Int, in book: inout Book) throws(StoreError) -> DroppedRecords? {
    var dropped = DroppedRecords()
    if book.kept + count > capacity {
      try dropAcknowledged(book.kept + count + chunk - capacity, in: &book)
      let excess = book.kept + count + 1 - capacity
      if excess > 0 { try dropUnacknowledged(excess, chunk, &dropped, in: &book) }
    }
    // Where every second record goes, pages are freed late: a few chunks at most now, and more at the next append.
    for _ in 0..<4 where try isBeyondBytes(book) {
      let before = book.kept
      let few = max(1, min(JournalLimits.dropChunk, before / 64))
      try dropAcknowledged(few, in: &book)
      if book.kept == before { try dropUnacknowledged(1, few, &dropped, in: &book) }
    }
    return dropped.count > 0 ? dropped : nil
  }

  private func isBeyondBytes(_ book: Book) throws(StoreError) -> Bool {
    guard let capacityBytes, book.kept > JournalLimits.capacity else { return false }
    return try statements.usedBytes() > capacityBytes
  }

  /// - Parameter bound: no record above it; nil: the acknowledgement.
  func dropAcknowledged(
    _ wanted: Int, upTo bound: Int64? = nil, in book: inout Book
  ) throws(StoreError) {
    let find = try database.prepare("SELECT seq, hash FROM log WHERE seq <= ? ORDER BY seq LIMIT ?")
    try find.bind(1, bound ?? acked.seq)
    try find.bind(2, Int64(wanted))
    var found = 0
    while try find.step() {
      book.anchor = ChainLink(seq: find.integer(0), hash: find.bytes(1))
      found += 1
    }
    // Everything acknowledged is gone: the holes among it are no news either.
    if found < wanted, bound == nil { book.anchor = acked }
    guard book.anchor != anchor else { return }
    try database.execute(
      "DELETE FROM log WHERE seq <= \(book.anchor.seq); DELETE FROM hole WHERE last <= \(book.anchor.seq)")
    try Meta.set(.anchor, book.anchor, in: database)
    book.kept -= found
  }

  /// Gives up `wanted` records and a chunk of room ahead, class after class.
  private func dropUnacknowledged(
    _ wanted: Int, _ ahead: Int, _ dropped: inout DroppedRecords, in book: inout Book
  ) throws(StoreError) {
    let target = dropped.count + Int64(wanted)
    for kind in RecordClass.leastImportantFirst where dropped.count < target {
      try dropUnacknowledged(kind, upTo: Int(target - dropped.count) + ahead, &dropped, in: &book)
    }
  }

  private func dropUnacknowledged(
    _ kind: RecordClass, upTo limit: Int, _ dropped: inout DroppedRecords, in book: inout Book
  ) throws(StoreError) {
    let find = try database.prepare(
      "SELECT seq, hash, record FROM log WHERE type = ? AND seq >= ? ORDER BY seq LIMIT ?")
    try find.bind(1, kind.rawValue)
    try find.bind(2, book.cursors[kind] ?? 0)
    try find.bind(3, Int64(limit))
    var links: [ChainLink] = []
    while try find.step() {
      links.append(ChainLink(seq: find.integer(0), hash: find.bytes(1)))
      guard kind == .gap, let range = find.optionalRecord(2).flatMap(ToldGaps.range) else { continue }
      dropped.tellOn(range)
    }
    for link in links {
      try statements.remove.bind(1, link.seq)
      try statements.remove.run()
      try Holes.add(link, in: database)
      dropped.first = min(dropped.first, link.seq)
      dropped.last = max(dropped.last, link.seq)
    }
    book.cursors[kind] = links.count < limit ? book.last.seq + 1 : links.last.map { $0.seq + 1 }
    guard !links.isEmpty else { return }
    dropped.add(kind, Int64(links.count))
    book.kept -= links.count
  }
}
