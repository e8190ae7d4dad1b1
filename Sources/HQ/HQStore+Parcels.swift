import Journal

/// A list that a gateway did not answer for, and may be sent once more.
struct WaitingList {
  var id: String
  var version: Int64
  var base: Int64?
  /// Parts in all.
  var parts: Int64
}

extension HQStore {
  /// What stands for "the whole list" where a base would stand.
  private static var whole: Int64 { -1 }

  /// Keeps the signed parts of a list until every gateway it went to has answered. Within a transaction.
  func keep(_ payloads: [[UInt8]], of id: String, base: Int64?) throws(StoreError) {
    let insert = try statement("INSERT OR IGNORE INTO parcel(list, base, part, payload) VALUES(?, ?, ?, ?)")
    for (number, payload) in payloads.enumerated() {
      try insert.bind(1, id)
      try insert.bind(2, base ?? Self.whole)
      try insert.bind(3, Int64(number + 1))
      try insert.bind(4, payload)
      try insert.run()
    }
  }

  /// Forgets parts that nobody waits for any longer: all have answered, a newer list went out, or it was too long ago.
  /// Within a transaction.
  func forgetParcels(at now: Int64) throws(StoreError) {
    let forget = try statement(
      """
      DELETE FROM parcel WHERE NOT EXISTS (SELECT 1 FROM publication p
        WHERE p.id = parcel.list AND coalesce(p.base, \(Self.whole)) = parcel.base AND p.state IN ('sent', 'silent')
          AND p.sent_at >= ? AND p.version = (SELECT max(version) FROM publication WHERE gateway = p.gateway))
      """)
    try forget.bind(1, now - HQLimits.waitingMilliseconds)
    try forget.run()
  }

  /// The newest list that was sent to the gateway, where it did not answer and whoever sent it has given up.
  func waitingList(_ gateway: StoredGateway, at now: Int64) throws(StoreError) -> WaitingList? {
    guard let newest = try publications(of: gateway).max(by: { $0.version < $1.version }),
      newest.state == .silent
        || newest.state == .sent && newest.sentAt < now - HQLimits.publishingMilliseconds
    else { return nil }
    let count = try statement("SELECT count(*) FROM parcel WHERE list = ? AND base = ?")
    defer { count.reset() }
    try count.bind(1, newest.id)
    try count.bind(2, newest.base ?? Self.whole)
    guard try count.step(), count.integer(0) > 0 else { return nil }
    return WaitingList(id: newest.id, version: newest.version, base: newest.base, parts: count.integer(0))
  }

  /// One signed part, from 1; nil where it is kept no longer.
  func parcel(_ part: Int64, of list: WaitingList) throws(StoreError) -> [UInt8]? {
    let find = try statement("SELECT payload FROM parcel WHERE list = ? AND base = ? AND part = ?")
    defer { find.reset() }
    try find.bind(1, list.id)
    try find.bind(2, list.base ?? Self.whole)
    try find.bind(3, part)
    return try find.step() ? find.bytes(0) : nil
  }

  /// A gateway's reply to a list, whoever waited for it.
  ///
  /// - Returns: whether it was one that was waited for.
  func answer(
    _ id: String, of gateway: StoredGateway, error: String?, at now: Int64
  ) throws(StoreError) -> Bool {
    let isWaiting = try publications(of: gateway).contains {
      $0.id == id && ($0.state == .sent || $0.state == .silent)
    }
    guard isWaiting else { return false }
    try end(id, of: gateway, error == nil ? .applied : .refused, reason: error, at: now)
    return true
  }
}
