import Testing

@testable import GPIODriver

/// Bits that somebody else received, an OSDP reader say, read by the same formats.
@Suite struct BitsTests {
  private func hexadecimal(_ known: KnownFrame, _ bits: Int) -> String {
    let digits = String(known.frame, radix: 16, uppercase: true)
    return String(repeating: "0", count: (bits + 3) / 4 - digits.count) + digits
  }

  @Test(arguments: KnownFrame.all)
  func bitsAreNamed(_ known: KnownFrame) throws {
    let format = try #require(WiegandFormat.named(known.format))
    let setting = try #require(WiegandDecoder.Setting(names: [known.format]))
    let text = hexadecimal(known, format.bits)
    #expect(
      setting.read(bits: format.bits, hexadecimal: text)
        == .card(WiegandCard(format: known.format, facility: known.facility, number: known.number)))
    let wrong = String(known.frame ^ 1, radix: 16, uppercase: true)
    let padded = String(repeating: "0", count: text.count - wrong.count) + wrong
    #expect(setting.read(bits: format.bits, hexadecimal: padded) == .damaged(.parity(bits: format.bits)))
  }

  @Test(arguments: [(26, "12345"), (26, "12345678"), (26, "FFFFFFF"), (26, "123456G"), (0, ""), (-1, "")])
  func whatIsNoFrameIsNone(_ bits: Int, _ hexadecimal: String) throws {
    let setting = try #require(WiegandDecoder.Setting(names: ["H10301"]))
    #expect(setting.read(bits: bits, hexadecimal: hexadecimal) == nil)
  }
}
