import HQ
import Journal
import Messages
import Platform
import Testing

/// A gateway's journal beside HQ's store, with nothing between them.
struct Estate {
  let place: TemporaryDirectory
  let journal: Journal
  let reader: JournalReader
  let store: HQStore
  static let topics = UplinkTopics(site: "riverside", gateway: "gw-1")

  init(capacity: Int = 10_000) throws {
    place = try TemporaryDirectory(prefix: "hq")
    journal = try Journal.open(directory: place.path, gateway: "gw-1", capacity: capacity)
    reader = try JournalReader(path: "\(place.path)/gatehouse.db")
    store = try HQStore(path: "\(place.path)/hq.db")
  }

  func write(_ count: Int, _ type: LogRecord.Kind = .access) throws {
    for number in 0..<count {
      _ = try journal.append([
        LogRecord(
          at: Timestamp(milliseconds: Int64(number)), clock: .synced, monotonic: UInt64(number), type: type,
          credential: "plate:京A\(number)")
      ])
    }
  }

  func batch(after seq: Int64, limit: Int) throws -> UplinkLogBatch {
    let stretch = try #require(try reader.stretch(after: seq, limit: limit))
    return UplinkLogBatch(
      gateway: "gw-1", first: stretch.records[0].seq, previous: stretch.previous,
      gap: stretch.gap.map { .init(first: $0.lowerBound, last: $0.upperBound) },
      records: stretch.records.map(\.bytes))
  }

