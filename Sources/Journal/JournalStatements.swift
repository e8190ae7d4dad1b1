import Messages

/// The journal's statements, prepared once.
struct JournalStatements {
  private let insert: Statement
  let entered: Statement
  let left: Statement
  let used: Statement
  let unused: Statement
  let occupied: Statement
  let forgotten: Statement
  let forgottenCount: Statement
  let remove: Statement
  /// Bytes of the pages that hold something.
  private let bytesInUse: Statement

  init(_ database: Database) throws(StoreError) {
    insert = try database.prepare(
      "INSERT INTO log(seq, type, at, digest, hash, record) VALUES(?, ?, ?, ?, ?, ?)")
    entered = try database.prepare("INSERT OR REPLACE INTO presence(credential, area, at) VALUES(?, ?, ?)")
    left = try database.prepare("DELETE FROM presence WHERE credential = ?")
    used = try database.prepare("INSERT OR REPLACE INTO uses(credential, count) VALUES(?, ?)")
    unused = try database.prepare("DELETE FROM uses WHERE credential = ?")
    occupied = try database.prepare("INSERT OR REPLACE INTO occupancy(area, count) VALUES(?, ?)")
    forgotten = try database.prepare("DELETE FROM presence WHERE area = ?")
    forgottenCount = try database.prepare("DELETE FROM occupancy WHERE area = ?")
    remove = try database.prepare("DELETE FROM log WHERE seq = ?")
    bytesInUse = try database.prepare(
      """
      SELECT (page_count - freelist_count) * page_size
      FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()
      """)
  }

  func usedBytes() throws(StoreError) -> Int64 {
    guard try bytesInUse.step() else { return 0 }
    defer { bytesInUse.reset() }
    return bytesInUse.integer(0)
  }

  /// The time stands beside a record only where the clock could be believed: it decides what is old. The digest stands
  /// there only when the record does no longer.
  func insert(_ record: LogRecord, seq: Int64, bytes: [UInt8], hash: [UInt8]) throws(StoreError) {
    try insert.bind(1, seq)
    try insert.bind(2, RecordClass(record).rawValue)
    try insert.bind(3, record.clock == .untrusted ? nil : record.at.milliseconds)
    try insert.bind(4, [])
    try insert.bind(5, hash)
    try insert.bind(6, RecordPacking.packed(bytes))
    try insert.run()
  }

  func apply(_ change: PassageChange) throws(StoreError) {
    switch change {
    case .entered(let credential, let area, let at):
      try entered.bind(1, credential)
      try entered.bind(2, area)
      try entered.bind(3, at)
      try entered.run()
    case .left(let credential):
      try left.bind(1, credential)
      try left.run()
    case .used(let credential, 0):
      try unused.bind(1, credential)
      try unused.run()
    case .used(let credential, let count):
      try used.bind(1, credential)
      try used.bind(2, count)
      try used.run()
    case .occupied(let area, let count):
      try occupied.bind(1, area)
      try occupied.bind(2, count)
      try occupied.run()
    case .forgotten(let area):
      try forgotten.bind(1, area)
      try forgotten.run()
      try forgottenCount.bind(1, area)
      try forgottenCount.run()
    }
  }
}

/// Reads the tables of who is where.
enum PassageTables {
  static func read(_ database: Database) throws(StoreError) -> PassageState {
    var state = PassageState()
    let presences = try database.prepare("SELECT credential, area, at FROM presence")
    while try presences.step() {
      state.presences.append(
        .init(credential: presences.text(0), area: presences.text(1), at: presences.integer(2)))
    }
    let uses = try database.prepare("SELECT credential, count FROM uses")
    while try uses.step() { state.uses[uses.text(0)] = uses.integer(1) }
    let occupancy = try database.prepare("SELECT area, count FROM occupancy")
    while try occupancy.step() { state.occupancy[occupancy.text(0)] = occupancy.integer(1) }
    return state
  }
}
