@testable import Journal
import Messages
import Platform
import Testing

@Suite struct VerifyTests {
  /// Every byte of three records, changed one at a time, is found at its record.
  @Test(arguments: [1, 25, 50] as [Int64])
  func everyFlippedByteIsFound(seq: Int64) throws {
    let fixture = try JournalFixture()
    do { _ = try fixture.open().append(drafts(0..<50)) }
    let database = try Database(path: fixture.path, mode: .readWrite)
    try database.execute("PRAGMA synchronous = OFF")
    let read = try database.prepare("SELECT record FROM log WHERE seq = \(seq)")
    #expect(try read.step())
    let bytes = read.bytes(0)
    read.reset()
    let update = try database.prepare("UPDATE log SET record = ? WHERE seq = \(seq)")
    let reader = try fixture.reader()
    for place in bytes.indices {
      var wrong = bytes
      wrong[place] ^= 1 << UInt8(place % 8)
      try update.bind(1, wrong)
      try update.run()
      #expect(
        try reader.verify()
          == .broken(seq: seq, why: "its hash does not follow from its bytes and the one before"),
        "byte \(place)")
    }
    try update.bind(1, bytes)
    try update.run()
    #expect(try reader.verify() == .intact(records: 50))
  }

  @Test(
    arguments: [
      ("DELETE FROM log WHERE seq = 20", 20), ("UPDATE log SET hash = zeroblob(32) WHERE seq = 9", 9),
      ("UPDATE log SET digest = zeroblob(32) WHERE seq = 9", 9),
      ("UPDATE log SET hash = x'00' WHERE seq = 9", 9),
      ("UPDATE log SET digest = zeroblob(32), record = NULL WHERE seq = 7", 7),
      ("DELETE FROM log WHERE seq < 3", 1),
      ("UPDATE log SET seq = 1000 WHERE seq = 50", 50),
      ("UPDATE log SET record = (SELECT record FROM log WHERE seq = 5) WHERE seq = 6", 6),
      (
        "UPDATE log SET record = (SELECT record FROM log WHERE seq = 5), digest = (SELECT digest FROM log WHERE seq = 5) "
          + "WHERE seq = 6", 6
      ),
    ] as [(String, Int64)])
  func meddlingIsFound(sql: String, seq: Int64) throws {
    let fixture = try JournalFixture()
    do { _ = try fixture.open().append(drafts(0..<50)) }
    try fixture.meddle(sql)
    guard case .broken(let found, _) = try fixture.reader().verify() else {
      Issue.record("taken for intact")
      return
    }
    #expect(found == seq)
  }

  /// Somebody drops records and writes the hole himself: no gap record tells it.
  @Test func aHoleThatNoRecordTellsIsFound() throws {
    let fixture = try JournalFixture()
    do {
      let journal = try fixture.open()
      let written = try journal.append(drafts(0..<75))
      try journal.acknowledge(through: 72, hash: written[71].hash)
    }
    try fixture.meddle(
      """
      INSERT INTO hole SELECT 60, 70, hash FROM log WHERE seq = 70;
      DELETE FROM log WHERE seq BETWEEN 60 AND 70;
      """)
    let broken = ChainVerdict.broken(seq: 60, why: "it is missing, and no gap record tells it")
    #expect(try fixture.reader().verify() == broken)
    #expect(try JournalReader.examine(path: fixture.path).verdict == broken)
  }

  /// The same beside holes that are told, before, behind and between them.
  @Test(arguments: [(1, 45), (40, 5), (58, 3)] as [(Int64, Int64)])
  func aHoleIsNotToldByAnother(first: Int64, count: Int64) throws {
    let fixture = try JournalFixture()
    do {
      let journal = try fixture.open(capacity: 60)
      _ = try journal.append((0..<56).map { draft($0, 10..<20 ~= $0 ? .actuator : .emergency) })
      let written = try journal.append(drafts(56..<62))
      #expect(written.count == 7)
    }
    guard case .intact = try fixture.reader().verify() else {
      Issue.record("what is told is a break")
      return
    }
    let last = first + count - 1
    try fixture.meddle(
      """
      DELETE FROM hole WHERE first BETWEEN \(first) AND \(last);
      INSERT INTO hole SELECT \(first), \(last), hash FROM log WHERE seq = \(last);
      DELETE FROM log WHERE seq BETWEEN \(first) AND \(last);
      """)
    guard case .broken(let seq, _) = try fixture.reader().verify() else {
      Issue.record("taken for intact")
      return
    }
    #expect(seq == first)
  }

  /// A log so full that gap records go too: what they told stays told.
  @Test(arguments: [16, 17, 40])
  func gapsThatWentAreToldOn(capacity: Int) throws {
    let fixture = try JournalFixture()
    let journal = try fixture.open(capacity: capacity)
    var gaps = 0
    for number in 0..<150 {
      gaps += try journal.append([draft(number, .emergency)]).count - 1
      guard case .intact = try fixture.reader().verify() else {
        Issue.record("\(try fixture.reader().verify()) after \(number)")
        return
      }
    }
    let kept = try fixture.reader().records(after: 0, limit: 1_000).count {
      ToldGaps.range($0.bytes) != nil
    }
    #expect(gaps > kept)
  }

  @Test func whatATellingCovers() throws {
    let fixture = try JournalFixture()
    let journal = try fixture.open()
    for (first, last) in [(3, 5), (6, 7), (20, 30), (25, 28), (10, 12)] as [(Int64, Int64)] {
      var gap = draft(0, .gap)
      gap.detail = ["first": .integer(first), "last": .integer(last)]
      _ = try journal.append(drafts(0..<40) + [gap])
    }
    var told = ToldGaps()
    try told.read(try Database(path: fixture.path, mode: .readOnly))
    let cases: [(ClosedRange<Int64>, Int64?)] = [
      (3...7, nil), (4...6, nil), (2...4, 2), (7...8, 8), (9...9, 9), (10...12, nil), (11...13, 13),
      (20...30, nil), (20...31, 31), (29...30, nil), (31...31, 31), (100...101, 100),
    ]
    for (hole, untold) in cases { #expect(told.firstUntold(in: hole) == untold, "\(hole)") }
  }

  /// A page of the file is not what it was: the records before it are proven, the first behind them is named.
  @Test func aDamagedFileIsBrokenWhereItCannotBeRead() throws {
    let fixture = try JournalFixture()
    do {
      let journal = try fixture.open(capacity: 10_000)
      for start in stride(from: 0, to: 3_000, by: 60) { _ = try journal.append(drafts(start..<start + 60)) }
    }
    let whole = try Files.read(fixture.path, limit: 1 << 24)
    #expect(try JournalReader.examine(path: fixture.path).verdict == .intact(records: 3_000))
    var bytes = whole
    let page = bytes.count / 2_048 / 2 * 2_048
    for place in page..<page + 2_048 { bytes[place] = 0 }
    try Files.write(bytes, to: fixture.path)
    guard case .broken(let seq, let why) = try JournalReader.examine(path: fixture.path).verdict else {
      Issue.record("taken for intact")
      return
    }
    #expect((2..<3_000).contains(seq) && why.hasPrefix("it cannot be read"), "\(seq): \(why)")
    #expect(throws: StoreError.self) { try fixture.reader().verify() }
    try Files.write(Array("not a database at all, but long enough to look at".utf8), to: fixture.path)
    guard case .broken(1, _) = try JournalReader.examine(path: fixture.path).verdict else {
      Issue.record("taken for intact")
      return
    }
    Files.remove(fixture.path)
    #expect(throws: StoreError.self) { try JournalReader.examine(path: fixture.path) }
  }

  @Test func aChainWrittenAnewIsFoundByTheAcknowledgement() throws {
    let fixture = try JournalFixture()
    do {
      let journal = try fixture.open()
      let written = try journal.append(drafts(0..<10))
      try journal.acknowledge(through: 5, hash: written[4].hash)
    }
    try fixture.meddle("UPDATE meta SET bytes = zeroblob(32) WHERE key = 'acknowledged'")
    #expect(
      try fixture.reader().verify() == .broken(seq: 5, why: "its hash is not the one that HQ acknowledged"))
  }

  @Test func whatIsNoJournalIsSaid() throws {
    let fixture = try JournalFixture()
    #expect(throws: StoreError.self) { try fixture.reader() }
    try Files.write(Array("not a database at all, but long enough to look at".utf8), to: fixture.path)
    let error = #expect(throws: StoreError.self) { try fixture.reader() }
    #expect(error?.kind == .damaged)
  }
}