  func gateway() throws -> StoredGateway { try #require(try store.gateway(site: "riverside", name: "gw-1")) }

  @discardableResult
  func take(_ batch: UplinkLogBatch) throws -> BatchOutcome {
    try store.take(batch, site: "riverside", at: 1)
  }
}

@Suite struct StoreTests {
  @Test func anyOrderAndAnyRepetitionEndsInOneWholeLog() throws {
    let estate = try Estate()
    try estate.write(100)
    let all = try estate.reader.records(after: 0, limit: 1_000)
    var generator = SystemRandomNumberGenerator()
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
    let error = #expect(throws: StoreError.self) { try estate.take(changed) }
    #expect(error?.kind == .refused)
    #expect(try estate.gateway().fault?.contains("seq 8") == true)
    #expect(try estate.gateway().through.seq == 10)
    var other = try estate.batch(after: 10, limit: 5)
    other.previous = Digest.zero
    #expect(throws: StoreError.self) { try estate.take(other) }
    var misplaced = try estate.batch(after: 10, limit: 5)
    misplaced.records.swapAt(0, 1)
    #expect(throws: StoreError.self) { try estate.take(misplaced) }
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

  @Test func redactedRecordsKeepTheChainAtHQToo() throws {
    let estate = try Estate()
    try estate.write(10)
    try estate.journal.redact([3, 4])
    try estate.take(try estate.batch(after: 0, limit: 10))
    #expect(try estate.store.verify(try estate.gateway()) == .intact(records: 10))
  }

  @Test(
    arguments: [
      ("UPDATE record SET record = x'7b7d' WHERE seq = 4", 4), ("DELETE FROM record WHERE seq = 4", 4),
      ("DELETE FROM record WHERE seq > 8", 9), ("UPDATE record SET hash = zeroblob(32) WHERE seq = 10", 10),
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

@Suite struct CollectorTests {
  private func collector(_ estate: Estate) -> Collector { Collector(store: estate.store) { _ in } }

  private func say(
    _ collector: inout Collector, _ topic: UplinkTopics.Topic, _ payload: [UInt8], tick: UInt64 = 0,
    retained: Bool = false
  ) throws -> [Collector.Outgoing] {
    try collector.take(
      topic: Estate.topics.name(topic), payload: payload, retained: retained, now: 1, tick: tick)
  }

  @Test func onlyWhatIsDurableIsAcknowledged() throws {
    let estate = try Estate()
    try estate.write(10)
    var collector = collector(estate)
    let batch = try estate.batch(after: 0, limit: 10)
    let answers = try say(&collector, .log, batch.encoded())
    // A gateway that was not heard when it connected is asked who it is.
    let hello = try UplinkPull.parse(try #require(answers.last).payload)
    #expect(hello.limit == 0)
    let hash = try #require(try estate.reader.hash(of: 10))
    #expect(
      answers.dropLast() == [
        .init(
          topic: "gatehouse/1/riverside/gw-1/down/ack",
          payload: UplinkAcknowledgement(through: 10, hash: hash).encoded())
      ])
    #expect(try HQStore(path: "\(estate.place.path)/hq.db", mode: .readOnly).gateways()[0].through.seq == 10)
  }

  @Test func missingOnesArePulledOnceInAWhile() throws {
    let estate = try Estate()
    try estate.write(30)
    var collector = collector(estate)
    let batch = try estate.batch(after: 10, limit: 10).encoded()
    let pull = try #require(try say(&collector, .log, batch).first)
    #expect(pull.topic == "gatehouse/1/riverside/gw-1/down/pull")
    #expect(try UplinkPull.parse(pull.payload).after == 0)
    #expect(try say(&collector, .log, batch, tick: 100).isEmpty)
    #expect(try say(&collector, .log, batch, tick: HQLimits.pullMilliseconds).count == 1)
  }

  @Test func aStoreThatWasLostAsksForWhatItOnceHad() throws {
    let estate = try Estate()
    try estate.write(10)
    var collector = collector(estate)
    let birth = UplinkBirth(boot: 1, first: 1, last: 10, acknowledged: 10, list: 3, challenge: "c")
    let answers = try say(&collector, .birth, birth.encoded())
    #expect(answers.map(\.topic) == ["gatehouse/1/riverside/gw-1/down/pull"])
    #expect(try estate.gateway().challenge == "c")
    #expect(try estate.gateway().isConnected)
    _ = try say(&collector, .death, [])
    #expect(try estate.gateway().isConnected == false)
    #expect(try collector.greeting().count == 3)
  }

  @Test func whatIsNoGoodIsRefused() throws {
    let estate = try Estate()
    try estate.write(10)
    var collector = collector(estate)
    var foreign = try estate.batch(after: 0, limit: 10)
    foreign.gateway = "gw-2"
    #expect(try say(&collector, .log, foreign.encoded()).isEmpty)
    #expect(
      try say(&collector, .log, try estate.batch(after: 0, limit: 10).encoded(), retained: true).isEmpty)
    #expect(try say(&collector, .log, Array("{}".utf8)).isEmpty)
    #expect(try say(&collector, .pull, Array("{}".utf8)).isEmpty)
    #expect(try collector.take(topic: "elsewhere", payload: [], retained: false, now: 0, tick: 0).isEmpty)
    #expect(try estate.store.gateways().allSatisfy { $0.through.seq == 0 })
  }
}

@Suite struct SigningTests {
  @Test func aKeyIsWrittenAndReadAgain() throws {
    let place = try TemporaryDirectory(prefix: "hq")
    let key = SigningKey.generate()
    try Files.write(key.pem(), to: "\(place.path)/hq.key")
    let read = try SigningKey.read("\(place.path)/hq.key")
    #expect(read.publicKey == key.publicKey)
    #expect(key.publicKey.hasPrefix("ed25519:"))
    #expect(Base64.bytes(String(key.publicKey.dropFirst(8)))?.count == 32)
    #expect(read.sign([1, 2, 3]) == key.sign([1, 2, 3]))
    try Files.write([1, 2, 3], to: "\(place.path)/other.key")
    #expect(throws: SigningKey.Fault.self) { try SigningKey.read("\(place.path)/other.key") }
    #expect(throws: SigningKey.Fault.self) { try SigningKey.read("\(place.path)/missing.key") }
  }

  @Test func aLongListIsCutIntoSignedParts() throws {
    let csv = Array(("credential,holder\n" + String(repeating: "plate:京A12345,李娜\n", count: 40_000)).utf8)
    let list = try ListPublication(csv: csv, version: 7, base: nil, id: "x", key: .generate())
    #expect(list.payloads.count > 2)
    var rows = ""
    for (place, payload) in list.payloads.enumerated() {
      let part = try UplinkListPart.parse(try SignedEnvelope.parse(payload).payload)
      #expect(part.part == Int64(place + 1))
      #expect(part.digest == Digest.of(csv))
      rows += part.rows
    }
    #expect(Array(rows.utf8) == csv)
    #expect(throws: MessageFault.self) {
      try ListPublication(csv: Array("a,b\n".utf8), version: 1, base: nil, id: "x", key: .generate())
    }
  }
}

@Suite struct ProgramTests {
  @Test(
    arguments: [
      ([], 2), (["nonsense"], 2), (["serve"], 2), (["status", "--odd"], 2), (["log"], 2),
      (["serve", "--broker", "mqtt://hq.example", "--store", "/nowhere/hq.db"], 2),
      (["status", "--store", "/nowhere/hq.db"], 1), (["verify", "g", "--store", "/nowhere/hq.db"], 1),
    ] as [([String], Int32)])
  func exitCodes(arguments: [String], code: Int32) {
    #expect(HQProgram.run(arguments) == code)
  }

  @Test func keygenNeverWritesOver() throws {
    let place = try TemporaryDirectory(prefix: "hq")
    let path = "\(place.path)/hq.key"
    #expect(HQProgram.run(["keygen", path]) == 0)
    let first = try Files.read(path)
    #expect(HQProgram.run(["keygen", path]) == 1)
    #expect(try Files.read(path) == first)
  }
}
