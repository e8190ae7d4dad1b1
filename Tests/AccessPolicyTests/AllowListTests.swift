import AccessPolicy
import TestSupport
import Testing

@Suite struct AllowListTests {
  static let groups = ["residents", "staff"]
  static let header = "credential,holder,groups,valid_from,valid_until,uses,flags\n"

  @Test func everyFieldIsRead() throws {
    let text =
      "\u{FEFF}credential,holder,groups,valid_from,valid_until,uses,flags\r\n"
      + "card:H10301/123/45678,\"Li, \"\"Nana\"\"\r\nNa\",staff;residents,2026-01-01T00:00:00+08:00,"
      + "2027-01-01T00:00:00Z,3,extended; passback_exempt\r\n\r\nplate:京a12345,,,,,,deny"
    let (rows, faults) = AllowListText.parse(Array(text.utf8), groupNames: AllowListTests.groups)
    #expect(faults.isEmpty)
    let card = ListRow(
      credential: try CredentialKey.parse("card:H10301/123/45678"), holder: "Li, \"Nana\"\r\nNa",
      groups: [0, 1],
      validFrom: 1_767_196_800_000, validUntil: 1_798_761_600_000, uses: 3,
      flags: [.extended, .passbackExempt])
    #expect(rows == [card, ListRow(credential: try CredentialKey.parse("plate:京A12345"), flags: .deny)])
  }

  @Test func columnsMayStandInAnyOrderOrBeLeftOut() throws {
    let (rows, faults) = AllowListText.parse(
      Array("flags,credential\ndeny,plate:B1\n,plate:B2\n".utf8), groupNames: [])
    #expect(faults.isEmpty)
    #expect(rows.map(\.flags) == [.deny, []])
  }

  /// A row, and the faults it must be told for; the row before and the row after it stand.
  @Test(arguments: [
    ("plate:,,,,,,", ["credential: nothing stands after 'plate:'"]),
    ("plat:A1,,,,,,", ["credential: unknown kind; the nearest is 'plate:'"]),
    ("plate:A1,,resident,,,,", ["groups: unknown group 'resident'; the nearest is 'residents'"]),
    ("plate:A1,,staff;stuff,,,,", ["groups: unknown group 'stuff'; the nearest is 'staff'"]),
    (
      "plate:A1,,,yesterday,2026-02-30T00:00:00Z,,",
      [
        "valid_from: 'yesterday': not a time; write 2026-11-22T08:00:00+08:00 or 2026-11-22T00:00:00Z",
        "valid_until: '2026-02-30T00:00:00Z': the calendar has no such day",
      ]
    ),
    (
      "plate:A1,,,2026-01-01T00:00:00,,,",
      ["valid_from: '2026-01-01T00:00:00': the time has no offset from UTC; add Z or +08:00"]
    ),
    (
      "plate:A1,,,2026-01-02T00:00:00Z,2026-01-01T00:00:00Z,,",
      ["valid_until: 2026-01-01T00:00:00Z is not after valid_from 2026-01-02T00:00:00Z"]
    ),
    (
      "plate:A1,,,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,,",
      ["valid_until: 2026-01-01T00:00:00Z is not after valid_from 2026-01-01T00:00:00Z"]
    ),
    ("plate:A1,,,,,0,", ["uses: '0' is no whole number from 1 to 1000000"]),
    ("plate:A1,,,,,-1,", ["uses: '-1' is no whole number from 1 to 1000000"]),
    ("plate:A1,,,,,1.5,", ["uses: '1.5' is no whole number from 1 to 1000000"]),
    (
      "plate:A1,,,,,99999999999999999999,",
      ["uses: '99999999999999999999' is no whole number from 1 to 1000000"]
    ),
    ("plate:A1,,,,,,denied", ["flags: unknown flag 'denied'; the nearest is 'deny'"]),
    ("plate:A1,,,,,,Deny", ["flags: unknown flag 'Deny'; the nearest is 'deny'"]),
    ("plate:FIRST,,,,,,", ["credential: plate:FIRST stands already on line 2"]),
    ("plate:f-i-r-s-t,,,,,,", ["credential: plate:FIRST stands already on line 2"]),
    ("plate:A1", ["1 fields where the header has 7"]),
    ("plate:A1,,,,,,,", ["8 fields where the header has 7"]),
    ("plate:A1,a\u{7}b,,,,,", ["holder: a control character"]),
    ("plate:A1,\(String(repeating: "x", count: 201)),,,,,", ["holder: longer than 200 bytes"]),
    ("plate:A1,\(String(repeating: "x", count: 5000)),,,,,", ["the row is longer than 4096 bytes"]),
    (
      "plate:A1,a\"b,,,,,",
      ["a quote inside a field that does not begin with one; put the field in quotes, double it"]
    ),
    ("plate:A1,\"a\"b,,,,,", ["text after a closing quote; a quote inside a field is written twice"]),
    ("plate:A1,a\rb,,,,,", ["a carriage return that no line feed follows"]),
    ("pin:12,,,,,,", ["credential: a PIN has 3 to 16 digits"]),
    (
      "=cmd|' /C calc'!A0,,nobody,x,,x,x",
      [
        "credential: no kind before a colon; write one of plate: card: pin: qr: face:",
        "groups: unknown group 'nobody'; the nearest is 'staff'",
        "valid_from: 'x': not a time; write 2026-11-22T08:00:00+08:00 or 2026-11-22T00:00:00Z",
        "uses: 'x' is no whole number from 1 to 1000000", "flags: unknown flag 'x'; the nearest is 'deny'",
      ]
    ),
  ])
  func faults(_ row: String, _ expected: [String]) throws {
    let text = AllowListTests.header + "plate:FIRST,,,,,,\n\(row)\nplate:LAST,,,,,,\n"
    let (rows, faults) = AllowListText.parse(Array(text.utf8), groupNames: AllowListTests.groups)
    #expect(faults == expected.map { ListFault(line: 3, text: $0) })
    #expect(rows.map(\.credential.description) == ["plate:FIRST", "plate:LAST"])
  }

