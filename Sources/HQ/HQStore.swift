public import Journal
import Messages

/// HQ's store: the records of every gateway, once, in order, with their chain.
///
/// One thread writes; others open it for reading.
public final class HQStore {
  let database: Database

  /// `PRAGMA application_id`: "GhH1".
  private static var application: Int64 { 0x4768_4831 }

  /// - Throws: ``StoreError``; `damaged` where the file is something else.
  public init(path: String, mode: Database.Mode = .readWrite) throws(StoreError) {
    database = try Database(path: path, mode: mode)
    if mode == .readWrite {
      try database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
      if try database.integer("SELECT count(*) FROM sqlite_schema") == 0 { try create() }
    }
    guard try database.integer("PRAGMA application_id") == Self.application else {
      throw StoreError(kind: .damaged, text: "not a store of gatehouse-hq", during: "open \(path)")
    }
  }

  private func create() throws(StoreError) {
    try database.transaction { () throws(StoreError) in
      try database.execute(
        """
        CREATE TABLE gateway(id INTEGER PRIMARY KEY, site TEXT NOT NULL, name TEXT NOT NULL, boot INTEGER NOT NULL,
          list INTEGER NOT NULL, challenge TEXT NOT NULL, through INTEGER NOT NULL, hash BLOB NOT NULL,
          seen_at INTEGER NOT NULL, connected INTEGER NOT NULL, fault TEXT, UNIQUE(site, name));
        CREATE TABLE record(gateway INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, record BLOB NOT NULL,
          PRIMARY KEY(gateway, seq)) WITHOUT ROWID;
        CREATE TABLE gap(gateway INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, hash BLOB NOT NULL,
          PRIMARY KEY(gateway, first)) WITHOUT ROWID;
        PRAGMA application_id = \(Self.application);
        """)
    }
  }

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
    let rows = try database.prepare(
      "SELECT id, site, name, boot, list, challenge, through, hash, seen_at, connected, fault FROM gateway \(clause)"
    )
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
      gateways.append(gateway)
    }
    return gateways
  }

  func save(_ gateway: StoredGateway) throws(StoreError) {
    let update = try database.prepare(
      """
      UPDATE gateway SET boot = ?, list = ?, challenge = ?, through = ?, hash = ?, seen_at = ?, connected = ?, fault = ?
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
    try update.bind(9, gateway.id)
    try update.run()
  }

  /// The gateway, made known where it was not.
  func known(site: String, name: String) throws(StoreError) -> StoredGateway {
    if let gateway = try gateway(site: site, name: name) { return gateway }
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

  /// Records after a seq, in order.
  public func records(of gateway: StoredGateway, after seq: Int64, limit: Int) throws(StoreError)
    -> [StoredRecord]
  {
    let rows = try database.prepare(
      "SELECT seq, record, hash FROM record WHERE gateway = ? AND seq > ? ORDER BY seq LIMIT ?")
    try rows.bind(1, gateway.id)
    try rows.bind(2, seq)
    try rows.bind(3, Int64(max(0, limit)))
    var records: [StoredRecord] = []
    while try rows.step() {
      records.append(StoredRecord(seq: rows.integer(0), bytes: rows.bytes(1), hash: rows.bytes(2)))
    }
    return records
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
