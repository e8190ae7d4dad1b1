@testable import Journal
import Messages
import Platform
import Testing

private let day: Int64 = 86_400_000
/// 2026-01-01, the beginning of these logs.
private let start: Int64 = 1_767_225_600_000

/// What was kept long enough goes, and the chain proves the rest.
@Suite struct AgeTests {
  private func record(
    _ name: String, day number: Double, _ type: LogRecord.Kind = .access,
    clock: LogRecord.Clock = .synced
  ) -> LogRecord {
    LogRecord(
      at: Timestamp(milliseconds: start + Int64(number * Double(day))), clock: clock, monotonic: 1,
      type: type,
      point: "lane1", credential: type == .access || type == .passage ? "plate:\(name)" : nil,
      reason: "granted")
  }

  private func open(_ fixture: JournalFixture) throws -> Journal {
    try Journal.open(
      directory: fixture.directory, gateway: "gw-1", capacity: 100_000, forgetsCredentials: true)
  }

  private func age(_ journal: Journal, _ keeping: Journal.Keeping, day number: Double) throws {
    var looks = 0
    while try journal.age(keeping, now: start + Int64(number * Double(day))) {
      looks += 1
      try #require(looks < 100, "it never ends")
    }
  }

  private func redacted(_ journal: Journal) throws -> [Int64] {
    try journal.read(after: 0, limit: 100_000).compactMap { record in
      if case .redacted(_, let seq, _)? = try? LogRecord.parse(record.bytes) { seq } else { nil }
    }
  }

  @Test func credentialsGoAfterTheirTimeAndTheChainHolds() throws {
    let fixture = try JournalFixture()
    let journal = try open(fixture)
    let written = try journal.append(
      [
        record("SECRET1", day: 0), record("", day: 0, .actuator), record("SECRET2", day: 1, .passage),
        record("SECRET3", day: 29), record("KEPT", day: 40),
      ])
    try age(journal, .init(credentials: 30 * day), day: 60)
    #expect(try redacted(journal) == [1, 3, 4], "HQ has acknowledged none of them")
    #expect(try journal.fadedThrough() == 4)
    let records = try journal.read(after: 0, limit: 10)
    #expect(
      records[0].bytes
        == LogRecord.redacted(gateway: "gw-1", seq: 1, digest: Digest.of(written[0].bytes)))
    #expect(records.map(\.hash) == written.map(\.hash))
    let report = try fixture.reader().examine()
    #expect(report.verdict == .intact(records: 5) && report.redacted == 3)
    for suffix in ["", "-wal"] {
      let bytes = String(
        decoding: try Files.read(fixture.path + suffix, limit: 1 << 24), as: UTF8.self)
      #expect(!bytes.contains("SECRET"), "it stands in gatehouse.db\(suffix) still")
      if suffix.isEmpty { #expect(bytes.contains("KEPT")) }
    }
  }

  /// Whose clock was not believed is as old as the next that was; what stands in the future says nothing.
  @Test(
    arguments: [
      ([("A", 0, "untrusted"), ("B", 0, "synced"), ("C", 50, "synced")], [1, 2]),
      ([("A", -9_000, "untrusted"), ("B", -9_000, "untrusted")], []),
      ([("A", -9_000, "untrusted"), ("B", 40, "synced")], []),
      ([("A", 900, "synced"), ("B", 1, "holdover"), ("C", 50, "synced")], [1, 2]),
      ([("A", 900, "untrusted"), ("B", 50, "synced"), ("C", 1, "synced")], []),
      ([("A", 1, "synced"), ("B", 50, "untrusted"), ("C", 2, "synced")], [1, 2, 3]),
    ] as [([(String, Double, String)], [Int64])])
  func onlyABelievedClockMakesOld(_ lines: [(String, Double, String)], _ gone: [Int64]) throws {
    let fixture = try JournalFixture()
    let journal = try open(fixture)
    _ = try journal.append(
      lines.map { record($0.0, day: $0.1, clock: LogRecord.Clock(rawValue: $0.2) ?? .synced) })
    try age(journal, .init(credentials: 30 * day), day: 60)
    #expect(try redacted(journal) == gone)
    // A clock that went back takes nothing.
    try age(journal, .init(credentials: 30 * day), day: -400)
    #expect(try redacted(journal) == gone)
  }

  @Test func acknowledgedRecordsGoAfterTheirTimeAndNoOthers() throws {
    let fixture = try JournalFixture()
    let journal = try open(fixture)
    let written = try journal.append((0..<40).map { record("P\($0)", day: Double($0)) })
    try journal.acknowledge(through: 8, hash: written[7].hash)
    try age(journal, .init(records: 10 * day), day: 25)
    #expect(try journal.firstSequence == 9, "acknowledged through seq 8")
    try journal.acknowledge(through: 40, hash: written[39].hash)
    try age(journal, .init(records: 10 * day), day: 25)
    #expect(try journal.firstSequence == 17, "day 15 is ten days ago")
    #expect(try fixture.reader().verify() == .intact(records: 24))
    try age(journal, .init(records: 10 * day), day: 4_000)
    #expect(try journal.firstSequence == 40, "the newest stays")
    #expect(try fixture.reader().verify() == .intact(records: 1))
    #expect(try journal.append([record("Q", day: 4_000)]).map(\.seq) == [41])
  }

  @Test func longLogsAreDoneAChunkAtATimeAndOverRestarts() throws {
    let fixture = try JournalFixture()
    let count = JournalLimits.ageChunk * 3 + 17
    var journal = try open(fixture)
    for part in 0..<4 {
      _ = try journal.append(
        (0..<count / 4 + 1).map { record("P\(part)X\($0)", day: 1, clock: part < 2 ? .untrusted : .synced) })
    }
    _ = try journal.append([record("NEW", day: 90)])
    let now = start + 100 * day
    #expect(try journal.age(.init(credentials: 30 * day), now: now))
    #expect(try redacted(journal).isEmpty, "the first chunk says nothing of its age")
    withExtendedLifetime(journal) {}
    journal = try JournalFixture().open()
    journal = try open(fixture)
    try age(journal, .init(records: 365 * day, credentials: 30 * day), day: 100)
    #expect(try redacted(journal).count == Int(journal.lastSequence) - 1)
    #expect(try fixture.reader().verify() == .intact(records: journal.lastSequence))
  }

  @Test func theClocksMemoryIsKept() throws {
    let fixture = try JournalFixture()
    do {
      let journal = try fixture.open()
      #expect(try journal.keptClock() == (0, 0))
      try journal.keep(clock: (steady: 77, at: start))
    }
    #expect(try fixture.open().keptClock() == (77, start))
  }

  /// A log that version 1 wrote goes on; what it holds is as old as what is written after it.
  @Test func aLogOfTheVersionBeforeGoesOn() throws {
    let fixture = try JournalFixture()
    do { _ = try fixture.open().append((0..<5).map { record("OLD\($0)", day: 0) }) }
    try fixture.meddle("ALTER TABLE log DROP COLUMN at; PRAGMA user_version = 1")
    #expect(try fixture.reader().verify() == .intact(records: 5))
    let journal = try open(fixture)
    _ = try journal.append([record("NEW", day: 3), record("NEWER", day: 90)])
    #expect(try fixture.reader().verify() == .intact(records: 7))
    try age(journal, .init(credentials: 30 * day), day: 100)
    #expect(try redacted(journal) == [1, 2, 3, 4, 5, 6])
  }
}
