public import Journal
public import Messages

/// What became of a batch.
public enum BatchOutcome: Sendable, Equatable {
  /// Everything up to the link is durable here; the gateway may be told so.
  case stored(through: ChainLink, added: Int)
  /// Records before the batch are missing: ask for those after this seq.
  case missing(after: Int64)
}

extension HQStore {
  /// Stores what is new of a batch, in one transaction. Storing it again changes nothing.
  ///
  /// - Throws: ``StoreError``; of kind `refused` where the batch contradicts itself or what is stored: nothing of it is
  ///   stored then, and the reason stands with the gateway.
  public func take(_ batch: UplinkLogBatch, site: String, at now: Int64) throws(StoreError) -> BatchOutcome {
    do throws(StoreError) {
      return try database.transaction { () throws(StoreError) in
        var gateway = try known(site: site, name: batch.gateway)
        let outcome = try store(batch, &gateway)
        gateway.seenAt = now
        gateway.isConnected = true
        if case .stored = outcome { gateway.fault = nil }
        try save(gateway)
        return outcome
      }
    } catch {
      if error.kind == .refused { try remember(error.text, site, batch.gateway, now) }
      throw error
    }
  }

  private func remember(_ fault: String, _ site: String, _ name: String, _ now: Int64) throws(StoreError) {
    try database.transaction { () throws(StoreError) in
      var gateway = try known(site: site, name: name)
      gateway.fault = fault
      gateway.seenAt = now
      try save(gateway)
    }
  }

  private func refusal(_ text: String) -> StoreError {
    StoreError(kind: .refused, text: text, during: "store a batch")
  }

  private func store(_ batch: UplinkLogBatch, _ gateway: inout StoredGateway) throws(StoreError)
    -> BatchOutcome
  {
    let next = gateway.through.seq + 1
    if batch.first > next {
      guard let gap = batch.gap, gap.first <= next, gap.last == batch.first - 1 else {
        return .missing(after: gateway.through.seq)
      }
      try insertGap(next, ChainLink(seq: gap.last, hash: batch.previous), gateway)
      gateway.through = ChainLink(seq: gap.last, hash: batch.previous)
    }
    if batch.first == gateway.through.seq + 1, batch.previous != gateway.through.hash {
      throw refusal(
        "the chain before seq \(batch.first) is not the one stored: the log was changed or begun anew")
    }
    var link = ChainLink(seq: batch.first - 1, hash: batch.previous)
    var added = 0
    let insert = try database.prepare("INSERT INTO record(gateway, seq, hash, record) VALUES(?, ?, ?, ?)")
    for record in batch.records {
      link = ChainLink(
        seq: link.seq + 1,
        hash: Digest.chained(link.hash, try digest(record, seq: link.seq + 1, gateway: gateway.name)))
      if link.seq <= gateway.through.seq {
        try compare(link, gateway)
        continue
      }
      try insert.bind(1, gateway.id)
      try insert.bind(2, link.seq)
      try insert.bind(3, link.hash)
      try insert.bind(4, record)
      try insert.run()
      added += 1
    }
    if added > 0 { gateway.through = link }
    return .stored(through: gateway.through, added: added)
  }

  /// The digest the chain was made with; of a redacted record the one that it carries.
  private func digest(_ record: [UInt8], seq: Int64, gateway: String) throws(StoreError) -> [UInt8] {
    let line: LogRecord.Line
    do throws(MessageFault) { line = try LogRecord.parse(record) } catch {
      throw refusal("seq \(seq): \(error)")
    }
    let name: String
    let digest: [UInt8]
    switch line {
    case .record(_, let record): (name, digest) = (record.gateway, [])
    case .redacted(let gateway, _, let kept): (name, digest) = (gateway, kept)
    }
    guard line.seq == seq, name == gateway else {
      throw refusal(
        "a record says that it is seq \(line.seq) of '\(name)', and stands where seq \(seq) of '\(gateway)' does"
      )
    }
    return digest.isEmpty ? Digest.of(record) : digest
  }

  /// What was stored before must have the same hash; what was told as lost before may turn up and is left out.
  private func compare(_ link: ChainLink, _ gateway: StoredGateway) throws(StoreError) {
    let find = try database.prepare("SELECT hash FROM record WHERE gateway = ? AND seq = ?")
    try find.bind(1, gateway.id)
    try find.bind(2, link.seq)
    guard try find.step() else { return }
    guard find.bytes(0) == link.hash else {
      throw refusal("seq \(link.seq) is not what was stored before: the log was changed or begun anew")
    }
  }

  private func insertGap(_ first: Int64, _ last: ChainLink, _ gateway: StoredGateway) throws(StoreError) {
    let insert = try database.prepare("INSERT INTO gap(gateway, first, last, hash) VALUES(?, ?, ?, ?)")
    try insert.bind(1, gateway.id)
    try insert.bind(2, first)
    try insert.bind(3, last.seq)
    try insert.bind(4, last.hash)
    try insert.run()
  }

  /// Takes down what a gateway says of itself when it connects.
  public func take(_ birth: UplinkBirth, site: String, name: String, at now: Int64) throws(StoreError)
    -> StoredGateway
  {
    try database.transaction { () throws(StoreError) in
      var gateway = try known(site: site, name: name)
      gateway.boot = birth.boot
      gateway.list = birth.list
      gateway.challenge = birth.challenge
      gateway.seenAt = now
      gateway.isConnected = true
      try save(gateway)
      return gateway
    }
  }

  /// The gateway has gone.
  public func takeDeath(site: String, name: String) throws(StoreError) {
    try database.transaction { () throws(StoreError) in
      guard var gateway = try gateway(site: site, name: name) else { return }
      gateway.isConnected = false
      try save(gateway)
    }
  }
}
