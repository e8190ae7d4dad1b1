extension ZoneRules {
  /// Reads a file of `/usr/share/zoneinfo` (TZif, RFC 8536, version 2 or later).
  ///
  /// The rule in its footer is written out up to the end of the year 2100, in which the last change stays.
  public init(tzif bytes: [UInt8]) throws(ZoneFault) {
    guard bytes.count <= 1 << 18 else { throw .tooLarge }
    var file = TZifBytes(bytes)
    let old = try file.header()
    guard old.version >= UInt8(ascii: "2") else { throw .version1 }
    try file.skip(old.blockSize(timeBytes: 4))
    let counts = try file.header()
    let block = try file.block(counts)
    var changes = block.changes
    if let rule = try file.footer() {
      changes += rule.changes(after: changes.last?.at, through: 2100)
    }
    self.init(first: block.first, changes: changes)
  }
}

private struct TZifCounts {
  var version: UInt8
  var utMarks: Int
  var standardMarks: Int
  var leaps: Int
  var times: Int
  var types: Int
  var letters: Int

  func blockSize(timeBytes: Int) -> Int {
    times * (timeBytes + 1) + types * 6 + letters + leaps * (timeBytes + 4) + standardMarks + utMarks
  }
}

/// The file from front to back; every step checks that the bytes are there.
private struct TZifBytes {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func skip(_ count: Int) throws(ZoneFault) {
    guard position + count <= bytes.count else { throw .truncated }
    position += count
  }

  mutating func header() throws(ZoneFault) -> TZifCounts {
    guard position + 44 <= bytes.count else { throw position == 0 ? .notTZif : .truncated }
    guard bytes[position..<(position + 4)].elementsEqual("TZif".utf8) else { throw .notTZif }
    let version = bytes[position + 4]
    position += 20
    var numbers: [Int] = []
    for _ in 0..<6 {
      numbers.append(Int(UInt32(truncatingIfNeeded: try number(4))))
    }
    guard numbers.allSatisfy({ $0 <= 1 << 14 }) else { throw .tooLarge }
    return TZifCounts(
      version: version, utMarks: numbers[0], standardMarks: numbers[1], leaps: numbers[2], times: numbers[3],
      types: numbers[4], letters: numbers[5])
  }

  mutating func block(
    _ counts: TZifCounts
  ) throws(ZoneFault) -> (first: Int32, changes: [(at: Int64, offset: Int32)]) {
    guard counts.leaps == 0 else { throw .leapSeconds }
    guard counts.types > 0 else { throw .inconsistent }
    var times: [Int64] = []
    for _ in 0..<counts.times {
      times.append(try number(8))
    }
    var kinds: [Int] = []
    for _ in 0..<counts.times {
      kinds.append(Int(try number(1) & 0xFF))
    }
    var offsets: [Int32] = []
    for _ in 0..<counts.types {
      offsets.append(Int32(truncatingIfNeeded: try number(4)))
      try skip(2)
    }
    try skip(counts.letters + counts.standardMarks + counts.utMarks)
    let isOrdered = zip(times, times.dropFirst()).allSatisfy { $0 < $1 }
    let areOffsets = offsets.allSatisfy { abs(Int($0)) <= 26 * 3600 }
    guard isOrdered, areOffsets, kinds.allSatisfy({ $0 < offsets.count }) else { throw .inconsistent }
    return (offsets[0], zip(times, kinds).map { (at: $0, offset: offsets[$1]) })
  }

  /// The text between two line feeds; nil where it is empty.
  mutating func footer() throws(ZoneFault) -> ZoneFooter? {
    guard position < bytes.count, bytes[position] == 0x0A else { throw .truncated }
    let rest = bytes[(position + 1)...]
    guard let end = rest.firstIndex(of: 0x0A) else { throw .truncated }
    let text = Array(rest[..<end])
    guard !text.isEmpty else { return nil }
    guard text.count <= 256, let footer = ZoneFooter(text) else { throw .footer }
    return footer
  }

  /// Big-endian, with a sign.
  private mutating func number(_ count: Int) throws(ZoneFault) -> Int64 {
    guard position + count <= bytes.count else { throw .truncated }
    var value: UInt64 = 0
    for place in position..<(position + count) {
      value = value << 8 | UInt64(bytes[place])
    }
    position += count
    return Int64(bitPattern: value)
  }
}
