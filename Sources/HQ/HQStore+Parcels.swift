import Journal
import Messages

/// A list that a gateway did not answer for, and may be sent once more.
struct WaitingList {
  var id: String
  var gateway: UplinkTopics
  var version: Int64
  var base: Int64?
  /// Parts in all.
  var parts: Int64
  /// SHA-256 of all parts' rows.
  var digest: [UInt8]
  /// 64 bytes for each part.
  var signatures: [UInt8]
}

/// The table `parcel` holds a list once for all its gateways: `part` 1 and up are its rows, 0 is their SHA-256, and minus
/// a gateway's id is that gateway's signatures. `base` is of no use any more.
extension HQStore {
  /// Keeps a list until every gateway it went to has answered. Within a transaction.
  func keep(_ list: ListPublication) throws(StoreError) {
    try keep(list.digest, of: list.id, at: 0)
    for (place, rows) in list.pieces.enumerated() {
      try keep(Array(rows.utf8), of: list.id, at: Int64(place + 1))
    }
  }

  /// Within a transaction.
  func keep(_ signatures: [UInt8], of id: String, for gateway: StoredGateway) throws(StoreError) {
    try keep(signatures, of: id, at: -gateway.id)
  }

  private func keep(_ payload: [UInt8], of id: String, at part: Int64) throws(StoreError) {
    let insert = try statement("INSERT OR IGNORE INTO parcel(list, base, part, payload) VALUES(?, 0, ?, ?)")
    try insert.bind(1, id)
    try insert.bind(2, part)
    try insert.bind(3, payload)
    try insert.run()
  }

  /// Forgets parts that nobody waits for any longer: all have answered, a newer list went out, or it was too long ago.
  /// Within a transaction.
  func forgetParcels(at now: Int64) throws(StoreError) {
    let forget = try statement(
      """
      DELETE FROM parcel WHERE NOT EXISTS (SELECT 1 FROM publication p
        WHERE p.id = parcel.list AND p.state IN ('sent', 'silent')
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
    let count = try statement("SELECT count(*) FROM parcel WHERE list = ? AND part > 0")
    defer { count.reset() }
    try count.bind(1, newest.id)
    // An older program kept its lists in another way, and signed them for nobody.
    guard try count.step(), count.integer(0) > 0, let digest = try parcel(0, of: newest.id),
      let signatures = try parcel(-gateway.id, of: newest.id),
      signatures.count == Int(count.integer(0)) * SignedList.signatureBytes
    else { return nil }
    return WaitingList(
      id: newest.id, gateway: gateway.topics, version: newest.version, base: newest.base,
      parts: count.integer(0), digest: digest, signatures: signatures)
  }

  /// One signed part, from 1; nil where it is kept no longer.
  func parcel(_ part: Int64, of list: WaitingList) throws(StoreError) -> [UInt8]? {
    guard (1...list.parts).contains(part), let rows = try parcel(part, of: list.id) else { return nil }
    return SignedList.payload(
      UplinkListPart(
        id: list.id, for: list.gateway, version: list.version, base: list.base, part: part, parts: list.parts,
        digest: list.digest, rows: String(decoding: rows, as: UTF8.self)), list.signatures)
  }

  private func parcel(_ part: Int64, of id: String) throws(StoreError) -> [UInt8]? {
    let find = try statement("SELECT payload FROM parcel WHERE list = ? AND part = ?")
    defer { find.reset() }
    try find.bind(1, id)
    try find.bind(2, part)
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
