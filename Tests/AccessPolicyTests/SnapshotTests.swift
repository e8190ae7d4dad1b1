import AccessPolicy
import TestSupport
import Testing

@Suite struct SnapshotTests {
  static func plate(_ number: Int) -> CredentialKey {
    let digits = String(100_000 + number)
    return try! CredentialKey.parse("plate:京\(Character(Unicode.Scalar(UInt8(65 + number % 8))))\(digits)")
  }

  @Test func everyRowIsFoundAndNoOther() throws {
    let count = 100_000
    var builder = ListSnapshotBuilder(expecting: 10, groups: TestSite.groups)
    for number in 0..<count {
      builder.append(
        ListRow(credential: SnapshotTests.plate(number), holder: "unit \(number)", groups: [number % 3]))
    }
    builder.append(ListRow(credential: SnapshotTests.plate(5)))
    let list = ListSnapshot(version: 7, builder: builder)
    #expect(list.count == count)
    #expect(list.version == 7)
    for number in stride(from: 0, to: count, by: 7) {
      let entry = try #require(list.lookup(SnapshotTests.plate(number)))
      let row = list.row(at: entry)
      #expect(row.holder == "unit \(number)")
      #expect(row.groups == [number % 3])
    }
    for number in count..<(count + 5_000) {
      #expect(list.lookup(SnapshotTests.plate(number)) == nil)
    }
    #expect(list.bytes < count * 80)
  }

  @Test func rowsComeBackWhole() {
    let rows = TestSite.rows()
    let list = TestSite.list()
    #expect((0..<list.count).map { list.row(at: $0) } == rows)
  }

  @Test func anEmptyListFindsNothing() {
    #expect(ListSnapshot.empty().lookup(SnapshotTests.plate(1)) == nil)
  }

  @Test func ofTwoRowsADenyHolds() throws {
    let key = SnapshotTests.plate(1)
    for flags in [[ListFlags.deny, []], [[], ListFlags.deny]] {
      let list = ListSnapshot(
        rows: flags.map { ListRow(credential: key, groups: [0], flags: $0) }, version: 1,
        groups: TestSite.groups)
      #expect(list.count == 1)
      #expect(list.row(at: 0).flags == .deny)
    }
  }

  /// Many rows of few credentials, in any order: each stands where it came first, with what it said then.
  @Test(arguments: [UInt64(5), 417]) func repeatedRowsAreFoundWhenAllAreThere(_ seed: UInt64) throws {
    var numbers = SplitMix64(seed: seed)
    let rows = (0..<2_000).map { number in
      ListRow(
        credential: SnapshotTests.plate(Int.random(in: 0..<900, using: &numbers)), holder: "row \(number)",
        groups: [number % 3], uses: number % 4 == 0 ? number : nil,
        flags: number % 17 == 0 ? .deny : number % 5 == 0 ? .extended : [])
    }
    var expected: [ListRow] = []
    for row in rows {
      if let first = expected.firstIndex(where: { $0.credential == row.credential }) {
        if row.flags.contains(.deny) { expected[first].flags.insert(.deny) }
      } else {
        expected.append(row)
      }
    }
    let list = ListSnapshot(rows: rows, version: 1, groups: TestSite.groups)
    #expect((0..<list.count).map { list.row(at: $0) } == expected, "seed \(seed)")
    for (place, row) in expected.enumerated() {
      #expect(list.lookup(row.credential) == place, "seed \(seed)")
    }
    // No plate is left of those that went.
    let cards = try (0..<3).map { ListRow(credential: try CredentialKey.parse("card:H10301/1/\($0)")) }
    let fewer = ListSnapshot(rows: cards + cards, version: 1, groups: [])
    #expect(fewer.count == 3)
  }

  @Test func aHolderTooLongIsCutAtACharacter() throws {
    let long = String(repeating: "京", count: 100)
    let list = ListSnapshot(
      rows: [ListRow(credential: SnapshotTests.plate(1), holder: long)], version: 1, groups: [])
    #expect(list.row(at: 0).holder == String(repeating: "京", count: 66))
  }
}
