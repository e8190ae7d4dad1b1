import AccessPolicy
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
    let isNew = builder.append(ListRow(credential: SnapshotTests.plate(5)))
    #expect(!isNew)
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

  @Test func aHolderTooLongIsCutAtACharacter() throws {
    let long = String(repeating: "京", count: 100)
    let list = ListSnapshot(
      rows: [ListRow(credential: SnapshotTests.plate(1), holder: long)], version: 1, groups: [])
    #expect(list.row(at: 0).holder == String(repeating: "京", count: 66))
  }
}
