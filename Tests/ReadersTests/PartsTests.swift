import Messages
import Platform
import Testing

@testable import Readers

@Suite struct PartsTests {
  @Test(arguments: [
    ("V-7F3K\r\n", ["V-7F3K"]), ("V-7F3K\r", ["V-7F3K"]), ("\n\n A B \n", ["A B"]), ("a\rb\nc", ["a", "b"]),
    ("", []), ("  \n", []), ("访客\n", ["访客"]), ("a\u{1B}[2J\n", []), ("a\tb\n", []), ("x\u{7F}\n", []),
  ]) func codesAreCutAtLineEnds(text: String, codes: [String]) {
    for step in [1, 100] {
      var framing = ScannerFraming()
      let bytes = Array(text.utf8)
      var found: [String] = []
      for start in stride(from: 0, to: bytes.count, by: step) {
        found += framing.take(Array(bytes[start..<min(start + step, bytes.count)]), now: 1_000)
      }
      #expect(found == codes)
    }
  }

  @Test func halfACodeIsForgottenAndALongOneDroppedWhole() {
    var framing = ScannerFraming()
    #expect(framing.take(Array("V-7F".utf8), now: 1_000).isEmpty)
    #expect(framing.take(Array("3K\n".utf8), now: 1_100) == ["V-7F3K"])
    #expect(framing.take(Array("V-7F".utf8), now: 2_000).isEmpty)
    #expect(framing.take(Array("3K\n".utf8), now: 2_600) == ["3K"])
    #expect(framing.dropped == 1)
    let long = [UInt8](repeating: 0x41, count: 100_000)
    #expect(framing.take(long + [0x0A], now: 2_700).isEmpty)
    #expect(framing.take([0xFF, 0xFE, 0x0A], now: 2_800).isEmpty)
    #expect(framing.dropped == 3)
    #expect(framing.take(Array("ok\n".utf8), now: 2_900) == ["ok"])
  }

  @Test(
    arguments: [
      (26, [0x12, 0x34, 0x56, 0x80], "raw/26/048D15A"), (32, [0xDE, 0xAD, 0xBE, 0xEF], "raw/32/DEADBEEF"),
      (1, [0x80], "raw/1/1"), (4, [0xA0], "raw/4/A"),
      (37, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "raw/37/1FFFFFFFFF"),
      (8, [0x0F, 0xFF], "raw/8/0F"),
    ] as [(Int, [UInt8], String)]) func cardsAreWrittenAsTheirBits(count: Int, bytes: [UInt8], text: String)
  {
    #expect(CardBits(count: count, bytes: bytes)?.text == text)
  }

  @Test func cardsThatCannotBeAreNone() {
    #expect(CardBits(count: 0, bytes: [1]) == nil)
    #expect(CardBits(count: 9, bytes: [1]) == nil)
    #expect(CardBits(count: -8, bytes: [1]) == nil)
    #expect(CardBits(count: 65_535, bytes: [UInt8](repeating: 1, count: 8_192)) == nil)
  }

  @Test(arguments: [
    ("1234\r", "1234"), ("12\u{7F}34\r", "34"), ("\r", nil), ("12A4\r", nil), ("1234567890123\r", nil),
    ("123456789012\r", "123456789012"), ("12345678901234\r5\r", "5"), ("1234", nil),
  ]) func aPINEndsWithItsKey(keys: String, pin: String?) {
    var entry = PINEntry()
    var found: String?
    for key in keys.utf8 { found = entry.take([key], now: 100) ?? found }
    #expect(found == pin)
  }

  @Test func aPINLeftAloneIsForgotten() {
    var entry = PINEntry()
    #expect(entry.take(Array("12".utf8), now: 1_000) == nil)
    #expect(entry.take(Array("34\r".utf8), now: 12_000) == "34")
  }

  @Test(arguments: [
    ("000102030405060708090a0b0c0d0e0f\n", true), ("00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F", true),
    ("0001", false), ("", false), ("zz0102030405060708090a0b0c0d0e0f", false),
    (String(repeating: "0", count: 1_000), false),
  ]) func aKeyFileHoldsOneKey(text: String, good: Bool) throws {
    let directory = try TemporaryDirectory()
    try Files.write(Array(text.utf8), to: "\(directory.path)/key")
    #expect(((try? OSDPKeyFile.read("\(directory.path)/key")) == [UInt8](0...15)) == good)
  }

  /// FIPS 197, appendix C.1, and NIST SP 800-38A, F.2.1.
  @Test func theCipherIsAES() {
    let plain = OSDPTranscriptTests.bytes("00112233445566778899aabbccddeeff")
    let coded = OSDPTranscriptTests.bytes("69c4e0d86a7b0430d8cdb78070b4c55a")
    #expect(BlockCipher(key: [UInt8](0...15)).encrypt(plain) == coded)
    let chained = BlockCipher(key: OSDPTranscriptTests.bytes("2b7e151628aed2a6abf7158809cf4f3c"))
    let text = OSDPTranscriptTests.bytes("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
    let cipher = OSDPTranscriptTests.bytes("7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2")
    #expect(chained.encrypt(text, vector: [UInt8](0...15)) == cipher)
    #expect(chained.decrypt(cipher, vector: [UInt8](0...15)) == text)
  }
}