  @Test(arguments: [
    ("", "the list is empty; it begins with \(AllowListText.header)"),
    ("plate:A1,,,,,,\n", "the header is missing; the first line is \(AllowListText.header)"),
    ("credential,owner\n", "unknown column 'owner'; the nearest is 'holder'"),
    ("credential,holder,holder\n", "column 'holder' stands twice"),
    ("credential;holder\nplate:A1;x\n", "the header is missing; the first line is \(AllowListText.header)"),
    ("credential,\"holder\n", "a quote is not closed before the end"),
  ])
  func headerFaults(_ text: String, _ expected: String) {
    let (rows, faults) = AllowListText.parse(Array(text.utf8), groupNames: [])
    #expect(rows.isEmpty)
    #expect(faults == [ListFault(line: 1, text: expected)])
  }

  @Test func anOpenQuoteIsTold() {
    let text = AllowListTests.header + "plate:A1,\"x,,,,,\nplate:A2,,,,,,\n"
    let (rows, faults) = AllowListText.parse(Array(text.utf8), groupNames: [])
    #expect(rows.isEmpty)
    #expect(faults == [ListFault(line: 2, text: "a quote is not closed before the end")])
  }

  @Test func badUTF8IsTold() {
    let bytes = Array((AllowListTests.header + "plate:A1,").utf8) + [0xC3, 0x28] + Array(",,,,,\n".utf8)
    let (rows, faults) = AllowListText.parse(bytes, groupNames: [])
    #expect(rows.isEmpty)
    #expect(faults == [ListFault(line: 2, text: "holder: not UTF-8")])
  }

  /// Cut anywhere, the list reads the same; written and read again, too.
  @Test func piecesAndRoundTrip() throws {
    let whole = Array(Cases.text("list.csv").utf8)
    let expected = TestSite.rows()
    for size in [1, 2, 3, 7, 64, 1000] {
      var reader = AllowListReader(groupNames: TestSite.groupNames)
      var rows: [ListRow] = []
      for start in stride(from: 0, to: whole.count, by: size) {
        reader.feed(Array(whole[start..<min(start + size, whole.count)]))
        rows += reader.takeRows()
      }
      reader.finish()
      rows += reader.takeRows()
      #expect(rows == expected, "pieces of \(size)")
      #expect(reader.faultCount == 0)
    }
    let written = AllowListText.text(expected, groupNames: TestSite.groupNames)
    let again = AllowListText.parse(Array(written.utf8), groupNames: TestSite.groupNames)
    #expect(again.rows == expected)
    #expect(!written.contains("4711"))
  }

  @Test func faultsBeyondTheLimitAreCounted() {
    let text = AllowListTests.header + String(repeating: "x,,,,,,\n", count: 1500)
    var reader = AllowListReader(groupNames: [])
    reader.feed(Array(text.utf8))
    reader.finish()
    #expect(reader.faults.count == PolicyLimits.faultsTold)
    #expect(reader.faultCount == 1500)
  }

  /// Any bytes at all: no trap, and what is read can be written and read again.
  @Test func noise() {
    var numbers = SplitMix64(seed: 77)
    let letters = Array("plate:card:,,,\"\"\n\r;;A1京0-:/Hdeny".utf8) + [0xFF, 0x00, 0xC3]
    for round in 0..<400 {
      let noise = (0..<400).map { _ in letters.randomElement(using: &numbers)! }
      let (rows, _) = AllowListText.parse(Array(AllowListTests.header.utf8) + noise, groupNames: [])
      let written = AllowListText.text(rows, groupNames: [])
      #expect(
        AllowListText.parse(Array(written.utf8), groupNames: []).rows == rows, "seed 77, round \(round)")
    }
  }
}
