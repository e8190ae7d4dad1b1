import AccessPolicy
import Glibc
import Testing

/// Whether the long run was asked for: `GATEHOUSE_SOAK=1`.
private let isSoak = unsafe getenv("GATEHOUSE_SOAK") != nil

@Suite struct MillionTests {
  /// Bytes that the tables of a million credentials with their holders' names may take.
  static let bytes = 48_000_000

  /// With the soak a million, otherwise a hundredth of both.
  @Test func aListStaysWithinItsMemory() throws {
    let share = isSoak ? 1 : 100
    let count = 1_000_000 / share
    var builder = ListSnapshotBuilder(expecting: count, groups: TestSite.groups)
    for number in 0..<count {
      builder.append(
        ListRow(
          credential: SnapshotTests.plate(number), holder: "holder \(number)", groups: [number % 3]))
    }
    let list = ListSnapshot(version: 1, builder: builder)
    #expect(list.count == count)
    #expect(list.bytes <= MillionTests.bytes / share)
    for number in stride(from: 0, to: count, by: 97) {
      let entry = try #require(list.lookup(SnapshotTests.plate(number)))
      #expect(list.row(at: entry).holder == "holder \(number)")
    }
    for number in count..<(count + 1_000) {
      #expect(list.lookup(SnapshotTests.plate(number)) == nil)
    }
  }
}
