public import Journal

extension HQStore {
  /// Records after a seq, in order.
  public func records(of gateway: StoredGateway, after seq: Int64, limit: Int) throws(StoreError)
    -> [StoredRecord]
  {
    try found(of: gateway, after: seq, limit: Int64(max(0, limit))).map {
      StoredRecord(seq: $0.seq, bytes: $0.bytes, hash: $0.hash)
    }
  }

  private func found(
    of gateway: StoredGateway, after seq: Int64, limit: Int64
  ) throws(StoreError) -> [FoundRecord] {
    let rows = try database.prepare(
      "SELECT id, record, hash, stored_at FROM entry WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?")
    let keys = RecordKey.after(seq, of: gateway)
    try rows.bind(1, keys.lowerBound)
    try rows.bind(2, keys.upperBound)
    try rows.bind(3, limit)
    var records: [FoundRecord] = []
    while try rows.step() {
      records.append(
        FoundRecord(
          seq: RecordKey.seq(rows.integer(0)), bytes: rows.bytes(1), hash: rows.bytes(2),
          storedAt: rows.optionalInteger(3)))
    }
    return records
  }

  /// Every record that a query asks for, in order, some at a time: memory stays small, and the writer is not held up.
  func each(
    _ query: RecordQuery, of gateway: StoredGateway, _ body: (FoundRecord) throws(StoreError) -> Void
  ) throws(StoreError) {
    var after = query.after
    var left = query.limit
    while left > 0 {
      let records = try found(of: gateway, after: after, limit: HQLimits.readRecords)
      for record in records where left > 0 && query.takes(record.bytes) {
        try body(record)
        left -= 1
      }
      guard let last = records.last else { return }
      after = last.seq
    }
  }

  /// Stretches that the gateway told as lost.
  public func gaps(of gateway: StoredGateway) throws(StoreError) -> [ClosedRange<Int64>] {
    try gapLinks(of: gateway).map { $0.first...$0.last.seq }
  }

  func gapLinks(of gateway: StoredGateway) throws(StoreError) -> [(first: Int64, last: ChainLink)] {
    let rows = try database.prepare("SELECT first, last, hash FROM gap WHERE gateway = ? ORDER BY first")
    try rows.bind(1, gateway.id)
    var gaps: [(first: Int64, last: ChainLink)] = []
    while try rows.step() {
      gaps.append((rows.integer(0), ChainLink(seq: rows.integer(1), hash: rows.bytes(2))))
    }
    return gaps
  }
}
