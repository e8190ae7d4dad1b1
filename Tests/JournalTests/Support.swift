import Journal
import Messages
import Platform
import Testing

/// A directory with a journal in it.
struct JournalFixture {
  let place: TemporaryDirectory
  var directory: String { place.path }
  var path: String { "\(place.path)/gatehouse.db" }

  init() throws {
    place = try TemporaryDirectory(prefix: "journal")
  }

  func open(capacity: Int = 1_000, gateway: String = "gw-1") throws(StoreError) -> Journal {
    try Journal.open(directory: directory, gateway: gateway, capacity: capacity)
  }

  func reader() throws -> JournalReader { try JournalReader(path: path) }

  /// Opens the file with no regard for who writes it.
  func meddle(_ sql: String) throws {
    let database = try Database(path: path, mode: .readWrite)
    try database.execute(sql)
  }
}

func draft(_ number: Int, _ type: LogRecord.Kind = .access) -> LogRecord {
  LogRecord(
    at: Timestamp(milliseconds: 1_795_334_400_000 + Int64(number)), clock: .synced, monotonic: UInt64(number),
    type: type, point: "lane1", reader: "lane1.camera", side: .in, credential: "plate:京A\(number)",
    decision: .grant,
    reason: "granted", list: 42, detail: ["number": .integer(Int64(number))])
}

func drafts(_ range: Range<Int>, _ type: LogRecord.Kind = .access) -> [LogRecord] {
  range.map { draft($0, type) }
}

/// Wyrand: small, and the same everywhere for the same seed.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0xA076_1D64_78BD_642F
    let product = state.multipliedFullWidth(by: state ^ 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
  }
}
