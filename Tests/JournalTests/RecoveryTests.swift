import Glibc
@testable import Journal
import Messages
import Platform
import Testing

@Suite struct RecoveryTests {
  /// Fills a journal with 30 records, HQ has 10 of them.
  private func filled() throws -> (fixture: JournalFixture, acked: ChainLink, last: Int64) {
    let fixture = try JournalFixture()
    let journal = try fixture.open()
    let written = try journal.append(drafts(0..<30), passage: [.used(credential: "plate:A", count: 3)])
    try journal.acknowledge(through: 10, hash: written[9].hash)
    _ = try journal.append(drafts(30..<31))
    return (fixture, ChainLink(seq: 10, hash: written[9].hash), 31)
  }

  private func expectRecovered(_ journal: Journal, _ fixture: JournalFixture, above last: Int64) throws {
    guard case .recovered(_, _, let through) = journal.opening else {
      Issue.record("\(journal.opening)")
      return
    }
    #expect(through >= last)
    #expect(journal.lastSequence == through + 1)
    let first = try journal.read(after: 0, limit: 1)[0]
    guard case .record(through + 1, let gap) = try LogRecord.parse(first.bytes) else {
      Issue.record("no gap record")
      return
    }
    #expect(gap.type == .gap)
    #expect(gap.reason == "journal-lost")
    #expect(gap.detail["last"]?.integerValue == through)
    #expect(try journal.append(drafts(0..<2)).map(\.seq) == [through + 2, through + 3])
    #expect(try fixture.reader().verify() == .intact(records: 3))
    #expect(
      try fixture.reader().stretch(after: journal.acked.seq, limit: 9)?.gap == journal.acked.seq + 1...through
    )
  }

  @Test(arguments: ["header", "all", "empty", "nothing", "middle"])
  func aDamagedFileIsSetAsideAndSeqsGoOn(damage: String) throws {
    let (fixture, _, last) = try filled()
    var bytes = try Files.read(fixture.path, limit: 1 << 24)
    switch damage {
    case "header": bytes.replaceSubrange(0..<100, with: repeatElement(0x55, count: 100))
    case "all": for place in bytes.indices { bytes[place] = UInt8(truncatingIfNeeded: place &* 31) }
    case "empty": bytes = Array("short".utf8)
    case "nothing": bytes = []
    default: for place in 4_096..<bytes.count { bytes[place] = 0xEE }
    }
    try Files.write(bytes, to: fixture.path)
    let journal = try fixture.open()
    try expectRecovered(journal, fixture, above: last)
    #expect(try Files.read("\(fixture.path).damaged-1", limit: 1 << 24) == bytes)
    #expect(journal.boot == 2)
  }

  @Test func aDatabaseThatIsGoneIsALoss() throws {
    let (fixture, _, last) = try filled()
    Files.remove(fixture.path)
    try expectRecovered(try fixture.open(), fixture, above: last)
  }

  @Test func aCopyPutBackIsALoss() throws {
    let (fixture, _, _) = try filled()
    let copy = try Files.read(fixture.path, limit: 1 << 24)
    do {
      let journal = try fixture.open(capacity: 100_000)
      for round in 0..<5 { _ = try journal.append(drafts(round * 4_096..<round * 4_096 + 4_096)) }
    }
    try Files.write(copy, to: fixture.path)
    try expectSkipped(try fixture.open(), fixture, from: 31, above: 31 + 5 * 4_096)
  }

  @Test func aSmallOlderCopyIsALossToo() throws {
    let (fixture, _, _) = try filled()
    let copy = try Files.read(fixture.path, limit: 1 << 24)
    do { _ = try fixture.open().append(drafts(0..<5)) }
    try Files.write(copy, to: fixture.path)
    try expectSkipped(try fixture.open(), fixture, from: 31, above: 36)
  }

  /// A crash leaves the write-ahead log behind; one that somebody removed took records with it.
  @Test func aWriteAheadLogThatIsGoneIsALoss() async throws {
    let fixture = try JournalFixture()
    let directory = fixture.directory
    await #expect(processExitsWith: .signal(SIGKILL)) { [directory = directory as String] in
      let journal = try Journal.open(directory: directory, gateway: "gw-1", capacity: 1_000)
      _ = try journal.append(drafts(0..<10))
      try journal.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
      _ = try journal.append(drafts(10..<20))
      kill(getpid(), SIGKILL)
    }
    #expect(Files.exists("\(fixture.path)-wal"))
    Files.remove("\(fixture.path)-wal")
    try expectSkipped(try fixture.open(), fixture, from: 10, above: 20)
  }

  /// What was there is kept, a hole follows, and seqs go on above it.
  private func expectSkipped(
    _ journal: Journal, _ fixture: JournalFixture, from kept: Int64, above last: Int64
  ) throws {
    guard case .recovered(nil, _, let through) = journal.opening else {
      Issue.record("\(journal.opening)")
      return
    }
    #expect(through >= last)
    #expect(try journal.append(drafts(0..<1)).map(\.seq) == [through + 2])
    #expect(try journal.read(after: 0, limit: 100_000).count == Int(kept) + 2)
    #expect(try fixture.reader().verify() == .intact(records: kept + 2))
    #expect(try fixture.reader().stretch(after: kept, limit: 9)?.gap == kept + 1...through)
  }

  @Test func whatCanBeReadIsTaken() throws {
    let (fixture, acked, _) = try filled()
    // A flag in the seq file says that SQLite met damage; the file itself can still be read.
    let side = "\(fixture.directory)/gatehouse.seq"
    let text = String(decoding: try Files.read(side), as: UTF8.self)
    try Files.write(Array(text.replacing("\"damaged\":false", with: "\"damaged\":true").utf8), to: side)
    let journal = try fixture.open()
    guard case .recovered(let aside?, let why, _) = journal.opening else {
      Issue.record("\(journal.opening)")
      return
    }
    #expect(aside == "\(fixture.path).damaged-1")
    #expect(why.contains("damaged"))
    #expect(journal.acked == acked)
    #expect(try journal.passageState().uses == ["plate:A": 3])
    let records = try JournalReader(path: aside).records(after: 0, limit: 100)
    #expect(records.count == 31)
  }

  @Test func damageMetWhileInUseIsRememberedForTheNextOpen() throws {
    let (fixture, _, last) = try filled()
    do {
      let journal = try fixture.open(capacity: 100_000)
      // What SQLite still holds in memory or in its write-ahead log would hide the damage.
      try journal.database.execute("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA shrink_memory")
      var bytes = try Files.read(fixture.path, limit: 1 << 24)
      for place in 4_096..<bytes.count { bytes[place] = 0xEE }
      try overwrite(fixture.path, bytes)
      var failure: StoreError?
      for round in 0..<20 where failure == nil {
        do throws(StoreError) { _ = try journal.append(drafts(round * 100..<round * 100 + 100)) } catch {
          failure = error
        }
        _ = try? journal.read(after: 0, limit: 10)
      }
      #expect(failure?.kind == .damaged)
    }
    try expectRecovered(try fixture.open(), fixture, above: last)
  }

  /// In place, as a failing card would: the journal's descriptor sees it.
  private func overwrite(_ path: String, _ bytes: [UInt8]) throws {
    let file = try FileDescriptor.open(path: path, flags: 1)
    try file.writeAll(bytes)
  }

  @Test func aSeqFileThatIsGoneOrWrongIsWrittenAnew() throws {
    for content in [nil, "garbage", "{}", #"{"ceiling":-1}"#] as [String?] {
      let (fixture, _, last) = try filled()
      let side = "\(fixture.directory)/gatehouse.seq"
      Files.remove(side)
      if let content { try Files.write(Array(content.utf8), to: side) }
      let journal = try fixture.open()
      #expect(journal.opening == .continued)
      #expect(journal.lastSequence == last)
      #expect(try Files.read(side).count > 100)
    }
  }
}
