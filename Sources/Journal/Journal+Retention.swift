import Messages

/// What was given up unacknowledged to make room.
struct DroppedRecords {
  var first = Int64.max
  var last = Int64.min
  var count: Int64 = 0
  var kinds: [(kind: LogRecord.Kind, count: Int64)] = []

  /// The gap record that tells it. Between `first` and `last` more important records may still be kept.
  func record(at moment: LogRecord) -> LogRecord {
    LogRecord(
      at: moment.at, clock: moment.clock, monotonic: moment.monotonic, type: .gap, reason: "capacity",
      detail: [
        "first": .integer(first), "last": .integer(last), "count": .integer(count),
        "types": .object(kinds.map { (key: $0.kind.rawValue, value: .integer($0.count)) }),
      ])
  }
}

extension Journal {
  /// How many are dropped at a time, so that not every append of a full journal drops and tells.
  private var chunk: Int { min(JournalLimits.dropChunk, max(1, capacity / 64)) }

  /// Drops acknowledged records beyond the capacity, a chunk of room ahead; never an unacknowledged one. For idle times.
  public func prune() throws(StoreError) {
    let excess = kept + chunk - capacity
    guard excess > 0, anchor.seq < acked.seq else { return }
    _ = try write { (book) throws(StoreError) in try self.dropAcknowledged(excess, in: &book) }
  }

  /// Makes room for `count` records and a gap record: the acknowledged go first, then the least important kinds.
  func makeRoom(for count: Int, in book: inout Book) throws(StoreError) -> DroppedRecords? {
    guard book.kept + count > capacity else { return nil }
    try dropAcknowledged(book.kept + count + chunk - capacity, in: &book)
    let excess = book.kept + count + 1 - capacity
    guard excess > 0 else { return nil }
    var dropped = DroppedRecords()
    for kind in LogRecord.Kind.leastImportantFirst where dropped.count < excess {
      try dropUnacknowledged(kind, upTo: excess + chunk - Int(dropped.count), &dropped, in: &book)
    }
    return dropped.count > 0 ? dropped : nil
  }

  private func dropAcknowledged(_ wanted: Int, in book: inout Book) throws(StoreError) {
    let find = try database.prepare("SELECT seq, hash FROM log WHERE seq <= ? ORDER BY seq LIMIT ?")
    try find.bind(1, acked.seq)
    try find.bind(2, Int64(wanted))
    var found = 0
    while try find.step() {
      book.anchor = ChainLink(seq: find.integer(0), hash: find.bytes(1))
      found += 1
    }
    // Everything acknowledged is gone: the holes among it are no news either.
    if found < wanted { book.anchor = acked }
    guard book.anchor != anchor else { return }
    try database.execute(
      "DELETE FROM log WHERE seq <= \(book.anchor.seq); DELETE FROM hole WHERE last <= \(book.anchor.seq)")
    try Meta.set(.anchor, book.anchor, in: database)
    book.kept -= found
  }

  private func dropUnacknowledged(
    _ kind: LogRecord.Kind, upTo limit: Int, _ dropped: inout DroppedRecords, in book: inout Book
  ) throws(StoreError) {
    let find = try database.prepare(
      "SELECT seq, hash FROM log WHERE type = ? AND seq >= ? ORDER BY seq LIMIT ?")
    try find.bind(1, kind.code)
    try find.bind(2, book.cursors[kind] ?? 0)
    try find.bind(3, Int64(limit))
    var links: [ChainLink] = []
    while try find.step() { links.append(ChainLink(seq: find.integer(0), hash: find.bytes(1))) }
    for link in links {
      try statements.remove.bind(1, link.seq)
      try statements.remove.run()
      try Holes.add(link, in: database)
      dropped.first = min(dropped.first, link.seq)
      dropped.last = max(dropped.last, link.seq)
    }
    book.cursors[kind] = links.count < limit ? book.last.seq + 1 : links.last.map { $0.seq + 1 }
    guard !links.isEmpty else { return }
    dropped.count += Int64(links.count)
    dropped.kinds.append((kind, Int64(links.count)))
    book.kept -= links.count
  }

  /// Drops the content of records, for privacy. Their digests stay, and with them the chain.
  public func redact(_ seqs: [Int64]) throws(StoreError) {
    _ = try write { (_) throws(StoreError) in
      let statement = try self.database.prepare("UPDATE log SET record = NULL WHERE seq = ?")
      for seq in seqs {
        try statement.bind(1, seq)
        try statement.run()
      }
    }
  }
}

/// Stretches of seqs that were dropped unacknowledged, each with the hash of its last.
enum Holes {
  /// Adds one seq and joins it with its neighbours.
  static func add(_ link: ChainLink, in database: Database) throws(StoreError) {
    var first = link.seq
    var last = link
    let before = try database.prepare(
      "SELECT first, last FROM hole WHERE first < ? ORDER BY first DESC LIMIT 1")
    try before.bind(1, link.seq)
    if try before.step(), before.integer(1) == link.seq - 1 { first = before.integer(0) }
    before.reset()
    let after = try database.prepare("SELECT last, hash FROM hole WHERE first = ?")
    try after.bind(1, link.seq + 1)
    if try after.step() { last = ChainLink(seq: after.integer(0), hash: after.bytes(1)) }
    after.reset()
    try database.execute("DELETE FROM hole WHERE first = \(first) OR first = \(link.seq + 1)")
    try insert(first...last.seq, hash: last.hash, in: database)
  }

  static func insert(_ range: ClosedRange<Int64>, hash: [UInt8], in database: Database) throws(StoreError) {
    let insert = try database.prepare("INSERT INTO hole(first, last, hash) VALUES(?, ?, ?)")
    try insert.bind(1, range.lowerBound)
    try insert.bind(2, range.upperBound)
    try insert.bind(3, hash)
    try insert.run()
  }

  /// Seqs above `seq` that lie in holes.
  static func count(above seq: Int64, in database: Database) throws(StoreError) -> Int64 {
    try database.integer(
      "SELECT coalesce(sum(last - max(first, \(seq + 1)) + 1), 0) FROM hole WHERE last > \(seq)")
      ?? 0
  }
}
