public import Journal
public import Messages

extension HQStore {
  /// Every gateway that ever spoke.
  public func gateways() throws(StoreError) -> [StoredGateway] {
    try read("ORDER BY site, name") { (_) throws(StoreError) in }
  }

  /// The gateway of that site, nil where it never spoke.
  public func gateway(site: String, name: String) throws(StoreError) -> StoredGateway? {
    try read("WHERE site = ? AND name = ?") { (statement) throws(StoreError) in
      try statement.bind(1, site)
      try statement.bind(2, name)
    }.first
  }

  /// Gateways by `GATEWAY` or `SITE/GATEWAY`: more than one where two sites use one name.
  public func gateways(named text: String) throws(StoreError) -> [StoredGateway] {
    let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
    if parts.count == 2 { return try gateway(site: parts[0], name: parts[1]).map { [$0] } ?? [] }
    return try gateways().filter { $0.name == text }
  }

  private func read(
    _ clause: String, _ bind: (Statement) throws(StoreError) -> Void
  ) throws(StoreError) -> [StoredGateway] {
    let rows = try statement(
      """
      SELECT id, site, name, boot, list, challenge, through, hash, seen_at, connected, fault, last, complete_at,
        said_last
      FROM gateway \(clause)
      """)
    defer { rows.reset() }
    try bind(rows)
    var gateways: [StoredGateway] = []
    while try rows.step() {
      var gateway = StoredGateway(id: rows.integer(0), site: rows.text(1), name: rows.text(2))
      gateway.boot = rows.integer(3)
      gateway.list = rows.integer(4)
      gateway.challenge = rows.text(5)
      gateway.through = ChainLink(seq: rows.integer(6), hash: rows.bytes(7))
      gateway.seenAt = rows.integer(8)
      gateway.isConnected = rows.integer(9) != 0
      gateway.fault = rows.isNull(10) ? nil : rows.text(10)
      gateway.last = rows.integer(11)
      gateway.completeAt = rows.integer(12)
      gateway.saidLast = rows.integer(13)
      gateways.append(gateway)
    }
    return gateways
  }

  /// Within a transaction.
  func save(_ gateway: StoredGateway) throws(StoreError) {
    let update = try statement(
      """
      UPDATE gateway SET boot = ?, list = ?, challenge = ?, through = ?, hash = ?, seen_at = ?, connected = ?,
        fault = ?, last = ?, complete_at = ?, said_last = ?
      WHERE id = ?
      """)
    try update.bind(1, gateway.boot)
    try update.bind(2, gateway.list)
    try update.bind(3, gateway.challenge)
    try update.bind(4, gateway.through.seq)
    try update.bind(5, gateway.through.hash)
    try update.bind(6, gateway.seenAt)
    try update.bind(7, gateway.isConnected ? 1 : 0)
    try update.bind(8, gateway.fault)
    try update.bind(9, gateway.last)
    try update.bind(10, gateway.completeAt)
    try update.bind(11, gateway.saidLast)
    try update.bind(12, gateway.id)
    try update.run()
  }

  /// The gateway, made known where it was not. Within a transaction.
  ///
  /// - Throws: ``StoreError`` of kind `refused` where HQ knows as many as it can.
  func known(site: String, name: String) throws(StoreError) -> StoredGateway {
    if let gateway = try gateway(site: site, name: name) { return gateway }
    guard try database.integer("SELECT count(*) FROM gateway") ?? 0 < HQLimits.gateways else {
      throw StoreError(
        kind: .refused, text: "more than \(HQLimits.gateways) gateways: check who may publish at the broker",
        during: "make \(site)/\(name) known")
    }
    let insert = try database.prepare(
      "INSERT INTO gateway(site, name, boot, list, challenge, through, hash, seen_at, connected) "
        + "VALUES(?, ?, 0, 0, '', 0, zeroblob(32), 0, 0)")
    try insert.bind(1, site)
    try insert.bind(2, name)
    try insert.run()
    guard let made = try gateway(site: site, name: name) else {
      throw StoreError(
        kind: .other, text: "a gateway just stored is not there", during: "write \(database.path)")
    }
    return made
  }

