import Messages

/// What became of a check of the chain.
public enum ChainVerdict: Sendable, Equatable {
  /// Every record kept fits its digest, and every hash its neighbour.
  case intact(records: Int64)
  /// The first seq that does not fit, and how.
  case broken(seq: Int64, why: String)
}

/// What a check of the chain found.
public struct ChainReport: Sendable, Equatable {
  public var verdict: ChainVerdict
  /// Oldest and newest seq that were followed; 0 where there is none.
  public var first: Int64 = 0
  public var last: Int64 = 0
  /// Records whose content was dropped for privacy.
  public var redacted: Int64 = 0
  /// Seqs between the first and the last that are told as lost.
  public var lost: Int64 = 0
}

extension JournalReader {
  /// Recomputes the digest and the chain of every record kept, from the anchor to the newest.
  public func verify() throws(StoreError) -> ChainVerdict { try examine().verdict }

  /// ``verify()``, and what there is.
  ///
  /// It reads in chunks and lets go of the database between two, so that the writer's log does not grow meanwhile.
  /// - Parameter known: the newest seq that is known to have been durable: a log that ends below it was cut.
  public func examine(known: Int64 = 0) throws(StoreError) -> ChainReport {
    var walk = ChainWalk()
    try follow(&walk, known)
    return walk.report
  }

  /// The same of a file that may be damaged: its chain is broken at the first record that cannot be read.
  ///
  /// - Throws: ``StoreError`` where the file could not be looked at: nothing is said of the chain then.
  public static func examine(path: String) throws(StoreError) -> ChainReport {
    var walk = ChainWalk()
    do throws(StoreError) {
      try JournalReader(path: path).follow(&walk, 0)
    } catch {
      guard error.kind == .damaged else { throw error }
      walk.fail(walk.link.seq + 1, "it cannot be read: \(error.text)")
    }
    return walk.report
  }

  private func follow(_ walk: inout ChainWalk, _ known: Int64) throws(StoreError) {
    let closedAt = closingSeq()
    try consistently { () throws(StoreError) in try verifyAnchor(&walk) }
    while walk.broken == nil {
      let more = try consistently { () throws(StoreError) in try verifyChunk(&walk) }
      if !more { break }
    }
    try consistently { () throws(StoreError) in try verifyEnd(&walk, known, closedAt) }
  }

  /// The newest seq when the journal was closed in order; nil while it is open, after a crash, and for a file elsewhere.
  private func closingSeq() -> Int64? {
    guard let end = database.path.lastIndex(of: "/") else { return nil }
    let directory = String(database.path[..<end])
    guard Journal.databasePath(in: directory) == database.path else { return nil }
    return SequenceFile.read(in: directory)?.closedAt
  }

  /// Nothing stands at or below the link from which the chain is followed.
  private func verifyAnchor(_ walk: inout ChainWalk) throws(StoreError) {
    let anchor = try Meta.link(.anchor, in: database)
    walk.link = anchor
    if let first = try database.integer("SELECT seq FROM log ORDER BY seq LIMIT 1"), first <= anchor.seq {
      walk.fail(first, "it stands before the beginning of the chain")
    }
    let acked = try Meta.link(.acknowledged, in: database)
    if anchor.seq > 0, acked.seq == anchor.seq, acked.hash != anchor.hash {
      walk.fail(anchor.seq, "its hash is not the one that HQ acknowledged")
    }
  }

  /// Whoever cuts the newest off leaves a chain that holds: what was known elsewhere tells.
  private func verifyEnd(_ walk: inout ChainWalk, _ known: Int64, _ closedAt: Int64?) throws(StoreError) {
    while walk.broken == nil, let hole = try hole(from: walk.link.seq + 1) {
      try cross(hole, to: hole.seq + 1, &walk)
    }
    let rows = try database.prepare("SELECT record FROM log WHERE record IS NOT NULL ORDER BY seq LIMIT 1")
    if try rows.step(),
      case .record(let seq, let record)? = try? LogRecord.parse(RecordPacking.unpacked(rows.bytes(0))),
      record.gateway != gateway
    {
      walk.fail(seq, "it is of gateway '\(record.gateway)', the log of '\(gateway)'")
    }
    rows.reset()
    let last = walk.link.seq
    let acked = try Meta.link(.acknowledged, in: database).seq
    if acked > last { walk.fail(last + 1, "it is missing, and HQ has acknowledged seq \(acked)") }
    if known > last { walk.fail(last + 1, "it is missing, and seq \(known) was durable") }
    if let closedAt, closedAt > last {
      walk.fail(last + 1, "it is missing, and the log was closed at seq \(closedAt)")
    }
  }

