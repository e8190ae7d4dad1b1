import AccessPolicy
import Journal
import Messages
import Platform
import Testing

@testable import Runtime

/// From the rows of `list.db` to the list that is asked.
@Suite struct ListLoaderTests {
  private static let groups = ["residents", "staff"].map { name in
    GroupSetting(name: name, points: [], schedule: 0, untrustedClock: .deny)
  }

  private static let rows = [
    StoredListRow(credential: "plate:京A12345", holder: "unit 1", groups: "residents"),
    StoredListRow(
      credential: "card:H10301/1/2", holder: "", groups: "staff;strangers;residents", validFrom: -1,
      validUntil: .max,
      uses: 7, flags: "extended;unheard-of;deny"),
    StoredListRow(credential: "no credential", holder: "nobody", groups: "staff"),
    StoredListRow(credential: "plate:京·a12345", holder: "again", groups: "staff", flags: "deny"),
    StoredListRow(credential: "face:李娜", holder: String(repeating: "é", count: 150)),
  ]

  @Test func rowsBecomeTheListThatTextsBecome() throws {
    let place = try TemporaryDirectory(prefix: "loader")
    let loader = ListLoader(groups: Self.groups, directory: place.path)
    #expect(try loader.load() == nil)
    let list = StoredList(version: 5, rows: Self.rows)
    try ListStore(directory: place.path).save(list)
    let loaded = try #require(try loader.load())
    #expect(!loaded.isFromImage && loaded.damage == nil && loaded.list.version == 5)
    let texts = loader.snapshot(of: list)
    let fromImage = try #require(try loader.load())
    #expect(fromImage.isFromImage)
    for found in [loaded.list, texts, fromImage.list] {
      let rows = (0..<found.count).map { found.row(at: $0) }
      #expect(rows.map(\.holder) == ["unit 1", "", String(repeating: "é", count: 100)])
      #expect(rows.map(\.groups) == [[0], [0, 1], []])
      #expect(rows.map(\.flags) == [.deny, [.extended, .deny], []])
      #expect(rows[1].validFrom == -1 && rows[1].validUntil == .max && rows[1].uses == 7)
    }
  }

  /// Stored by an older program that took any number: it decides, and counts as none, so that another can be newer.
  @Test(arguments: [.max, .max - 1, MessageLimits.listVersion + 1] as [Int64])
  func aStoredVersionThatNoneMayHaveCountsAsNone(version: Int64) throws {
    let place = try TemporaryDirectory(prefix: "loader")
    let loader = ListLoader(groups: Self.groups, directory: place.path)
    try ListStore(directory: place.path).save(StoredList(version: version, rows: Self.rows))
    for isFromImage in [false, true] {
      let loaded = try #require(try loader.load())
      #expect(loaded.isFromImage == isFromImage && loaded.damage == nil)
      #expect(loaded.list.version == 0 && loaded.list.count == 3)
    }
  }
}
