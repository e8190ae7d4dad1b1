import Journal

/// Which records of one gateway are asked for.
struct RecordQuery: Equatable {
  var after: Int64 = 0
  var limit: Int64 = .max
  var point: String?
  var type: String?
  var reason: String?
  /// Milliseconds since 1970 by the gateway's clock: from included, to not.
  var from: Int64?
  var to: Int64?

  /// The conditions; `?1` is the gateway, `?2` the seq, and so on in the order of ``bind(to:gateway:after:limit:)``.
  static var conditions: String {
    """
    gateway = ?1 AND seq > ?2 AND (?3 IS NULL OR point = ?3) AND (?4 IS NULL OR type = ?4)
      AND (?5 IS NULL OR reason = ?5) AND (?6 IS NULL OR at >= ?6) AND (?7 IS NULL OR at < ?7)
    """
  }

  func bind(to statement: Statement, gateway: StoredGateway, after seq: Int64) throws(StoreError) {
    try statement.bind(1, gateway.id)
    try statement.bind(2, seq)
    try statement.bind(3, point)
    try statement.bind(4, type)
    try statement.bind(5, reason)
    try statement.bind(6, from)
    try statement.bind(7, to)
  }
}

/// A record with what HQ knows of it.
struct FoundRecord: Equatable {
  var seq: Int64
  var bytes: [UInt8]
  var hash: [UInt8]
  /// Milliseconds since 1970; nil where HQ did not note it.
  var storedAt: Int64?
}