  /// Takes down what a gateway says of itself when it connects.
  ///
  /// Its log must not end before what HQ has acknowledged, nor before what it said itself the last time, and its count
  /// of starts must not go back. Another collector may have taken what was said after this birth: one that ends too
  /// early is doubted, and believed when the next, which was asked for, ends before the same seq.
  ///
  /// - Parameter asked: where the birth before was doubted, the seq that its log had to reach.
  /// - Returns: the gateway, the alarms that were not open before, and, where this birth is doubted, the seq that its log
  ///   had to reach: ask for another.
  public func take(
    _ birth: UplinkBirth, site: String, name: String, asked: Int64? = nil, at now: Int64
  ) throws(StoreError) -> (gateway: StoredGateway, raised: [Alarm], doubted: Int64?) {
    try write { () throws(StoreError) in
      var gateway = try known(site: site, name: name)
      var raised: [Alarm] = []
      func alarm(_ kind: Alarm.Kind, _ text: String) throws(StoreError) {
        let (alarm, isNew) = try insertAlarm(kind, text, gateway, now)
        if isNew { raised.append(alarm) }
      }
      if birth.boot < gateway.boot {
        try alarm(.gatewayRestored, "it says start \(birth.boot) and had said start \(gateway.boot)")
      }
      let last = min(birth.last, HQLimits.sequence)
      let known = max(gateway.through.seq, gateway.saidLast)
      let isBehind = last < min(known, asked ?? known)
      let doubted = last < known && asked == nil ? known : nil
      if isBehind, asked != nil {
        if last < gateway.through.seq {
          try alarm(.logCut, "its log ends at seq \(last), and HQ has seq \(gateway.through.seq) of it")
        } else {
          try alarm(.gatewayRestored, "its log ends at seq \(last), and it had said seq \(gateway.saidLast)")
        }
      }
      gateway.boot = birth.boot
      gateway.list = birth.list
      gateway.challenge = birth.challenge
      gateway.seenAt = now
      gateway.isConnected = true
      if doubted == nil { gateway.said(last: last, at: now) }
      try save(gateway)
      return (gateway, raised, doubted)
    }
  }

  /// The gateway has gone.
  public func takeDeath(site: String, name: String) throws(StoreError) {
    guard try gateway(site: site, name: name) != nil else { return }
    try write { () throws(StoreError) in
      guard var gateway = try gateway(site: site, name: name) else { return }
      gateway.isConnected = false
      try save(gateway)
    }
  }

  /// Takes down who was heard since, in one transaction.
  func touch(_ heard: [(id: Int64, newest: Int64, at: Int64)]) throws(StoreError) {
    guard !heard.isEmpty else { return }
    try write { () throws(StoreError) in
      for entry in heard {
        guard
          var gateway = try read("WHERE id = ?", { (rows) throws(StoreError) in try rows.bind(1, entry.id) })
            .first
        else { continue }
        gateway.seenAt = max(gateway.seenAt, entry.at)
        gateway.heard(newest: entry.newest, at: entry.at)
        try save(gateway)
      }
    }
  }

  /// Puts a gateway's log aside under a name that no gateway can have, so that a new box may begin at seq 1.
  ///
  /// - Returns: the name under which the log stays.
  public func retire(_ gateway: StoredGateway, at now: Int64) throws(StoreError) -> String {
    let name = "\(gateway.name)\(StoredGateway.retirement)\(Timestamp(milliseconds: now))"
    try write { () throws(StoreError) in
      let update = try database.prepare("UPDATE gateway SET name = ?, connected = 0 WHERE id = ?")
      try update.bind(1, name)
      try update.bind(2, gateway.id)
      try update.run()
    }
    return name
  }
}
