/// Stretches of seqs that were dropped unacknowledged, each with the hash of its last.
enum Holes {
  /// Adds one seq and joins it with its neighbours.
  static func add(_ link: ChainLink, in database: Database) throws(StoreError) {
    var first = link.seq
    var last = link
    let before = try database.prepare(
      "SELECT first, last FROM hole WHERE first < ? ORDER BY first DESC LIMIT 1")
    try before.bind(1, link.seq)
    if try before.step(), before.integer(1) == link.seq - 1 { first = before.integer(0) }
    before.reset()
    let after = try database.prepare("SELECT last, hash FROM hole WHERE first = ?")
    try after.bind(1, link.seq + 1)
    if try after.step() { last = ChainLink(seq: after.integer(0), hash: after.bytes(1)) }
    after.reset()
    try database.execute("DELETE FROM hole WHERE first = \(first) OR first = \(link.seq + 1)")
    try insert(first...last.seq, hash: last.hash, in: database)
  }

  static func insert(_ range: ClosedRange<Int64>, hash: [UInt8], in database: Database) throws(StoreError) {
    let insert = try database.prepare("INSERT INTO hole(first, last, hash) VALUES(?, ?, ?)")
    try insert.bind(1, range.lowerBound)
    try insert.bind(2, range.upperBound)
    try insert.bind(3, hash)
    try insert.run()
  }

  /// Seqs above `seq` that lie in holes.
  static func count(above seq: Int64, in database: Database) throws(StoreError) -> Int64 {
    try database.integer(
      "SELECT coalesce(sum(last - max(first, \(seq + 1)) + 1), 0) FROM hole WHERE last > \(seq)")
      ?? 0
  }
}
