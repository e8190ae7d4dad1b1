import Journal
import Messages
import Platform
import Testing

@Suite struct RetentionTests {
  @Test func theAcknowledgedGoFirstAndSilently() throws {
    let fixture = try JournalFixture()
    let journal = try fixture.open(capacity: 100)
    let written = try journal.append(drafts(0..<90))
    try journal.acknowledge(through: 60, hash: written[59].hash)
    let more = try journal.append(drafts(90..<130))
    #expect(more.map(\.seq) == Array(91...130))
    #expect(try journal.firstSequence > 29)
    #expect(try journal.read(after: 60, limit: 1_000).map(\.seq) == Array(61...130))
    #expect(
      try fixture.reader().verify() == .intact(records: Int64(try journal.read(after: 0, limit: 1_000).count))
    )
    try journal.acknowledge(through: 3, hash: written[2].hash)
    #expect(journal.acked.seq == 60)
  }

  @Test func pruningNeverTakesWhatHQDoesNotHave() throws {
    let fixture = try JournalFixture()
    let journal = try fixture.open(capacity: 100)
    let written = try journal.append(drafts(0..<100))
    try journal.prune()
    #expect(try journal.firstSequence == 1)
    try journal.acknowledge(through: 50, hash: written[49].hash)
    try journal.prune()
    #expect(try journal.firstSequence == 2)
    #expect(try journal.fullness() == 0.5)
  }

  @Test func theLeastImportantGoFirstAndAGapTellsIt() throws {
    let fixture = try JournalFixture()
    let journal = try fixture.open(capacity: 100)
    // Every third is an actuator record: the first kind to be given up.
    _ = try journal.append((0..<100).map { draft($0, $0 % 3 == 0 ? .actuator : .access) })
    #expect(try journal.fullness() == 1)
    let written = try journal.append(drafts(100..<110))
    #expect(written.count == 11)
    guard case .record(101, let gap) = try LogRecord.parse(written[0].bytes) else {
      Issue.record("no gap record")
      return
    }
    #expect(gap.type == .gap)
    #expect(gap.reason == "capacity")
    #expect(gap.detail["first"]?.integerValue == 1)
    let count = try #require(gap.detail["count"]?.integerValue)
    #expect(gap.detail["types"]?["actuator"]?.integerValue == count)
    let left = try journal.read(after: 0, limit: 1_000)
    #expect(left.count == 111 - Int(count))
    #expect(left.count <= 100)
    #expect(try fixture.reader().verify() == .intact(records: Int64(left.count)))
  }

  @Test func aYearWithoutHQStaysBoundedAndWhole() throws {
    let fixture = try JournalFixture()
    let kinds: [LogRecord.Kind] = [
      .access, .passage, .actuator, .device, .doorAlarm, .emergency, .system, .operator,
    ]
    var generator = SeededGenerator(state: 7)
    var journal = try fixture.open(capacity: 64)
    var told: Set<Int64> = []
    for round in 0..<400 {
      if round % 50 == 49 {
        withExtendedLifetime(journal) {}
        journal = try reopen(&journal, fixture)
      }
      let size = Int.random(in: 1...9, using: &generator)
      for record in try journal.append(
        (0..<size).map { draft($0, kinds.randomElement(using: &generator) ?? .access) })
      {
        #expect(told.insert(record.seq).inserted)
      }
      #expect(try journal.read(after: 0, limit: 1_000).count <= 64)
    }
    #expect(told.count == Int(journal.lastSequence))
    guard case .intact(let count) = try fixture.reader().verify() else {
      Issue.record("\(try fixture.reader().verify())")
      return
    }
    #expect(count > 32)
    try stretchesCoverEverySeq(fixture, through: journal.lastSequence)
  }

  private func reopen(_ journal: inout Journal, _ fixture: JournalFixture) throws -> Journal {
    let other = try JournalFixture()
    // The lock is on the file: let go of this journal before the next opens.
    journal = try other.open()
    return try fixture.open(capacity: 64)
  }

  /// What a reader is told: each seq is a record or lies in a gap, once.
  private func stretchesCoverEverySeq(_ fixture: JournalFixture, through last: Int64) throws {
    let reader = try fixture.reader()
    var seq: Int64 = 0
    var previous = Digest.zero
    while let stretch = try reader.stretch(after: seq, limit: 5) {
      let lines = try #require(try reader.lines(after: seq, limit: 5, maximumBytes: 1 << 20))
      #expect(lines.first == stretch.records[0].seq && lines.previous == stretch.previous)
      #expect(lines.gap == stretch.gap)
      #expect(lines.places.map { Array(lines.bytes[$0]) } == stretch.records.map(\.bytes))
      if let gap = stretch.gap {
        #expect(gap.lowerBound == seq + 1)
        seq = gap.upperBound
        previous = stretch.previous
      }
      #expect(stretch.previous == previous)
      for record in stretch.records {
        seq += 1
        #expect(record.seq == seq)
        previous = Digest.chained(previous, Digest.of(record.bytes))
        #expect(record.hash == previous)
      }
    }
    #expect(seq == last)
  }
}
