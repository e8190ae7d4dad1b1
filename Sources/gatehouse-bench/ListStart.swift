import AccessPolicy
import CBaseline
import CSQLite
import Journal
import Platform
import Runtime

/// From a file to a list that decisions can ask, for a million credentials, against SQLite's rows read in plain C.
enum ListStart {
  static let entries = 1_000_000
  static let rounds = 3
  static let limit = 0.1

  static func measure() throws -> Figure {
    let folder = try TemporaryDirectory(prefix: "gatehouse-bench")
    let groups = DecisionSite.setting().groups
    try ListStore(directory: folder.path).save(StoredList(version: 1, rows: stored()))
    let loader = ListLoader(groups: groups, directory: folder.path)
    var rebuilt = UInt64.max
    var image = UInt64.max
    var raw = UInt64.max
    var bytes = 0
    // The first load makes the image; every way is measured with the files in the system's cache.
    guard try loader.load()?.isFromImage == false else { throw BenchFault("an image before the first load") }
    for _ in 0..<rounds {
      raw = min(raw, try readRaw("\(folder.path)/list.db"))
      image = min(
        image,
        try time {
          guard let loaded = try loader.load(), loaded.isFromImage, loaded.list.count == entries else {
            throw BenchFault("the image was not taken")
          }
          bytes = loaded.list.bytes
        })
    }
    rebuilt = min(
      rebuilt,
      try time {
        guard try loader.rebuild()?.list.count == entries else { throw BenchFault("rows are missing") }
      })
    return Figure(
      name: "list-start", unit: "ms",
      subject:
        "\(entries) credentials ready to be asked (processor time), \(bytes / 1_000_000) MB: from the flat image, and rebuilt "
        + "from list.db with its check and SHA-256",
      ours: [("image", Double(image) / 1e6), ("rebuilt", Double(rebuilt) / 1e6)],
      baseline: "the same rows of list.db read through sqlite3_step in C, every column touched",
      raw: [("image", Double(raw) / 1e6), ("rebuilt", Double(raw) / 1e6)],
      goal: .init(value: Double(image) / Double(raw), limit: limit, name: "image ratio"))
  }

  /// A plate as the store holds it.
  static func credential(_ number: Int) -> String {
    "plate:京\(Character(Unicode.Scalar(UInt8(65 + number % 8))))\(100_000 + number)"
  }

  /// Plates as they come, a holder each, in one of the site's groups.
  static func stored() -> [StoredListRow] {
    (0..<entries).map { number in
      StoredListRow(
        credential: credential(number), holder: "holder \(number)",
        groups: "group \(number % 3)")
    }
  }

  private static func readRaw(_ path: String) throws -> UInt64 {
    var connection: OpaquePointer?
    var statement: OpaquePointer?
    defer {
      unsafe sqlite3_finalize(statement)
      unsafe sqlite3_close(connection)
    }
    guard unsafe sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY, nil) == SQLITE_OK,
      unsafe sqlite3_prepare_v2(
        connection,
        "SELECT credential, holder, groups, valid_from, valid_until, uses, flags FROM row ORDER BY place", -1,
        &statement, nil) == SQLITE_OK
    else { throw BenchFault("cannot read \(path)") }
    var sum: UInt64 = 0
    let began = ThreadClock.now()
    let rows = unsafe gh_baseline_rows(UnsafeMutableRawPointer(statement), 7, &sum)
    let took = ThreadClock.now() - began
    guard rows == entries, sum > 0 else { throw BenchFault("\(rows) rows in \(path)") }
    return took
  }

  private static func time(_ body: () throws -> Void) throws -> UInt64 {
    let began = ThreadClock.now()
    try body()
    return ThreadClock.now() - began
  }
}
