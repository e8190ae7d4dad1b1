import Glibc
@testable import Journal
import Messages
import Platform
import Testing

@Suite struct FaultTests {
  @Test func aFullDiskLosesNothingAndUsesNoSeq() throws {
    let fixture = try JournalFixture()
    let journal = try fixture.open(capacity: 100_000)
    _ = try journal.append(drafts(0..<10))
    try journal.limitPages(journal.pages + 4)
    var written = 10
    var failure: StoreError?
    while failure == nil, written < 5_000 {
      do throws(StoreError) {
        written += try journal.append(drafts(written..<written + 10)).count
      } catch {
        failure = error
      }
    }
    #expect(failure?.kind == .full)
    #expect(failure?.code == 13)
    #expect(journal.lastSequence == Int64(written))
    try journal.limitPages(1_000_000)
    let again = try journal.append(drafts(written..<written + 10))
    #expect(again.first?.seq == Int64(written) + 1)
    #expect(try fixture.reader().verify() == .intact(records: Int64(written) + 10))
  }

  /// Root may write anywhere, so what a read-only disk does is shown by a directory that is no directory.
  @Test func aPlaceThatCannotBeWrittenIsToldAtOpen() throws {
    let fixture = try JournalFixture()
    let file = "\(fixture.directory)/file"
    try Files.write([], to: file)
    let error = #expect(throws: StoreError.self) {
      try Journal.open(directory: file, gateway: "g", capacity: 100)
    }
    #expect(error?.code == ENOTDIR)
    let missing = #expect(throws: StoreError.self) {
      try Journal.open(directory: "\(fixture.directory)/missing", gateway: "g", capacity: 100)
    }
    #expect(missing?.code == ENOENT)
  }

  /// A database that refuses to be written: what SQLITE_READONLY does to an append, and that it can be undone.
  @Test func aReadOnlyDatabaseIsToldAndLeavesTheJournalUsable() throws {
    let fixture = try JournalFixture()
    let journal = try fixture.open()
    _ = try journal.append(drafts(0..<3))
    try journal.setQueryOnly(true)
    let error = #expect(throws: StoreError.self) { try journal.append(drafts(3..<6)) }
    #expect(error?.kind == .readOnly)
    try journal.setQueryOnly(false)
    #expect(try journal.append(drafts(3..<6)).map(\.seq) == [4, 5, 6])
  }

  @Test func aWriterKilledAtAnyMomentLosesNothingItAnswered() async throws {
    for round in 0..<5 {
      let fixture = try JournalFixture()
      let directory = fixture.directory
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [directory = directory as String, round = round as Int] in
        let journal = try Journal.open(directory: directory, gateway: "gw-1", capacity: 500)
        let told = try FileDescriptor.open(path: "\(directory)/told", flags: O_WRONLY | O_CREAT | O_APPEND)
        _ = try journal.append(drafts(0..<1))
        try told.writeAll(Array("1\n".utf8))
        let killer = try PlatformThread.start(name: "killer") {
          MonotonicClock.sleep(milliseconds: UInt64(30 + round * 17))
          kill(getpid(), SIGKILL)
        }
        var number = 0
        while true {
          let size = number % 7 + 1
          let written = try journal.append(drafts(number..<number + size))
          number += size
          // The process ends at any moment: only whole lines count.
          try told.writeAll(Array("\(written[written.count - 1].seq)\n".utf8))
        }
        killer.join()
      }
      let lines = String(decoding: try Files.read("\(directory)/told"), as: UTF8.self).split(separator: "\n")
      let told = lines.compactMap { Int64($0) }.max() ?? 0
      #expect(told > 0)
      let journal = try fixture.open(capacity: 500)
      #expect(journal.opening == .continued)
      #expect(journal.lastSequence >= told, "round \(round)")
      let next = try journal.append(drafts(0..<1))
      #expect(next[next.count - 1].seq > told)
      guard case .intact = try fixture.reader().verify() else {
        Issue.record("round \(round): \(try fixture.reader().verify())")
        continue
      }
    }
  }
}

extension Journal {
  /// The test's own hand on the writer's connection: `PRAGMA max_page_count`, `PRAGMA query_only`.
  var pages: Int64 { get throws { try database.integer("PRAGMA page_count") ?? 0 } }

  func limitPages(_ count: Int64) throws { _ = try database.integer("PRAGMA max_page_count = \(count)") }

  func setQueryOnly(_ on: Bool) throws { try database.execute("PRAGMA query_only = \(on ? 1 : 0)") }
}
