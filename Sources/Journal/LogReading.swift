import Messages

/// What the writer and the readers read alike.
enum LogReading {
  static func records(
    _ statement: KeptStatements, gateway: String, after seq: Int64, limit: Int
  ) throws(StoreError) -> [StoredRecord] {
    let statement = try statement(
      "SELECT seq, record, hash, digest FROM log WHERE seq > ? ORDER BY seq LIMIT ?")
    try statement.bind(1, seq)
    try statement.bind(2, Int64(max(0, limit)))
    var records: [StoredRecord] = []
    while try statement.step() {
      let seq = statement.integer(0)
      let bytes =
        statement.optionalRecord(1)
        ?? LogRecord.redacted(gateway: gateway, seq: seq, digest: statement.bytes(3))
      records.append(StoredRecord(seq: seq, bytes: bytes, hash: statement.bytes(2)))
    }
    return records
  }

  /// Appends the record of a row of seq, record and digest.
  static func append(_ row: Statement, gateway: String, to bytes: inout [UInt8]) {
    guard row.isNull(1) else {
      return unsafe row.withBytes(1) { unsafe RecordPacking.append($0, to: &bytes) }
    }
    bytes += LogRecord.redacted(gateway: gateway, seq: row.integer(0), digest: row.bytes(2))
  }

  /// The chain's hash of a seq that is kept, ends a hole, or is the anchor.
  static func hash(
    of seq: Int64, _ kept: KeptStatements, anchor: ChainLink
  ) throws(StoreError) -> [UInt8]? {
    if seq == anchor.seq { return anchor.hash }
    if seq == 0 { return Digest.zero }
    for sql in ["SELECT hash FROM log WHERE seq = ?", "SELECT hash FROM hole WHERE last = ?"] {
      let statement = try kept(sql)
      defer { statement.reset() }
      try statement.bind(1, seq)
      if try statement.step() { return statement.bytes(0) }
    }
    return nil
  }
}
