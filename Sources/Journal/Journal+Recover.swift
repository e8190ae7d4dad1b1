import Messages
import Platform

/// What could still be read of a database that is being set aside.
private struct Salvage {
  var last = ChainLink.origin
  var acked = ChainLink.origin
  var boot: Int64 = 0
  var passage = PassageState()

  /// Takes what can be taken; each part may fail by itself.
  init(_ path: String) {
    guard let database = try? Database(path: path, mode: .readOnly) else { return }
    if let link = try? Journal.newest(database) { last = link }
    if let link = try? Meta.link(.acknowledged, in: database) { acked = link }
    if let link = try? Meta.link(.boot, in: database) { boot = link.seq }
    if let state = try? PassageTables.read(database) { passage = state }
  }
}

extension Journal {
  /// Sets the lost database aside and begins a new one above every seq that may have been given.
  static func recover(
    _ directory: String, _ gateway: String, _ known: SequenceFile?, _ before: JournalBefore, why: String
  ) throws(StoreError) -> OpenedStore {
    let path = databasePath(in: directory)
    // Cut off in the middle of a recovery, the file lies aside already.
    let salvage = Salvage(Files.exists(path) || known?.damaged != true ? path : newestAside(path) ?? path)
    let acked = [salvage.acked, known?.acknowledged ?? .origin].max { $0.seq < $1.seq } ?? .origin
    let through = max(salvage.last.seq, known?.ceiling ?? 0, acked.seq, before.last)
    let boot = before.boot ?? max(salvage.boot, known?.boot ?? 0) + 1
    // The seqs are safe before the old file moves: a crash between the two finds the database gone and comes here again.
    var sequences = SequenceFile(ceiling: through, boot: boot, acknowledged: acked, damaged: false)
    sequences.damaged = Files.exists(path)
    try sequences.write(in: directory)
    let aside = try setAside(path)

    let database = try Database(path: path, mode: .readWrite)
    database.keepWriteAheadLog(true)
    try Schema.prepare(database)
    // A chain whose last hash was saved goes on from it; otherwise from zero, and the hole before it says so.
    let base = ChainLink(seq: through, hash: salvage.last.seq == 0 ? Digest.zero : salvage.last.hash)
    let gap = gapRecord(gateway, boot, acked.seq + 1, through, why, aside)
    let last = try database.transaction { () throws(StoreError) in
      try begin(database, gateway, boot, acked, base, salvage.passage, gap)
    }
    sequences = SequenceFile(ceiling: last.seq + JournalLimits.reserve, boot: boot, acknowledged: acked)
    try sequences.write(in: directory)
    return OpenedStore(
      database: database, sequences: sequences, last: last, anchor: acked, acked: acked, kept: 1,
      opening: .recovered(setAside: aside, why: why, through: through))
  }

  private static func gapRecord(
    _ gateway: String, _ boot: Int64, _ first: Int64, _ last: Int64, _ why: String, _ aside: String?
  ) -> LogRecord {
    LogRecord(
      gateway: gateway, boot: boot, at: Timestamp(milliseconds: WallClock.milliseconds()),
      clock: WallClock.isSynchronised() ? .synced : .untrusted, monotonic: MonotonicClock.now(), type: .gap,
      reason: "journal-lost",
      detail: [
        "first": .integer(first), "last": .integer(last), "count": .integer(max(0, last - first + 1)),
        "why": .string(why), "set_aside": aside.map { .string($0) } ?? .null,
      ])
  }

  /// Fills the new database: what HQ has, the hole after it, who is where, and the gap record.
  private static func begin(
    _ database: Database, _ gateway: String, _ boot: Int64, _ acked: ChainLink, _ base: ChainLink,
    _ passage: PassageState, _ gap: LogRecord
  ) throws(StoreError) -> ChainLink {
    try Meta.set(.gateway, 0, Array(gateway.utf8), in: database)
    try Meta.set(.boot, boot, Digest.zero, in: database)
    try Meta.set(.acknowledged, acked, in: database)
    try Meta.set(.anchor, acked, in: database)
    let before = base.seq > acked.seq ? base : acked
    if base.seq > acked.seq { try Holes.insert(acked.seq + 1...base.seq, hash: base.hash, in: database) }
    let statements = try JournalStatements(database)
    for presence in passage.presences {
      try statements.apply(.entered(credential: presence.credential, area: presence.area, at: presence.at))
    }
    for (credential, count) in passage.uses {
      try statements.apply(.used(credential: credential, count: count))
    }
    for (area, count) in passage.occupancy { try statements.apply(.occupied(area: area, count: count)) }
    return try insertGap(gap, after: before, statements)
  }

  /// Keeps what is there, and goes on above every seq that may have been given: a hole, and a gap record after it.
  static func skip(
    _ database: Database, _ gateway: String, _ boot: Int64, _ last: ChainLink, _ through: Int64, _ why: String
  ) throws(StoreError) -> ChainLink {
    guard through > last.seq else { return last }
    let gap = gapRecord(gateway, boot, last.seq + 1, through, why, nil)
    return try database.transaction { () throws(StoreError) in
      try Holes.insert(last.seq + 1...through, hash: last.hash, in: database)
      return try insertGap(gap, after: ChainLink(seq: through, hash: last.hash), JournalStatements(database))
    }
  }

  private static func insertGap(
    _ gap: LogRecord, after before: ChainLink, _ statements: JournalStatements
  ) throws(StoreError) -> ChainLink {
    let seq = before.seq + 1
    let bytes = gap.encoded(seq: seq)
    let link = ChainLink(seq: seq, hash: Digest.chained(before.hash, Digest.of(bytes)))
    try statements.insert(gap, seq: seq, bytes: bytes, hash: link.hash)
    return link
  }

  private static func newestAside(_ path: String) -> String? {
    var number = 1
    while Files.exists("\(path).damaged-\(number)") { number += 1 }
    return number > 1 ? "\(path).damaged-\(number - 1)" : nil
  }

  /// Renames the database with its write-ahead log; the name is the next that is free.
  private static func setAside(_ path: String) throws(StoreError) -> String? {
    guard Files.exists(path) else {
      // A log without its database must not be taken for the new one's.
      for suffix in ["-wal", "-shm"] { Files.remove(path + suffix) }
      return nil
    }
    var number = 1
    while Files.exists("\(path).damaged-\(number)") { number += 1 }
    let aside = "\(path).damaged-\(number)"
    do throws(SystemError) {
      for suffix in ["-wal", "-shm", ""] where Files.exists(path + suffix) {
        try Files.move(path + suffix, to: aside + suffix)
      }
    } catch {
      throw StoreError(error, during: "set aside \(path)")
    }
    return aside
  }
}
