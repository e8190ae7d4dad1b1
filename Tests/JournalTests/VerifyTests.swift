import Journal
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
