public import Journal
public import Messages

/// What became of a batch.
public enum BatchOutcome: Sendable, Equatable {
  /// Everything up to the link is durable here; the gateway may be told so.
  case stored(through: ChainLink, added: Int)
  /// Records before the batch are missing: ask for those after this seq.
  case missing(after: Int64)
  /// It contradicts itself or what is stored: nothing of it was stored, and an alarm stands.
  case refused(Alarm)
}

extension HQStore {
  /// Stores what is new of a batch, in one transaction. Storing it again changes nothing.
  ///
  /// - Parameter now: milliseconds since 1970.
  /// - Returns: what became of it, and the alarms that it raised or ended.
  public func take(
    _ batch: UplinkLogBatch, site: String, at now: Int64
  ) throws(StoreError) -> (outcome: BatchOutcome, raised: [Alarm]) {
    let checked: CheckedBatch
    do throws(MessageFault) { checked = try CheckedBatch(batch) } catch {
      let fault = error.text
      return try write { () throws(StoreError) in
        try refuse(try known(site: site, name: batch.gateway), .chainBroken, fault, now)
      }
    }
    if let gateway = try gateway(site: site, name: batch.gateway), gateway.isConnected, gateway.fault == nil,
      let outcome = try outcomeWithoutWriting(checked, gateway)
    {
      return (outcome, [])
    }
    return try write { () throws(StoreError) in
      var gateway = try known(site: site, name: batch.gateway)
      gateway.seenAt = now
      gateway.isConnected = true
      return try store(checked, &gateway, now)
    }
  }

  private func refuse(
    _ gateway: StoredGateway, _ kind: Alarm.Kind, _ why: String, _ now: Int64
  ) throws(StoreError) -> (outcome: BatchOutcome, raised: [Alarm]) {
    var gateway = gateway
    gateway.fault = why
    gateway.seenAt = now
    try save(gateway)
    let (alarm, isNew) = try insertAlarm(kind, why, gateway, now)
    return (.refused(alarm), isNew ? [alarm] : [])
  }

  /// Batches that bring nothing, such as those sent again after a loss, cost no commit; nil: there is something to write.
  private func outcomeWithoutWriting(
    _ checked: CheckedBatch, _ gateway: StoredGateway
  ) throws(StoreError) -> BatchOutcome? {
    if checked.batch.last <= gateway.through.seq {
      return try firstChanged(checked, gateway) == nil ? .stored(through: gateway.through, added: 0) : nil
    }
    return checked.batch.first > gateway.through.seq + 1 && Self.gap(checked.batch, gateway) == nil
      ? .missing(after: gateway.through.seq) : nil
  }

  /// What a batch tells as lost between what is stored and its first record; nil where that does not join on.
  private static func gap(_ batch: UplinkLogBatch, _ gateway: StoredGateway) -> UplinkLogBatch.Gap? {
    let next = gateway.through.seq + 1
    guard let told = batch.gap, told.first <= next, told.last == batch.first - 1, told.last >= next else {
      return nil
    }
    return .init(first: next, last: told.last)
  }

  private func store(
    _ checked: CheckedBatch, _ gateway: inout StoredGateway, _ now: Int64
  ) throws(StoreError) -> (outcome: BatchOutcome, raised: [Alarm]) {
    let batch = checked.batch
    let next = gateway.through.seq + 1
    var gap: UplinkLogBatch.Gap?
    if batch.first > next {
      gap = Self.gap(batch, gateway)
      guard gap != nil else {
        try save(gateway)
        return (.missing(after: gateway.through.seq), [])
      }
    } else if batch.first == next, batch.previous != gateway.through.hash {
      return try refuse(
        gateway, .chainBroken,
        "the chain before seq \(batch.first) is not the one stored: the log was changed or begun anew", now)
    }
    if let seq = try firstChanged(checked, gateway) {
      return try refuse(
        gateway, .logChanged, "seq \(seq) is not what was stored before: the log was changed or begun anew",
        now)
    }
    var raised: [Alarm] = []
    if let gap {
      gateway.through = ChainLink(seq: gap.last, hash: batch.previous)
      try insertGap(gap.first, gateway.through, gateway, now)
      let (alarm, isNew) = try insertAlarm(
        .recordsLost, "seq \(gap.first) to \(gap.last) were lost at the gateway before they came here",
        gateway,
        now)
      if isNew { raised.append(alarm) }
    }
    let before = gateway.through.seq
    let added = try insert(checked, &gateway, now)
    raised += try urgentNews(in: batch, after: before, gateway, now)
    gateway.fault = nil
    gateway.heard(newest: batch.last, at: now)
    try save(gateway)
    return (.stored(through: gateway.through, added: added), raised)
  }

  /// What was stored before must have the same hash; what was told as lost before may turn up and is left out.
  private func firstChanged(_ checked: CheckedBatch, _ gateway: StoredGateway) throws(StoreError) -> Int64? {
    guard checked.batch.first <= gateway.through.seq else { return nil }
    let find = try statement("SELECT id, hash FROM entry WHERE id BETWEEN ? AND ? ORDER BY id")
    defer { find.reset() }
    try find.bind(1, RecordKey.of(gateway, checked.batch.first))
    try find.bind(2, RecordKey.of(gateway, checked.batch.last))
    while try find.step() {
      let seq = RecordKey.seq(find.integer(0))
      guard find.bytes(1)[...] == checked.hashes[checked.place(of: seq)] else { return seq }
    }
    return nil
  }

  private func insert(
    _ checked: CheckedBatch, _ gateway: inout StoredGateway, _ now: Int64
  ) throws(StoreError) -> Int {
    let batch = checked.batch
    let next = max(batch.first, gateway.through.seq + 1)
    guard next <= batch.last else { return 0 }
    let insert = try statement("INSERT INTO entry(id, hash, record, stored_at) VALUES(?, ?, ?, ?)")
    try insert.bind(4, now)
    try unsafe batch.bytes.withUnsafeBufferPointer { (records) throws(StoreError) in
      try unsafe checked.hashes.bytes.withUnsafeBufferPointer { (hashes) throws(StoreError) in
        for seq in next...batch.last {
          let place = checked.place(of: seq)
          let hash = place * Digest.count..<(place + 1) * Digest.count
          try insert.bind(1, RecordKey.of(gateway, seq))
          try unsafe insert.bind(2, borrowing: UnsafeBufferPointer(rebasing: hashes[hash]))
          try unsafe insert.bind(3, borrowing: UnsafeBufferPointer(rebasing: records[batch.places[place]]))
          try insert.run()
        }
      }
    }
    gateway.through = checked.last
    return Int(batch.last - next) + 1
  }

  private func insertGap(
    _ first: Int64, _ last: ChainLink, _ gateway: StoredGateway, _ now: Int64
  ) throws(StoreError) {
    let insert = try database.prepare(
      "INSERT INTO gap(gateway, first, last, hash, told_at) VALUES(?, ?, ?, ?, ?)")
    try insert.bind(1, gateway.id)
    try insert.bind(2, first)
    try insert.bind(3, last.seq)
    try insert.bind(4, last.hash)
    try insert.bind(5, now)
    try insert.run()
  }
}
