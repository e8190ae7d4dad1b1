import Journal
import Messages
import Platform

/// What one durable record costs the card, checkpoints included, against bare rows of the same bytes.
enum JournalBytes {
  /// Records in a commit, and commits measured: long enough for some checkpoints.
  private static let runs = [(group: 1, commits: 3_000), (group: 32, commits: 1_500)]
  /// The share of the bare rows' bytes that a record with its chain may take, by group.
  private static let allowed = [1: 1.0, 32: 0.6]

  static func measure() throws -> Figure {
    var ours: [(key: String, value: Double)] = []
    var bare: [(key: String, value: Double)] = []
    var worst = 0.0
    var size = 0
    for run in runs {
      let folder = try TemporaryDirectory(prefix: "gatehouse-bench")
      var number = 0
      let own = try written(run.commits * run.group) {
        let journal = try Journal.open(directory: folder.path, gateway: "bench", capacity: 10_000_000)
        for _ in 0..<run.commits {
          let drafts = (number..<number + run.group).map(JournalAppend.draft)
          size = try journal.append(drafts)[0].bytes.count
          number += run.group
        }
        // Letting it go writes what is in the write-ahead log into the database.
      }
      let bytes = [UInt8](repeating: 0x61, count: size)
      let raw = try written(run.commits * run.group) {
        let raw = try RawSQLite(path: "\(folder.path)/raw.db")
        for _ in 0..<run.commits { try raw.append(bytes, count: run.group) }
      }
      ours.append(("group \(run.group)", own))
      bare.append(("group \(run.group)", raw))
      worst = max(worst, own / raw / (allowed[run.group] ?? 1))
    }
    return Figure(
      name: "journal-bytes", unit: "bytes/record",
      subject: "bytes written for a durable record of \(size) bytes with its chain",
      ours: ours, baseline: "bare rows in SQLite, WAL, FULL", raw: bare,
      goal: .init(value: worst, limit: 1, name: "share of 1.0 at group 1 and 0.6 at 32"))
  }

  private static func written(_ records: Int, _ body: () throws -> Void) throws -> Double {
    let before = try counts()
    try body()
    let after = try counts()
    // A file system in memory writes nothing to a disk: then what was handed to the kernel.
    let disk = after.disk - before.disk
    return Double(disk > 0 ? disk : after.handed - before.handed) / Double(records)
  }

  /// `write_bytes` and `wchar` of this thread: dirtied pages of the disk, and bytes given to `write`.
  private static func counts() throws -> (disk: Int64, handed: Int64) {
    let text = String(decoding: try Files.read("/proc/thread-self/io", limit: 4_096), as: UTF8.self)
    func value(_ name: String) throws -> Int64 {
      let line = text.split(separator: "\n").first { $0.hasPrefix("\(name): ") }
      guard let line, let value = Int64(line.dropFirst(name.utf8.count + 2)) else {
        throw BenchFault("/proc/thread-self/io has no \(name)")
      }
      return value
    }
    return (try value("write_bytes"), try value("wchar"))
  }
}
