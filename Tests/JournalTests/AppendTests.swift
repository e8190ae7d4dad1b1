import Journal
import Messages
import Platform
import Testing

@Suite struct AppendTests {
  @Test func seqsAreGaplessAndChained() throws {
    let fixture = try JournalFixture()
    let journal = try fixture.open()
    #expect(journal.opening == .fresh)
    #expect(journal.boot == 1)
    #expect(journal.lastSequence == 0)
    var hash = Digest.zero
    var seq: Int64 = 0
    for size in [1, 7, 32, 1] {
      for record in try journal.append(drafts(0..<size)) {
        seq += 1
        hash = Digest.chained(hash, Digest.of(record.bytes))
        #expect(record.seq == seq)
        #expect(record.hash == hash)
        guard case .record(seq, let read) = try LogRecord.parse(record.bytes) else {
          Issue.record("seq \(seq) is not a record")
          continue
        }
        #expect(read.gateway == "gw-1")
        #expect(read.boot == 1)
      }
    }
    #expect(journal.lastSequence == 41)
    #expect(try journal.firstSequence == 1)
    #expect(try journal.read(after: 39, limit: 10).map(\.seq) == [40, 41])
    #expect(try fixture.reader().verify() == .intact(records: 41))
  }

  @Test func reopeningGoesOn() throws {
    let fixture = try JournalFixture()
    do {
      let journal = try fixture.open()
      _ = try journal.append(
        drafts(0..<3),
        passage: [
          .entered(credential: "plate:A", area: "garage", at: 5),
          .entered(credential: "plate:B", area: "garage", at: 6),
          .used(credential: "plate:A", count: 2), .used(credential: "plate:B", count: 7),
          .occupied(area: "garage", count: 2),
        ])
      _ = try journal.append(
        [],
        passage: [
          .left(credential: "plate:B"), .used(credential: "plate:B", count: 0),
          .occupied(area: "garage", count: 1),
        ])
    }
    let journal = try fixture.open()
    #expect(journal.opening == .continued)
    #expect(journal.boot == 2)
    #expect(journal.lastSequence == 3)
    let state = try journal.passageState()
    #expect(state.presences == [.init(credential: "plate:A", area: "garage", at: 5)])
    #expect(state.uses == ["plate:A": 2])
    #expect(state.occupancy == ["garage": 1])
    #expect(try journal.append(drafts(0..<1)).map(\.seq) == [4])
    #expect(try fixture.reader().verify() == .intact(records: 4))
    _ = try journal.append([], passage: [.forgotten(area: "garage")])
    #expect(try journal.passageState().presences.isEmpty)
  }

  @Test func oneWriterOnly() throws {
    let fixture = try JournalFixture()
    let journal = try fixture.open()
    let error = #expect(throws: StoreError.self) { try fixture.open() }
    #expect(error?.kind == .inUse)
    withExtendedLifetime(journal) {}
  }

  @Test func anotherGatewaysJournalIsRefused() throws {
    let fixture = try JournalFixture()
    do { _ = try fixture.open().append(drafts(0..<1)) }
    let error = #expect(throws: StoreError.self) { try fixture.open(gateway: "gw-2") }
    #expect(error?.kind == .refused)
    #expect(error?.text.contains("gw-1") == true)
    #expect(try fixture.open().lastSequence == 1)
  }

  @Test func redactionKeepsTheChain() throws {
    let fixture = try JournalFixture()
    let journal = try fixture.open()
    let written = try journal.append(drafts(0..<5))
    try journal.redact([2, 4])
    let records = try journal.read(after: 0, limit: 10)
    #expect(records[0].bytes == written[0].bytes)
    let digest = Digest.of(written[1].bytes)
    #expect(records[1].bytes == LogRecord.redacted(gateway: "gw-1", seq: 2, digest: digest))
    #expect(try fixture.reader().verify() == .intact(records: 5))
  }

  @Test func acknowledgements() throws {
    let fixture = try JournalFixture()
    let journal = try fixture.open()
    let written = try journal.append(drafts(0..<10))
    try journal.acknowledge(through: 4, hash: written[3].hash)
    #expect(journal.acked == ChainLink(seq: 4, hash: written[3].hash))
    #expect(journal.depth == 6)
    try journal.acknowledge(through: 2, hash: written[1].hash)
    #expect(journal.acked.seq == 4)
    for (seq, hash) in [(6, written[6].hash), (11, written[9].hash), (-1, written[0].hash)]
      as [(Int64, [UInt8])]
    {
      let error = #expect(throws: StoreError.self) { try journal.acknowledge(through: seq, hash: hash) }
      #expect(error?.kind == .refused)
    }
    #expect(journal.acked.seq == 4)
    #expect(try fixture.reader().summary().acked == journal.acked)
  }

  @Test func readersGoOnBesideTheWriter() throws {
    let fixture = try JournalFixture()
    let journal = try fixture.open(capacity: 100_000)
    let thread = try PlatformThread.start(name: "reader") { [path = fixture.path] in
      do {
        let reader = try JournalReader(path: path)
        var last: Int64 = 0
        while last < 4_000 {
          for record in try reader.records(after: last, limit: 100) {
            #expect(record.seq == last + 1)
            last = record.seq
          }
          let verdict = try reader.verify()
          guard case .intact = verdict else {
            Issue.record("\(verdict)")
            return
          }
        }
      } catch {
        Issue.record("\(error)")
      }
    }
    for round in 0..<500 { _ = try journal.append(drafts(round * 8..<round * 8 + 8)) }
    thread.join()
  }
}
