public import Journal
import Messages

/// A list that was sent to one gateway.
public struct StoredPublication: Sendable, Equatable {
  public enum State: String, Sendable {
    /// On its way, or `gatehouse-hq` was ended before the gateway replied.
    case sent
    /// The gateway said that it is in force.
    case applied
    case refused
    /// The gateway did not reply in time; it may have it.
    case silent
  }

  public var id: String
  public var version: Int64
  /// The version that it changed; nil: it was the whole list.
  public var base: Int64?
  /// SHA-256 of the whole list's CSV, also where only changes were sent.
  public var digest: [UInt8]
  /// Milliseconds since 1970.
  public var sentAt: Int64
  public var state: State
  public var reason: String?
  public var endedAt: Int64?
}

extension HQStore {
  /// Takes down that a list goes to these gateways, before it does; and forgets the oldest of each gateway.
  ///
  /// - Parameter list: what they are sent, signed for each of them.
  func begin(
    _ publications: [(gateway: StoredGateway, what: StoredPublication, signatures: [UInt8])],
    _ list: ListPublication
  ) throws(StoreError) {
    try write { () throws(StoreError) in
      try keep(list)
      let insert = try database.prepare(
        """
        INSERT INTO publication(id, gateway, version, base, digest, sent_at, state) VALUES(?, ?, ?, ?, ?, ?, ?)
        """)
      let forget = try database.prepare(
        """
        DELETE FROM publication WHERE gateway = ?1 AND state <> 'applied' AND sent_at < ?2
        """)
      for entry in publications {
        try keep(entry.signatures, of: list.id, for: entry.gateway)
        try insert.bind(1, entry.what.id)
        try insert.bind(2, entry.gateway.id)
        try insert.bind(3, entry.what.version)
        try insert.bind(4, entry.what.base)
        try insert.bind(5, entry.what.digest)
        try insert.bind(6, entry.what.sentAt)
        try insert.bind(7, entry.what.state.rawValue)
        try insert.run()
        try forget.bind(1, entry.gateway.id)
        try forget.bind(2, entry.what.sentAt - HQLimits.publicationMilliseconds)
        try forget.run()
      }
      if let now = publications.first?.what.sentAt { try forgetParcels(at: now) }
    }
  }

  func end(
    _ id: String, of gateway: StoredGateway, _ state: StoredPublication.State, reason: String?, at now: Int64
  ) throws(StoreError) {
    try write { () throws(StoreError) in
      let update = try database.prepare(
        "UPDATE publication SET state = ?, reason = ?, ended_at = ? WHERE gateway = ? AND id = ?")
      try update.bind(1, state.rawValue)
      try update.bind(2, reason.map { PlainText.of(String($0.prefix(HQLimits.alarmCharacters))) })
      try update.bind(3, now)
      try update.bind(4, gateway.id)
      try update.bind(5, id)
      try update.run()
      try forgetParcels(at: now)
    }
  }

  /// The newest first.
  public func publications(of gateway: StoredGateway) throws(StoreError) -> [StoredPublication] {
    let rows = try database.prepare(
      """
      SELECT id, version, base, digest, sent_at, state, reason, ended_at FROM publication
      WHERE gateway = ? ORDER BY sent_at DESC, version DESC
      """)
    try rows.bind(1, gateway.id)
    var publications: [StoredPublication] = []
    while try rows.step() {
      publications.append(
        StoredPublication(
          id: rows.text(0), version: rows.integer(1), base: rows.optionalInteger(2), digest: rows.bytes(3),
          sentAt: rows.integer(4), state: .init(rawValue: rows.text(5)) ?? .sent,
          reason: rows.isNull(6) ? nil : rows.text(6), endedAt: rows.optionalInteger(7)))
    }
    return publications
  }

  /// The version after what the gateway says is in force there and what went to it from here. Each gateway is numbered by
  /// itself: what one says must not move the others.
  func nextVersion(_ gateway: StoredGateway) throws(StoreError) -> Int64 {
    let sent = try publications(of: gateway)
      .filter { $0.state != .refused && $0.version <= MessageLimits.listVersion }.map(\.version)
    return min(max(gateway.list, sent.max() ?? 0), MessageLimits.listVersion) + 1
  }

  /// The SHA-256 of the list that a gateway has in force; nil where HQ did not put it there.
  func listInForce(_ gateway: StoredGateway) throws(StoreError) -> [UInt8]? {
    try publications(of: gateway).first { $0.state == .applied && $0.version == gateway.list }?.digest
  }
}
