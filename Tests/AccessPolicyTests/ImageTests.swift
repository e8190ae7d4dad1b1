import ControlCore
import TestSupport
import Testing

@testable import AccessPolicy

@Suite struct ImageTests {
  static let origin = ListImage.Origin(
    version: 42, digest: (0..<32).map { UInt8($0 * 7) }, groups: TestSite.groups)

  private static func bytes(_ list: ListSnapshot, _ origin: ListImage.Origin = origin) -> [UInt8] {
    var bytes: [UInt8] = []
    list.writeImage(of: origin) { part in
      unsafe part.withUnsafeBytes { bytes.append(contentsOf: unsafe Array($0)) }
    }
    return bytes
  }

  private static func read(
    _ bytes: [UInt8], _ origin: ListImage.Origin = origin
  ) throws(ListImage.Fault) -> ListSnapshot {
    var offset = 0
    return try ListSnapshot(image: origin, fileBytes: bytes.count) { room in
      let count = room.byteCount
      guard offset + count <= bytes.count else { return false }
      unsafe room.withUnsafeMutableBytes { unsafe $0.copyBytes(from: bytes[offset..<offset + count]) }
      offset += count
      return true
    }
  }

  /// Plates close to one another, cards, and all kinds of terms.
  private static func list() -> ListSnapshot {
    let made = (0..<300).map { number in
      ListRow(
        credential: SnapshotTests.plate(number * 13), holder: "unit \(number)", groups: [number % 3],
        validFrom: number % 4 == 0 ? Int64(number) : nil, validUntil: number % 5 == 0 ? .max : nil,
        uses: number % 6 == 0 ? number : nil, flags: number % 7 == 0 ? .deny : [])
    }
    return ListSnapshot(rows: TestSite.rows() + made, version: 42, groups: TestSite.groups)
  }

  @Test func comesBackWhole() throws {
    for list in [ImageTests.list(), ListSnapshot(rows: [], version: 42, groups: TestSite.groups)] {
      let bytes = ImageTests.bytes(list)
      let back = try ImageTests.read(bytes)
      #expect(back.version == 42 && back.count == list.count)
      for place in 0..<list.count {
        let row = list.row(at: place)
        #expect(back.row(at: place) == row)
        #expect(back.lookup(row.credential) == place)
      }
      #expect(ImageTests.bytes(back) == bytes)
    }
  }

  /// Every byte of the header and thousands of the rest, each changed alone: always noticed.
  @Test(arguments: [UInt64(7), 417]) func everyChangedByteIsNoticed(_ seed: UInt64) {
    var numbers = SplitMix64(seed: seed)
    let whole = ImageTests.bytes(ImageTests.list())
    let samples =
      Array(0..<ListImage.headerBytes)
      + (0..<1_500).map { _ in Int.random(in: whole.indices, using: &numbers) }
    for place in samples {
      var bytes = whole
      bytes[place] ^= UInt8.random(in: 1...255, using: &numbers)
      #expect(throws: ListImage.Fault.self, "seed \(seed), byte \(place)") { try ImageTests.read(bytes) }
    }
  }

  @Test func aFileCutOrGrownIsNoticed() {
    let whole = ImageTests.bytes(ImageTests.list())
    for count in Array(0...200) + Array(stride(from: 201, to: whole.count, by: 97)) + [whole.count - 1] {
      #expect(throws: ListImage.Fault.self, "\(count) bytes") {
        try ImageTests.read(Array(whole.prefix(count)))
      }
    }
    #expect(throws: ListImage.Fault.long) { try ImageTests.read(whole + [0]) }
  }

  @Test func anImageOfSomethingElseIsNotUsed() {
    let whole = ImageTests.bytes(ImageTests.list())
    let (own, groups) = (ImageTests.origin, TestSite.groups)
    var digest = own.digest
    digest[31] ^= 1
    let others: [(ListImage.Origin, ListImage.Fault)] = [
      (ListImage.Origin(version: 43, digest: own.digest, groups: groups), .otherList),
      (ListImage.Origin(version: 42, digest: digest, groups: groups), .otherList),
      (ListImage.Origin(version: 42, digest: own.digest, groups: groups.reversed()), .otherRules),
    ]
    for (other, fault) in others {
      #expect(throws: fault) { try ImageTests.read(whole, other) }
    }
    var swapped = whole
    swapped.replaceSubrange(0..<8, with: swapped[0..<8].reversed())
    #expect(throws: ListImage.Fault.byteOrder) { try ImageTests.read(swapped) }
  }

  /// A forger mends the checksum: the list may then be another, but nothing leaves its tables.
  @Test(arguments: [UInt64(3), 20_261_123]) func aForgedImageNeverTraps(_ seed: UInt64) throws {
    var numbers = SplitMix64(seed: seed)
    let list = ImageTests.list()
    let whole = ImageTests.bytes(list)
    let reads = (0..<list.count).map { list.row(at: $0).credential }
    let setting = TestSite.setting(zone: .utc)
    let decider = Decider(setting: setting)
    let state = PassageState(setting: setting)
    var taken = 0
    for _ in 0..<250 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &numbers) {
        let place = Int.random(in: 72..<whole.count, using: &numbers)
        bytes[place] = UInt8.random(in: 0...255, using: &numbers)
      }
      guard let forged = try? ImageTests.read(ImageTests.resealed(bytes)) else { continue }
      taken += 1
      for place in 0..<forged.count where place % 7 == 0 { _ = forged.row(at: place) }
      for read in reads where UInt8.random(in: 0..<8, using: &numbers) == 0 {
        let request = AccessRequest(
          reader: ReaderIndex(0), credential: read, at: 1_795_305_600_000, now: Instant(nanoseconds: 1))
        let decision = decider.decide(request, list: forged, state: state)
        let told = decision.trace.explained(setting: setting, list: forged, request: request)
        #expect(!told.isEmpty, "seed \(seed)")
      }
    }
    #expect(taken > 0)
  }

  /// With the checksum that its content wants.
  private static func resealed(_ bytes: [UInt8]) -> [UInt8] {
    var words = Array(repeating: UInt64(0), count: bytes.count / 8)
    for (place, byte) in bytes.enumerated() { words[place / 8] |= UInt64(byte) << UInt64(place % 8 * 8) }
    let place = ListImage.headerWords - 1
    words[place] = 0
    var sum = ListChecksum()
    sum.add(words)
    words[place] = sum.value
    var sealed: [UInt8] = []
    for word in words {
      for byte in 0..<8 { sealed.append(UInt8(truncatingIfNeeded: word >> UInt64(byte * 8))) }
    }
    return sealed
  }
}
