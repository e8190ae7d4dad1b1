import Journal
import Messages
import Platform
import Testing

/// A whole log of 50 records, with one redacted, a hole and an acknowledgement, and every way to change a byte of it.
@Suite struct FlipTests {
  /// What any reader gets of it.
  private struct Seen: Equatable {
    var records: [StoredRecord]
    var gateway: String
    var stretches: [JournalStretch]

    init(_ reader: JournalReader) throws {
      gateway = reader.gateway
      records = try reader.records(after: 0, limit: 1_000)
      stretches = []
      var seq: Int64 = 0
      while let stretch = try reader.stretch(after: seq, limit: 20) {
        stretches.append(stretch)
        seq = stretch.records[stretch.records.count - 1].seq
      }
    }
  }

  private func sample() throws -> JournalFixture {
    let fixture = try JournalFixture()
    let journal = try fixture.open(capacity: 50)
    let written = try journal.append((0..<50).map { draft($0, $0 % 5 == 4 ? .actuator : .access) })
    try journal.acknowledge(through: 4, hash: written[3].hash)
    _ = try journal.append(drafts(50..<56))
    try journal.redact([20])
    return fixture
  }

  @Test func everyByteOfEveryColumnIsProven() throws {
    let fixture = try sample()
    let database = try Database(path: fixture.path, mode: .readWrite)
    try database.execute("PRAGMA synchronous = OFF")
    let reader = try fixture.reader()
    let whole = try reader.records(after: 0, limit: 1_000)
    #expect(whole.count > 45)
    var flips = 0
    for stored in whole {
      for column in ["record", "digest", "hash"] {
        let read = try database.prepare("SELECT \(column) FROM log WHERE seq = \(stored.seq)")
        guard try read.step(), let bytes = read.optionalBytes(0) else { continue }
        read.reset()
        let update = try database.prepare("UPDATE log SET \(column) = ? WHERE seq = \(stored.seq)")
        for place in bytes.indices {
          var wrong = bytes
          wrong[place] ^= 1 << UInt8((place + Int(stored.seq)) % 8)
          try update.bind(1, wrong)
          try update.run()
          flips += 1
          guard case .broken(let seq, _) = try reader.verify() else {
            Issue.record("\(column) of seq \(stored.seq), byte \(place): taken for intact")
            continue
          }
          // A hash that is wrong is found at its record, a record at itself.
          #expect(seq == stored.seq, "\(column) of seq \(stored.seq), byte \(place)")
        }
        try update.bind(1, bytes)
        try update.run()
      }
      for bit in 0..<62 where bit < 8 || bit % 9 == 0 {
        let other = stored.seq ^ (1 << Int64(bit))
        guard !whole.contains(where: { $0.seq == other }) else { continue }
        try database.execute("UPDATE log SET seq = \(other) WHERE seq = \(stored.seq)")
        flips += 1
        if case .intact = try reader.verify() { Issue.record("seq \(stored.seq) as \(other): intact") }
        try database.execute("UPDATE log SET seq = \(stored.seq) WHERE seq = \(other)")
      }
    }
    #expect(flips > 5_000, "\(flips)")
    #expect(try reader.verify() == .intact(records: Int64(whole.count)))
  }

  /// Bytes of the file itself: each is found, or changes nothing of what a reader gets.
  @Test func aByteOfTheFileIsFoundOrChangesNothing() throws {
    let fixture = try sample()
    let whole = try Files.read(fixture.path, limit: 1 << 24)
    let seen = try Seen(fixture.reader())
    let seed: UInt64 = 20_261_123
    var random = SeededGenerator(state: seed)
    let copy = try JournalFixture()
    try Files.write(
      try Files.read("\(fixture.directory)/gatehouse.seq"), to: "\(copy.directory)/gatehouse.seq")
    var found = 0
    for number in 0..<2_500 {
      let place = Int.random(in: 0..<whole.count, using: &random)
      let bit = UInt8.random(in: 0..<8, using: &random)
      var bytes = whole
      bytes[place] ^= 1 << bit
      for suffix in ["-wal", "-shm"] { Files.remove(copy.path + suffix) }
      let file = try FileDescriptor.open(path: copy.path, flags: 0o1101, mode: 0o600)
      try file.writeAll(bytes)
      do {
        let reader = try copy.reader()
        let verdict = try reader.verify()
        if case .intact = verdict {
          #expect(try Seen(reader) == seen, "seed \(seed), flip \(number): bit \(bit) of byte \(place)")
        } else {
          found += 1
        }
      } catch is StoreError {
        found += 1
      }
    }
    #expect(found > 600, "\(found) of 2500 found")
  }
}
