/// What became of a check of the chain.
public enum ChainVerdict: Sendable, Equatable {
  /// Every record kept fits its digest, and every hash its neighbour.
  case intact(records: Int64)
  /// The first seq that does not fit, and how.
  case broken(seq: Int64, why: String)
}

extension JournalReader {
  /// Recomputes the digest and the chain of every record kept, from the anchor to the newest.
  ///
  /// It reads in chunks and lets go of the database between two, so that the writer's log does not grow meanwhile.
  public func verify() throws(StoreError) -> ChainVerdict {
    var walk = ChainWalk(link: try Meta.link(.anchor, in: database))
    while true {
      let more = try consistently { () throws(StoreError) in try verifyChunk(&walk) }
      if let broken = walk.broken { return broken }
      if !more { return .intact(records: walk.count) }
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
      if seq != walk.link.seq + 1 { walk.cross(try hole(from: walk.link.seq + 1), to: seq) }
      walk.take(seq: seq, digest: rows.bytes(1), hash: rows.bytes(2), record: rows.optionalBytes(3))
      if seq == acked.seq, rows.bytes(2) != acked.hash {
        walk.fail(seq, "its hash is not the one that HQ acknowledged")
      }
    }
    rows.reset()
    return found == JournalLimits.verifyChunk
  }

  private func hole(from seq: Int64) throws(StoreError) -> ChainLink? {
    let statement = try database.prepare("SELECT last, hash FROM hole WHERE first = ?")
    try statement.bind(1, seq)
    return try statement.step() ? ChainLink(seq: statement.integer(0), hash: statement.bytes(1)) : nil
  }
}

/// The chain as far as it has been followed.
struct ChainWalk {
  var link: ChainLink
  var count: Int64 = 0
  var broken: ChainVerdict?

  init(link: ChainLink) {
    self.link = link
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
    link = hole
  }

  mutating func take(seq: Int64, digest: [UInt8], hash: [UInt8], record: [UInt8]?) {
    if let record, Digest.of(record) != digest { return fail(seq, "its bytes do not fit its digest") }
    guard Digest.chained(link.hash, digest) == hash else {
      return fail(seq, "its hash does not follow from the one before")
    }
    link = ChainLink(seq: seq, hash: hash)
    count += 1
  }
}
