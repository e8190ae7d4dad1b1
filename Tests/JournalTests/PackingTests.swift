import Messages
import Platform
import Testing

@testable import Journal

/// What lies in the file is shorter, and what is read is the record, byte for byte.
@Suite struct PackingTests {
  @Test func everyWordIsOneByteAndStaysWhatItWas() {
    #expect(Set(RecordWords.codes).count == RecordWords.codes.count)
    #expect(!RecordWords.codes.contains(0) && !RecordWords.codes.contains(UInt8(ascii: "{")))
    for (word, code) in zip(RecordWords.first, RecordWords.codes) {
      let bytes = Array(word.description.utf8)
      #expect(RecordPacking.packed(bytes) == [1, code], "\(word)")
      #expect(RecordPacking.unpacked([1, code]) == bytes)
    }
    // Records in the field were packed with these.
    var all: [UInt8] = []
    for word in RecordWords.first { all += Array(word.description.utf8) + [0x0A] }
    #expect(
      Hex.text(Digest.of(all)) == "6521a94a1c67d457e0645b17679f2df415ef1f9492a2a73b16692a885a824b22",
      "a word of version 1 has changed: add a version instead")
  }

  @Test func aRecordTakesAThird() {
    let bytes = draft(123_456).encoded(seq: 123_456)
    let packed = RecordPacking.packed(bytes)
    #expect(packed.count * 5 < bytes.count * 2, "\(packed.count) of \(bytes.count)")
    #expect(RecordPacking.unpacked(packed) == bytes)
  }

  /// Any bytes at all: words cut and put together anew, text of every script, and noise.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func anyBytesComeBackVerbatim(seed: UInt64) {
    var random = SeededGenerator(state: seed)
    let words = RecordWords.first.map { Array($0.description.utf8) }
    for round in 0..<4_000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...30, using: &random) {
        let word = words.randomElement(using: &random) ?? []
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes += word
        case 1: bytes += word.prefix(Int.random(in: 0...word.count, using: &random))
        case 2: bytes += word.suffix(Int.random(in: 0...word.count, using: &random))
        case 3: bytes += Array("京A1234é😀\\u0000".utf8)
        default: bytes += (0..<9).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
      }
      let packed = RecordPacking.packed(bytes)
      guard RecordPacking.unpacked(packed) == bytes else {
        Issue.record("seed \(seed), round \(round): \(bytes)")
        return
      }
      var several = bytes
      unsafe packed.withUnsafeBufferPointer { unsafe RecordPacking.append($0, to: &several) }
      #expect(several == bytes + bytes, "seed \(seed), round \(round)")
    }
  }

  /// What nobody packed is given as it stands, whatever it is, and never more than was asked for.
  @Test(
    arguments: [
      [], Array("{}".utf8), [1, 0], [1, 65, 0], [2, 65], [0], [255, 254], [1],
    ] as [[UInt8]])
  func whatWasNotPackedIsGivenAsItStands(bytes: [UInt8]) {
    #expect(RecordPacking.unpacked(bytes) == (bytes == [1] ? [] : bytes))
  }

  /// As version 2 wrote it: every record as it is, and its digest beside it.
  private func makeOld(_ fixture: JournalFixture) throws {
    let database = try Database(path: fixture.path, mode: .readWrite)
    let rows = try database.prepare("SELECT seq, record FROM log WHERE record IS NOT NULL")
    var found: [(seq: Int64, record: [UInt8])] = []
    while try rows.step() { found.append((rows.integer(0), RecordPacking.unpacked(rows.bytes(1)))) }
    let update = try database.prepare("UPDATE log SET record = ?, digest = ? WHERE seq = ?")
    for row in found {
      try update.bind(1, row.record)
      try update.bind(2, Digest.of(row.record))
      try update.bind(3, row.seq)
      try update.run()
    }
    try database.execute("PRAGMA user_version = 2")
  }

  @Test func aLogOfTheVersionBeforeGoesOn() throws {
    let fixture = try JournalFixture()
    var written: [Journal.Appended]
    do {
      let journal = try fixture.open()
      written = try journal.append(drafts(0..<40))
      try journal.redact([7])
      try journal.acknowledge(through: 20, hash: written[19].hash)
    }
    try makeOld(fixture)
    #expect(try fixture.reader().verify() == .intact(records: 40), "as it is, without its daemon")
    do {
      let journal = try fixture.open()
      written += try journal.append(drafts(40..<60))
      try journal.redact([8, 45])
      let report = try fixture.reader().examine()
      #expect(report.verdict == .intact(records: 60) && report.redacted == 3)
      for record in try journal.read(after: 0, limit: 100) where ![7, 8, 45].contains(record.seq) {
        #expect(record.bytes == written[Int(record.seq) - 1].bytes)
      }
      let gone = try #require(try journal.read(after: 44, limit: 1).first)
      #expect(
        gone.bytes == LogRecord.redacted(gateway: "gw-1", seq: 45, digest: Digest.of(written[44].bytes)))
    }
    let newer = try Database(path: fixture.path, mode: .readOnly)
    #expect(try newer.integer("PRAGMA user_version") == 3)
    #expect(try newer.integer("SELECT count(*) FROM log WHERE substr(record, 1, 1) = x'7b'") == 38)
    #expect(try newer.integer("SELECT count(*) FROM log WHERE substr(record, 1, 1) = x'01'") == 19)
  }
}
