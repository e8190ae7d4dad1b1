import AccessPolicy
import CBaseline
import CSQLite
import Journal
import Platform
import Runtime

/// From a file to a list that decisions can ask, for a million credentials, against the same list as plain rows of
/// SQLite read in C.
enum ListStart {
  static let entries = 1_000_000
  static let rounds = 5

  /// From the flat image.
  static func measure() throws -> Figure {
    let bench = try ListBench()
    // The first load makes the image; every way is measured with the files in the system's cache.
    guard try bench.loader.load()?.isFromImage == false else {
      throw BenchFault("an image before the first load")
    }
    return try measure(
      bench, "list-start", key: "image", limit: 0.1, "from the flat image, checked"
    ) {
      guard let loaded = try bench.loader.load(), loaded.isFromImage else {
        throw BenchFault("the image was not taken")
      }
      return loaded.list
    }
  }

  /// From `list.db`, as where there is no image.
  static func measureRebuild() throws -> Figure {
    let bench = try ListBench()
    return try measure(
      bench, "list-rebuild", key: "rebuilt", limit: 1,
      "laid out from the blocks of list.db, SHA-256 over all of them"
    ) { try bench.loader.rebuild()?.list }
  }

  /// Processor time, the best of some rounds in turns.
  private static func measure(
    _ bench: ListBench, _ name: String, key: String, limit: Double, _ way: String,
    _ load: () throws -> ListSnapshot?
  ) throws -> Figure {
    var ours = UInt64.max
    var raw = UInt64.max
    var bytes = 0
    for _ in 0..<rounds {
      raw = min(raw, try bench.readRaw())
      let began = ThreadClock.now()
      let list = try load()
      ours = min(ours, ThreadClock.now() - began)
      guard let list, list.count == entries else { throw BenchFault("rows are missing") }
      bytes = list.bytes
    }
    return Figure(
      name: name, unit: "ms",
      subject: "\(entries) credentials ready to be asked, \(bytes / 1_000_000) MB, \(way) (processor time)",
      ours: [(key, Double(ours) / 1e6)],
      baseline:
        "the same list as plain rows in SQLite, a row each, stepped through in C, every column touched",
      raw: [(key, Double(raw) / 1e6)],
      goal: .init(value: Double(ours) / Double(raw), limit: limit, name: "ratio"))
  }
}

/// A million rows in `list.db`, and the same as plain rows.
final class ListBench: Sendable {
  let loader: ListLoader
  private let folder: TemporaryDirectory
  private let plainPath: String

  var directory: String { folder.path }

  init() throws {
    folder = try TemporaryDirectory(prefix: "gatehouse-bench")
    plainPath = "\(folder.path)/plain.db"
    loader = ListLoader(groups: DecisionSite.setting().groups, directory: folder.path)
    let list = StoredList(version: 1, rows: ListBench.rows())
    try ListStore(directory: folder.path).save(list)
    try ListBench.write(list.rows, plainPath)
  }

  /// A plate as the store holds it.
  static func credential(_ number: Int) -> String {
    "plate:京\(Character(Unicode.Scalar(UInt8(65 + number % 8))))\(100_000 + number)"
  }

  /// Plates as they come, a holder each, in one of the site's groups.
  static func rows() -> [StoredListRow] {
    (0..<ListStart.entries).map { number in
      StoredListRow(
        credential: credential(number), holder: "holder \(number)", groups: "group \(number % 3)")
    }
  }

  private static func write(_ rows: [StoredListRow], _ path: String) throws {
    let database = try Database(path: path, mode: .readWrite)
    try database.execute(
      """
      CREATE TABLE row(place INTEGER PRIMARY KEY, credential TEXT NOT NULL, holder TEXT NOT NULL,
        groups TEXT NOT NULL, valid_from INTEGER, valid_until INTEGER, uses INTEGER, flags TEXT NOT NULL);
      """)
    try database.transaction { () throws(StoreError) in
      let insert = try database.prepare("INSERT INTO row VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
      for (place, row) in rows.enumerated() {
        try insert.bind(1, Int64(place))
        try insert.bind(2, row.credential)
        try insert.bind(3, row.holder)
        try insert.bind(4, row.terms.groups)
        try insert.bind(5, row.terms.validFrom)
        try insert.bind(6, row.terms.validUntil)
        try insert.bind(7, row.terms.uses)
        try insert.bind(8, row.terms.flags)
        try insert.run()
      }
    }
  }

  /// The plain rows, every column touched, in nanoseconds of processor time.
  func readRaw() throws -> UInt64 {
    var connection: OpaquePointer?
    var statement: OpaquePointer?
    defer {
      unsafe sqlite3_finalize(statement)
      unsafe sqlite3_close(connection)
    }
    guard unsafe sqlite3_open_v2(plainPath, &connection, SQLITE_OPEN_READONLY, nil) == SQLITE_OK,
      unsafe sqlite3_prepare_v2(
        connection,
        "SELECT credential, holder, groups, valid_from, valid_until, uses, flags FROM row ORDER BY place", -1,
        &statement, nil) == SQLITE_OK
    else { throw BenchFault("cannot read \(plainPath)") }
    var sum: UInt64 = 0
    let began = ThreadClock.now()
    let rows = unsafe gh_baseline_rows(UnsafeMutableRawPointer(statement), 7, &sum)
    let took = ThreadClock.now() - began
    guard rows == ListStart.entries, sum > 0 else { throw BenchFault("\(rows) rows in \(plainPath)") }
    return took
  }
}
