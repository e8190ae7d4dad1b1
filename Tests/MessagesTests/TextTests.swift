import Messages
import Testing

@Suite struct TimestampTests {
  @Test(
    arguments: [
      ("1970-01-01T00:00:00.000Z", 0), ("2026-11-22T08:00:00.123Z", 1_795_334_400_123),
      ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T12:00:00.000Z", 951_825_600_000),
      ("0000-01-01T00:00:00.000Z", -62_167_219_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
    ] as [(String, Int64)])
  func bothWays(text: String, milliseconds: Int64) {
    #expect(Timestamp(text)?.milliseconds == milliseconds)
    #expect(Timestamp(milliseconds: milliseconds).description == text)
  }

  @Test(arguments: [
    ("2026-01-01T00:00:00+08:00", "2025-12-31T16:00:00.000Z"),
    ("2026-01-01 00:00:00.5-01:30", "2026-01-01T01:30:00.500Z"),
    ("2026-01-01t00:00:00.1239z", "2026-01-01T00:00:00.123Z"),
    ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"),
  ])
  func reads(text: String, utc: String) {
    #expect(Timestamp(text)?.description == utc)
  }

  @Test(arguments: [
    "", "2026", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00",
    "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00+0800", "2026-01-01T00:00:00Zx", "+026-01-01T00:00:00Z", "２026-01-01T00:00:00Z",
  ])
  func refuses(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func anyNumberCanBeShown() {
    #expect(Timestamp(milliseconds: .min).description == "0000-01-01T00:00:00.000Z")
    #expect(Timestamp(milliseconds: .max).description == "9999-12-31T23:59:59.999Z")
  }
}

@Suite struct ByteTextTests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
  ])
  func base64(plain: String, text: String) {
    #expect(Base64.text(Array(plain.utf8)) == text)
    #expect(Base64.bytes(text) == Array(plain.utf8))
  }

  @Test(arguments: ["Z", "Zg", "Zg=", "Zh==", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm9-"])
  func refusesBase64(text: String) {
    #expect(Base64.bytes(text) == nil)
  }

  @Test func hex() {
    #expect(Hex.text([0, 0x1F, 0xFF]) == "001fff")
    #expect(Hex.bytes("001FfF") == [0, 0x1F, 0xFF])
    #expect(Hex.bytes("0") == nil)
    #expect(Hex.bytes("0g") == nil)
  }
}

@Suite struct LineFramerTests {
  private func lines(_ framer: inout LineFramer) -> [LineFramer.Line] {
    var lines: [LineFramer.Line] = []
    while let line = framer.next() { lines.append(line) }
    return lines
  }

  @Test(arguments: 1...9)
  func anySplitGivesTheSameLines(size: Int) {
    var framer = LineFramer(limit: 8)
    let stream = Array("ab\n\n12345678\n123456789\nlast\nopen".utf8)
    var found: [LineFramer.Line] = []
    for start in stride(from: 0, to: stream.count, by: size) {
      framer.feed(stream[start..<min(start + size, stream.count)])
      found += lines(&framer)
    }
    #expect(
      found == [
        .line(Array("ab".utf8)), .line([]), .line(Array("12345678".utf8)), .overlong,
        .line(Array("last".utf8)),
      ])
  }

  @Test func anEndlessLineIsToldOnceAndNotKept() {
    var framer = LineFramer()
    for _ in 0..<1_000 { framer.feed([UInt8](repeating: 0x61, count: 4_096)) }
    #expect(lines(&framer) == [.overlong])
    framer.feed(Array("\nok\n".utf8))
    #expect(lines(&framer) == [.line(Array("ok".utf8))])
  }
}
