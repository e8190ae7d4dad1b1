@testable import Journal
import Messages
import Platform
import Testing

/// What goes when HQ has been away for too long.
@Suite struct CapacityTests {
  /// Ten of each, in turn, grants and denials apart.
  private func mixture(_ rounds: Int) -> [LogRecord] {
    (0..<rounds).flatMap { round -> [LogRecord] in
      let kinds: [LogRecord.Kind] = [
        .emergency, .doorAlarm, .access, .operator, .passage, .system, .device, .actuator,
      ]
      var denial = draft(round)
      denial.decision = .deny
      denial.reason = "denied-unknown-credential"
      return kinds.map { draft(round, $0) } + [denial]
    }
  }

  private func left(_ journal: Journal) throws -> [String: Int] {
    try journal.read(after: 0, limit: 10_000).reduce(into: [:]) { counts, stored in
      guard case .record(_, let record)? = try? LogRecord.parse(stored.bytes) else { return }
      let name = record.decision == .deny ? "denial" : record.type.rawValue
      counts[name, default: 0] += 1
    }
  }

  /// Each row is the next class to be gone once more room is needed.
  @Test func alarmsAndDenialsAreTheLastToGo() throws {
    let fixture = try JournalFixture()
    let journal = try fixture.open(capacity: 90)
    _ = try journal.append(mixture(10))
    var gone: [String] = []
    var told: Int64 = 0
    for _ in 0..<200 where gone.count < 8 {
      var alarm = draft(0, .emergency)
      alarm.reason = "more"
      for record in try journal.append([alarm]) {
        guard case .record(_, let gap)? = try? LogRecord.parse(record.bytes), gap.type == .gap else {
          continue
        }
        told += gap.detail["count"]?.integerValue ?? 0
        let types = gap.detail["types"]?.objectValue?.compactMap { $0.value.integerValue } ?? []
        #expect(types.reduce(0, +) == gap.detail["count"]?.integerValue)
      }
      let counts = try left(journal)
      for name in [
        "actuator", "device", "system", "passage", "operator", "access", "denial", "door-alarm",
      ] where counts[name] == nil && !gone.contains(name) { gone.append(name) }
    }
    #expect(
      gone == ["actuator", "device", "system", "passage", "operator", "access", "denial", "door-alarm"])
    let report = try fixture.reader().examine()
    #expect(report.verdict == .intact(records: Int64(try journal.read(after: 0, limit: 10_000).count)))
    #expect(told == journal.lastSequence - Int64(try journal.read(after: 0, limit: 10_000).count))
  }

  @Test func bytesBoundTheLogToo() throws {
    let fixture = try JournalFixture()
    let limit: Int64 = 2 << 20
    let journal = try Journal.open(
      directory: fixture.directory, gateway: "gw-1", capacity: 1_000_000, capacityBytes: limit)
    var gaps = 0
    for round in 0..<300 {
      var drafts = drafts(round * 64..<round * 64 + 64, round % 3 == 0 ? .access : .actuator)
      // Now and then long ones, which take pages of their own.
      if round % 7 == 0 {
        for place in drafts.indices {
          drafts[place].detail = ["image": .string(String(repeating: "x", count: 3_000))]
        }
      }
      let written = try journal.append(drafts)
      gaps += written.count - drafts.count
      #expect(written.suffix(64).first?.seq == journal.lastSequence - 63)
    }
    #expect(gaps > 0)
    #expect(try journal.statements.usedBytes() < limit + limit / 4)
    #expect(journal.bytes < limit * 2)
    #expect(try journal.fullness() > 0.8)
    guard case .intact = try fixture.reader().verify() else {
      Issue.record("\(try fixture.reader().verify())")
      return
    }
    // What HQ has goes first, and nobody needs to be told.
    let last = journal.lastSequence
    try journal.acknowledge(through: last, hash: try #require(try fixture.reader().hash(of: last)))
    let more = try journal.append(drafts(0..<2_000))
    #expect(more.count == 2_000)
    #expect(try journal.read(after: last, limit: 10_000).count == 2_000)
    #expect(try journal.fullness() < 0.8)
  }

  @Test func anAcknowledgementBeyondTheEndMeansThatItWasCut() throws {
    let fixture = try JournalFixture()
    do {
      let journal = try fixture.open()
      let written = try journal.append(drafts(0..<50))
      try journal.acknowledge(through: 45, hash: written[44].hash)
    }
    try fixture.meddle("DELETE FROM log WHERE seq > 40")
    #expect(
      try fixture.reader().verify()
        == .broken(seq: 41, why: "it is missing, and HQ has acknowledged seq 45"))
    let journal = try fixture.open()
    guard case .recovered(let aside?, _, let through) = journal.opening else {
      Issue.record("\(journal.opening)")
      return
    }
    #expect(through >= 50 && Files.exists(aside))
    #expect(try journal.append(drafts(0..<1)).map(\.seq) == [through + 2])
  }

  /// Only the memory of the guard's page knows: the file was copied before, and the daemon killed.
  @Test func whatWasDurableBeforeIsMissed() throws {
    let fixture = try JournalFixture()
    do { _ = try fixture.open().append(drafts(0..<20)) }
    let side = "\(fixture.directory)/gatehouse.seq"
    let text = String(decoding: try Files.read(side), as: UTF8.self)
    try Files.write(Array(text.replacing("\"closed_at\":20", with: "\"closed_at\":null").utf8), to: side)
    try Files.write([], to: fixture.path + "-wal")
    let journal = try Journal.open(
      directory: fixture.directory, gateway: "gw-1", capacity: 100, before: JournalBefore(last: 26))
    guard case .recovered(nil, let why, let through) = journal.opening else {
      Issue.record("\(journal.opening)")
      return
    }
    #expect(why == "it ends at seq 20, and seq 26 was durable" && through >= 26)
    #expect(try fixture.reader().verify() == .intact(records: 21))
  }
}
