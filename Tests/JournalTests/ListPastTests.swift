import Journal
import Platform
import Testing

/// The list of then, out of what replaced it.
@Suite struct ListPastTests {
  private let place: TemporaryDirectory
  private let past: ListPast

  init() throws {
    place = try TemporaryDirectory(prefix: "past")
    past = ListPast(directory: place.path)
  }

  private func reader() throws -> ListPastReader { try ListPastReader(directory: place.path) }

  private func row(_ credential: String, _ holder: String) -> StoredListRow {
    StoredListRow(
      credential: credential, holder: holder, groups: "all", validFrom: 5, uses: 3, flags: "extended")
  }

  @Test func everyVersionIsFoundAgain() throws {
    try past.begin(version: 1, boot: 1)
    try past.replace(
      1, with: 2,
      [.init(credential: "plate:A", row: row("plate:A", "one")), .init(credential: "plate:B", row: nil)],
      at: 10)
    try past.replace(2, with: 7, [.init(credential: "plate:A", row: row("plate:A", "two"))], at: 20)
    let reader = try reader()
    for version: Int64 in [1, 2, 5, 7] { #expect(try reader.standing(of: version, boot: 1) == .known) }
    #expect(try reader.standing(of: 0, boot: 1) == .gone(floor: 1))
    #expect(try reader.change(of: "plate:A", after: 1)?.row == row("plate:A", "one"))
    #expect(try reader.change(of: "plate:A", after: 2)?.row == row("plate:A", "two"))
    #expect(try reader.change(of: "plate:A", after: 7) == nil)
    #expect(try reader.change(of: "plate:B", after: 1) == .init(credential: "plate:B", row: nil))
    #expect(try reader.change(of: "plate:B", after: 2) == nil)
    #expect(
      try reader.changes(startingWith: "plate:", after: 1) == [
        .init(credential: "plate:A", row: row("plate:A", "one")), .init(credential: "plate:B", row: nil),
      ])
    #expect(try reader.changes(startingWith: "card:", after: 1).isEmpty)
  }

  @Test func whatIsTooMuchIsGivenUpAndSaidSo() throws {
    try past.begin(version: 1, boot: 1)
    let half = JournalLimits.listPastRows / 2
    for version: Int64 in 2...4 {
      let changes = (0..<half).map { ListPast.Change(credential: "card:\(version)-\($0)", row: nil) }
      try past.replace(version - 1, with: version, changes, at: version)
    }
    #expect(try reader().standing(of: 1, boot: 1) == .gone(floor: 2))
    #expect(try reader().standing(of: 2, boot: 1) == .known)
    try past.replace(4, with: 5, nil, at: 5)
    #expect(try reader().standing(of: 4, boot: 1) == .gone(floor: 5))
    #expect(try reader().change(of: "card:4-1", after: 1) == nil)
  }

  @Test func whoIsOffTheListForLongIsForgotten() throws {
    try past.begin(version: 1, boot: 1)
    try past.replace(1, with: 2, [.init(credential: "card:1", row: row("card:1", "Ann"))], at: 1_000)
    try past.replace(2, with: 3, [.init(credential: "card:2", row: row("card:2", "Bob"))], at: 2_000)
    try past.forget(before: 1_500)
    #expect(try reader().standing(of: 1, boot: 1) == .gone(floor: 2))
    #expect(try reader().change(of: "card:2", after: 2)?.row?.holder == "Bob")
    let bytes = try Files.read(past.path, limit: 1 << 20)
    #expect(!String(decoding: bytes, as: UTF8.self).contains("Ann"))
  }

  @Test func aSaveThatFailedIsTakenBack() throws {
    try past.begin(version: 1, boot: 1)
    try past.replace(1, with: 2, [.init(credential: "card:1", row: nil)], at: 10)
    try past.takeBack(2, to: 1)
    try past.replace(1, with: 2, [.init(credential: "card:9", row: nil)], at: 11)
    #expect(try reader().change(of: "card:1", after: 1) == nil)
    #expect(try reader().change(of: "card:9", after: 1) != nil)
    #expect(try reader().standing(of: 1, boot: 1) == .known)
    // Also one that was too much, and cleared what was known.
    try past.replace(2, with: 3, nil, at: 12)
    try past.takeBack(3, to: 2)
    #expect(try reader().standing(of: 2, boot: 1) == .known)
    #expect(try reader().standing(of: 1, boot: 1) == .gone(floor: 2))
  }

  @Test func aNumberGivenTwiceIsToldApart() throws {
    try past.begin(version: 5, boot: 3)
    try past.replace(5, with: 6, [.init(credential: "card:1", row: nil)], at: 10)
    try past.replace(6, with: 7, [.init(credential: "card:2", row: nil)], at: 11)
    // An older copy of the list was put back.
    try past.begin(version: 6, boot: 8)
    try past.replace(6, with: 7, [.init(credential: "card:3", row: nil)], at: 12)
    let reader = try reader()
    #expect(try reader.standing(of: 7, boot: 3) == .otherList)
    #expect(try reader.standing(of: 7, boot: 8) == .known)
    #expect(try reader.standing(of: 5, boot: 3) == .known)
    #expect(try reader.change(of: "card:2", after: 5) == nil)
  }

  @Test func aListThatCameFromElsewhereBeginsAnew() throws {
    try past.begin(version: 5, boot: 3)
    try past.replace(5, with: 6, [.init(credential: "card:1", row: nil)], at: 10)
    try past.begin(version: 9, boot: 4)
    #expect(try reader().standing(of: 8, boot: 4) == .gone(floor: 9))
    #expect(try reader().standing(of: 9, boot: 4) == .known)
    try past.replace(10, with: 11, [.init(credential: "card:4", row: nil)], at: 12)
    #expect(try reader().standing(of: 9, boot: 4) == .gone(floor: 10))
  }

  @Test func aDamagedFileIsBegunAnew() throws {
    try Files.write(Array("not a database, and long enough to be looked at".utf8), to: past.path)
    #expect(throws: StoreError.self) { try past.begin(version: 1, boot: 1) }
    try past.begin(version: 1, boot: 1)
    #expect(try reader().standing(of: 1, boot: 1) == .known)
  }
}
