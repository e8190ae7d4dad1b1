/// The journal's statements, prepared once.
struct JournalStatements {
  let insert: Statement
  let entered: Statement
  let left: Statement
  let used: Statement
  let occupied: Statement
  let forgotten: Statement
  let forgottenCount: Statement
  let remove: Statement

  init(_ database: Database) throws(StoreError) {
    insert = try database.prepare("INSERT INTO log(seq, type, digest, hash, record) VALUES(?, ?, ?, ?, ?)")
    entered = try database.prepare("INSERT OR REPLACE INTO presence(credential, area, at) VALUES(?, ?, ?)")
    left = try database.prepare("DELETE FROM presence WHERE credential = ?")
    used = try database.prepare("INSERT OR REPLACE INTO uses(credential, count) VALUES(?, ?)")
    occupied = try database.prepare("INSERT OR REPLACE INTO occupancy(area, count) VALUES(?, ?)")
    forgotten = try database.prepare("DELETE FROM presence WHERE area = ?")
    forgottenCount = try database.prepare("DELETE FROM occupancy WHERE area = ?")
    remove = try database.prepare("DELETE FROM log WHERE seq = ?")
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