  private func verifyChunk(_ walk: inout ChainWalk) throws(StoreError) -> Bool {
    let anchor = try Meta.link(.anchor, in: database)
    if anchor.seq > walk.link.seq { walk.link = anchor }
    let acked = try Meta.link(.acknowledged, in: database)
    let rows = try database.prepare(
      "SELECT seq, digest, hash, record FROM log WHERE seq > ? ORDER BY seq LIMIT ?")
    try rows.bind(1, walk.link.seq)
    try rows.bind(2, Int64(JournalLimits.verifyChunk))
    var found = 0
    while walk.broken == nil, try rows.step() {
      found += 1
      let seq = rows.integer(0)
      if seq != walk.link.seq + 1 { try cross(try hole(from: walk.link.seq + 1), to: seq, &walk) }
      walk.take(seq: seq, digest: rows.bytes(1), hash: rows.bytes(2), record: rows.optionalRecord(3))
      if seq == acked.seq, rows.bytes(2) != acked.hash {
        walk.fail(seq, "its hash is not the one that HQ acknowledged")
      }
    }
    rows.reset()
    return found == JournalLimits.verifyChunk
  }

  /// The table of holes is no proof, for anybody can write into it: a gap record, which the chain holds, must tell it.
  private func cross(_ hole: ChainLink?, to seq: Int64, _ walk: inout ChainWalk) throws(StoreError) {
    let first = walk.link.seq + 1
    if let hole, hole.seq == seq - 1, first <= hole.seq {
      // The writer may have dropped more since, and told it in the same commit.
      if walk.untold == nil, walk.told.firstUntold(in: first...hole.seq) != nil {
        try walk.told.read(database)
      }
      if walk.untold == nil { walk.untold = walk.told.firstUntold(in: first...hole.seq) }
    }
    walk.cross(hole, to: seq)
  }

  private func hole(from seq: Int64) throws(StoreError) -> ChainLink? {
    let statement = try database.prepare("SELECT last, hash FROM hole WHERE first = ?")
    try statement.bind(1, seq)
    return try statement.step() ? ChainLink(seq: statement.integer(0), hash: statement.bytes(1)) : nil
  }
}

/// The chain as far as it has been followed.
struct ChainWalk {
  var link = ChainLink.origin
  /// What gap records tell as lost, as far as they were needed.
  var told = ToldGaps()
  /// The first seq of a hole that none tells. A record that does not fit comes before it: it may be the one that told.
  var untold: Int64?
  var count: Int64 = 0
  var first: Int64 = 0
  var redacted: Int64 = 0
  var lost: Int64 = 0
  var broken: ChainVerdict?

  var report: ChainReport {
    let missing = untold.map {
      ChainVerdict.broken(seq: $0, why: "it is missing, and no gap record tells it")
    }
    return ChainReport(
      verdict: broken ?? missing ?? .intact(records: count), first: first, last: link.seq, redacted: redacted,
      lost: lost
    )
  }

  mutating func fail(_ seq: Int64, _ why: String) {
    if broken == nil { broken = .broken(seq: seq, why: why) }
  }

  /// A hole must begin at the next seq and reach to just before the one found.
  mutating func cross(_ hole: ChainLink?, to seq: Int64) {
    guard let hole, hole.seq == seq - 1 else {
      fail(link.seq + 1, "it is missing, and no gap was told")
      return
    }
    if count > 0 { lost += hole.seq - link.seq }
    link = hole
  }

  mutating func take(seq: Int64, digest: [UInt8], hash: [UInt8], record: [UInt8]?) {
    let found = record.map(Digest.of) ?? digest
    guard digest.isEmpty || found == digest else { return fail(seq, "its bytes do not fit its digest") }
    guard Digest.chained(link.hash, found) == hash else {
      return fail(seq, "its hash does not follow from its bytes and the one before")
    }
    link = ChainLink(seq: seq, hash: hash)
    count += 1
    if first == 0 { first = seq }
    if record == nil { redacted += 1 }
  }
}
