import Journal
import Messages
import Platform
import TestSupport
import Testing

@testable import HQ

@Suite struct StoreTests {
  @Test func anyOrderAndAnyRepetitionEndsInOneWholeLog() throws {
    let estate = try Estate()
    try estate.write(100)
    let all = try estate.reader.records(after: 0, limit: 1_000)
    var generator = SplitMix64(seed: 17)
    var batches: [UplinkLogBatch] = []
    for start in stride(from: Int64(0), to: 100, by: 7) {
      batches.append(try estate.batch(after: start, limit: 12))
    }
    for _ in 0..<3 { for batch in batches.shuffled(using: &generator) { try estate.take(batch) } }
    for batch in batches { try estate.take(batch) }
    let gateway = try estate.gateway()
    #expect(gateway.through == ChainLink(seq: 100, hash: all[99].hash))
    #expect(try estate.store.records(of: gateway, after: 0, limit: 1_000) == all)
    #expect(try estate.store.verify(gateway) == .intact(records: 100))
    #expect(try estate.take(batches[0]) == .stored(through: gateway.through, added: 0))
  }

  @Test func whatIsMissingIsAskedFor() throws {
    let estate = try Estate()
    try estate.write(30)
    #expect(try estate.take(try estate.batch(after: 10, limit: 10)) == .missing(after: 0))
    try estate.take(try estate.batch(after: 0, limit: 5))
    #expect(try estate.take(try estate.batch(after: 10, limit: 10)) == .missing(after: 5))
    #expect(try estate.gateway().through.seq == 5)
  }

  @Test func aChangedRecordIsRefusedAndRemembered() throws {
    let estate = try Estate()
    try estate.write(20)
    try estate.take(try estate.batch(after: 0, limit: 10))
    var changed = try estate.batch(after: 5, limit: 10)
    changed.records[2] = Array(
      String(decoding: changed.records[2], as: UTF8.self).replacing("京", with: "粤").utf8)
    #expect(try estate.refusal(of: changed) == .logChanged)
    #expect(try estate.gateway().fault?.contains("seq 8") == true)
    #expect(try estate.gateway().through.seq == 10)
    var other = try estate.batch(after: 10, limit: 5)
    other.previous = Digest.zero
    #expect(try estate.refusal(of: other) == .chainBroken)
    var misplaced = try estate.batch(after: 10, limit: 5)
    misplaced.records.swapAt(0, 1)
    #expect(try estate.refusal(of: misplaced) == .chainBroken)
    try estate.take(try estate.batch(after: 10, limit: 10))
    #expect(try estate.gateway().fault == nil)
    #expect(try estate.store.verify(try estate.gateway()) == .intact(records: 20))
  }

  @Test func whatTheGatewayLostIsToldAndPassedOver() throws {
    let estate = try Estate(capacity: 50)
    try estate.write(30)
    try estate.take(try estate.batch(after: 0, limit: 10))
    try estate.write(100, .actuator)
    var after: Int64 = 10
    while try estate.reader.stretch(after: after, limit: 7) != nil {
      let batch = try estate.batch(after: after, limit: 7)
      guard case .stored(let through, _) = try estate.take(batch) else {
        Issue.record("\(batch.first) was not taken after \(after)")
        return
      }
      after = through.seq
    }
    let gateway = try estate.gateway()
    #expect(gateway.through.seq == estate.journal.lastSequence)
    let gaps = try estate.store.gaps(of: gateway)
    #expect(!gaps.isEmpty)
    let lost = gaps.reduce(0) { $0 + $1.count }
    #expect(try estate.store.verify(gateway) == .intact(records: gateway.through.seq - Int64(lost)))
    try estate.journal.acknowledge(through: gateway.through.seq, hash: gateway.through.hash)
  }

  /// Some of them are refused, and take nothing else with them; where the store fails, nothing happened.
  @Test func severalBatchesInOneTransactionAreEachAllOrNothing() throws {
    let estate = try Estate()
    try estate.write(40)
    let batches = try (0..<4).map { try estate.batch(after: Int64($0) * 10, limit: 10) }
    var wrong = batches[1]
    wrong.records[3] = Array("{}".utf8)
    #expect(throws: StoreError.self) {
      try estate.store.together { () throws(StoreError) in
        _ = try estate.store.take(batches[0], site: "riverside", at: 1)
        throw StoreError(kind: .full, text: "full", during: "test")
      }
    }
    #expect(try estate.store.gateways().isEmpty, "nothing of it happened")
    try estate.store.together { () throws(StoreError) in
      for batch in [batches[0], wrong, batches[1], batches[3], batches[2]] {
        _ = try estate.store.take(batch, site: "riverside", at: 1)
      }
    }
    #expect(try estate.gateway().through.seq == 30, "the last came too early, and is asked for")
    #expect(try estate.store.alarms(open: true).map(\.kind) == [.chainBroken])
    #expect(try estate.store.verify(try estate.gateway()) == .intact(records: 30))
  }

  @Test func redactedRecordsKeepTheChainAtHQToo() throws {
    let estate = try Estate()
    try estate.write(10)
    try estate.journal.redact([3, 4])
    try estate.take(try estate.batch(after: 0, limit: 10))
    #expect(try estate.store.verify(try estate.gateway()) == .intact(records: 10))
  }

  @Test(
    arguments: [
      ("UPDATE entry SET record = x'7b7d' WHERE id & 255 = 4", 4),
      ("DELETE FROM entry WHERE id & 255 = 4", 4),
      ("DELETE FROM entry WHERE id & 255 > 8", 9),
      ("UPDATE entry SET hash = zeroblob(32) WHERE id & 255 = 10", 10),
    ] as [(String, Int64)])
  func meddlingWithTheStoreIsFound(sql: String, seq: Int64) throws {
    let estate = try Estate()
    try estate.write(10)
    try estate.take(try estate.batch(after: 0, limit: 10))
    do { try Database(path: "\(estate.place.path)/hq.db", mode: .readWrite).execute(sql) }
    guard case .broken(let found, _) = try estate.store.verify(try estate.gateway()) else {
      Issue.record("taken for intact")
      return
    }
    #expect(found == seq)
  }
}
