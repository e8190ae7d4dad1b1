import Journal
import Messages
import Platform

/// Records a second through the journal (encoded, hashed, chained, durable) against bare rows of the same bytes.
enum JournalAppend {
  static let groups = [1, 32]
  static let slices = 6
  static let slice: UInt64 = 400_000_000

  static func measure() throws -> Figure {
    let folder = try TemporaryDirectory(prefix: "gatehouse-bench")
    let journal = try Journal.open(directory: folder.path, gateway: "bench", capacity: 10_000_000)
    let raw = try RawSQLite(path: "\(folder.path)/raw.db")
    let bytes = try journal.append([draft(0)])[0].bytes
    var ours: [(key: String, value: Double)] = []
    var bare: [(key: String, value: Double)] = []
    for group in groups {
      let drafts = (0..<group).map(draft)
      var counts = (ours: 0, raw: 0)
      for _ in 0..<slices {
        counts.ours += try rounds { _ = try journal.append(drafts) } * group
        counts.raw += try rounds { try raw.append(bytes, count: group) } * group
      }
      let seconds = Double(slices) * Double(slice) / 1e9
      ours.append(("group \(group)", Double(counts.ours) / seconds))
      bare.append(("group \(group)", Double(counts.raw) / seconds))
    }
    return Figure(
      name: "journal-append", unit: "records/s",
      subject: "durable records of \(bytes.count) bytes with their chain",
      ours: ours, baseline: "bare rows in SQLite, WAL, FULL", raw: bare, goal: nil)
  }

  private static func rounds(_ body: () throws -> Void) rethrows -> Int {
    let deadline = MonotonicClock.now() + slice
    var count = 0
    while MonotonicClock.now() < deadline {
      try body()
      count += 1
    }
    return count
  }

  static func draft(_ number: Int) -> LogRecord {
    LogRecord(
      at: Timestamp(milliseconds: 1_790_000_000_000 + Int64(number)), clock: .synced,
      monotonic: UInt64(number),
      type: .access, point: "lane1", reader: "lane1.camera", side: .in, credential: "plate:BGH417",
      decision: .grant, reason: "granted", list: 42, passage: "p-7-\(number)")
  }
}
