import Messages

extension Journal {
  /// How long things are kept, in milliseconds; nil: as long as there is room.
  public struct Keeping: Sendable, Equatable {
    /// Records that HQ has acknowledged.
    public var records: Int64?
    /// Credentials, whether HQ has acknowledged their records or not.
    public var credentials: Int64?

    public init(records: Int64? = nil, credentials: Int64? = nil) {
      self.records = records
      self.credentials = credentials
    }
  }

  /// Drops some of what has been kept long enough. For idle times.
  ///
  /// A record is as old as the first record at or behind it whose clock was believed: one whose own clock was not, or
  /// that stands in the future, says nothing about its age.
  /// - Parameter now: milliseconds since 1970, of a clock that is beyond doubt.
  /// - Returns: whether there is more to do at once.
  public func age(_ keeping: Keeping, now: Int64) throws(StoreError) -> Bool {
    var more = false
    if let life = keeping.credentials { more = try fade(olderThan: now - life, now: now) }
    if let life = keeping.records { more = try expire(olderThan: now - life, now: now) || more }
    if hasFadedInLog, !more { try forgetWriteAheadLog() }
    return more
  }

  /// The seq through which credentials have been dropped because of their age.
  public func fadedThrough() throws(StoreError) -> Int64 { try Meta.link(.faded, in: database).seq }

  private func expire(olderThan moment: Int64, now: Int64) throws(StoreError) -> Bool {
    let (old, more) = try oldest(.anchor, after: anchor.seq, olderThan: moment, now: now)
    // The newest stays: it tells the next start what time it was.
    let through = min(old, acked.seq, last.seq - 1)
    guard through > anchor.seq else { return more && old == anchor.seq }
    let before = kept
    _ = try write { (book) throws(StoreError) in
      try self.dropAcknowledged(JournalLimits.ageChunk, upTo: through, in: &book)
    }
    return kept < before && (more || anchor.seq < through)
  }

  private func fade(olderThan moment: Int64, now: Int64) throws(StoreError) -> Bool {
    let start = max(try fadedThrough(), anchor.seq)
    let (old, more) = try oldest(.faded, after: start, olderThan: moment, now: now)
    guard old > start else { return more }
    let (named, through) = try namingSomebody(after: start, through: old)
    _ = try write { (_) throws(StoreError) in
      try self.empty(named)
      try Meta.set(.faded, through, Digest.zero, in: self.database)
    }
    if !named.isEmpty { hasFadedInLog = true }
    return more || through < old
  }

  /// The newest seq behind `start` known to be older than `moment`, `start` where there is none; one chunk further
  /// than the look before, and whether the next look should come at once.
  private func oldest(
    _ search: Meta, after start: Int64, olderThan moment: Int64, now: Int64
  ) throws(StoreError) -> (through: Int64, more: Bool) {
    var found = ageSearch[search] ?? AgeSearch(seen: start, old: start)
    // What is known is dealt with first.
    if found.old > start { return (found.old, true) }
    found.seen = max(found.seen, start)
    let rows = try database.prepare("SELECT seq, at FROM log WHERE seq > ? ORDER BY seq LIMIT ?")
    defer { rows.reset() }
    try rows.bind(1, found.seen)
    try rows.bind(2, Int64(JournalLimits.ageChunk))
    var count = 0
    var isYoung = false
    while !isYoung, try rows.step() {
      let at = rows.optionalInteger(1).flatMap { $0 <= now ? $0 : nil }
      isYoung = (at ?? moment) > moment
      if isYoung { break }
      count += 1
      found.seen = rows.integer(0)
      if at != nil { found.old = found.seen }
    }
    ageSearch[search] = found
    return (max(found.old, start), count == JournalLimits.ageChunk)
  }

  /// A chunk of them, and the seq through which it goes.
  private func namingSomebody(
    after start: Int64, through end: Int64
  ) throws(StoreError) -> (seqs: [Int64], through: Int64) {
    let rows = try database.prepare(
      "SELECT seq, record FROM log WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?")
    defer { rows.reset() }
    try rows.bind(1, start)
    try rows.bind(2, end)
    try rows.bind(3, Int64(JournalLimits.ageChunk))
    var seqs: [Int64] = []
    var seen: (count: Int, seq: Int64) = (0, start)
    while try rows.step() {
      seen = (seen.count + 1, rows.integer(0))
      if let record = rows.optionalRecord(1), Self.namesSomebody(record) { seqs.append(seen.seq) }
    }
    return (seqs, seen.count == JournalLimits.ageChunk ? seen.seq : end)
  }

  /// What cannot be read is taken for somebody's: privacy comes first.
  private static func namesSomebody(_ bytes: [UInt8]) -> Bool {
    guard case .record(_, let record)? = try? LogRecord.parse(bytes) else { return true }
    return record.type == .access || record.credential != nil
      || record.detail["credential"]?.stringValue != nil
      || record.detail["arguments"]?["credential"]?.stringValue != nil
  }

  /// Drops the content of records, for privacy. Their digests stay, and with them the chain.
  public func redact(_ seqs: [Int64]) throws(StoreError) {
    _ = try write { (_) throws(StoreError) in try self.empty(seqs) }
    hasFadedInLog = true
  }

  private func empty(_ seqs: [Int64]) throws(StoreError) {
    let find = try database.prepare("SELECT record FROM log WHERE seq = ? AND record IS NOT NULL")
    let update = try database.prepare("UPDATE log SET record = NULL, digest = ? WHERE seq = ?")
    for seq in seqs {
      try find.bind(1, seq)
      let record = try find.step() ? find.optionalRecord(0) : nil
      find.reset()
      guard let record else { continue }
      try update.bind(1, Digest.of(record))
      try update.bind(2, seq)
      try update.run()
    }
  }

  /// What was dropped stands in the write-ahead log until that is emptied; a reader may hold that up: then later.
  private func forgetWriteAheadLog() throws(StoreError) {
    try database.execute("PRAGMA busy_timeout = 20")
    defer { try? database.execute("PRAGMA busy_timeout = 5000") }
    hasFadedInLog = try database.integer("PRAGMA wal_checkpoint(TRUNCATE)") != 0
  }

  /// How long the clock has kept step, as ``keep(clock:)`` stored it: milliseconds, and the time it was counted at.
  public func keptClock() throws(StoreError) -> (steady: Int64, at: Int64) {
    (try Meta.link(.steady, in: database).seq, try Meta.link(.steadyAt, in: database).seq)
  }

  public func keep(clock: (steady: Int64, at: Int64)) throws(StoreError) {
    _ = try write { (_) throws(StoreError) in
      try Meta.set(.steady, max(0, clock.steady), Digest.zero, in: self.database)
      try Meta.set(.steadyAt, max(0, clock.at), Digest.zero, in: self.database)
    }
  }
}

/// How far a search for what has grown old has come.
struct AgeSearch {
  /// Every record through it was looked at; behind it stands a young one, or nothing.
  var seen: Int64
  /// The newest of them that is old for certain, and with it all before.
  var old: Int64
}
