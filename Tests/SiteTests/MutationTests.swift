import TestSupport
import Testing

@testable import Site

/// A site file that was damaged anywhere loads or is refused; it never traps.
@Suite("Damaged files")
struct MutationTests {
  private static let tokens = [
    "{", "}", "[", "]", ",", ":", "\"", "'", "//", "/*", "\\", "null", "true", "-1", "1e308",
    "0x7FFFFFFFFFFFFFFF",
    "9223372036854775808", "NaN", "\"lane1\"", "{}", "[]", "\u{0}", "京", "\n",
  ].map { Array($0.utf8) }

  @Test(arguments: 1...8)
  func neverTraps(_ seed: Int) throws {
    var generator = SplitMix64(seed: UInt64(seed))
    let bytes = try SmallFile.read("\(hardware)/sites/garage-pi5.json5", limit: 1 << 20)
    var refused = 0
    for _ in 0..<40 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let start = Int.random(in: 0..<damaged.count, using: &generator)
        let end = min(damaged.count, start + Int.random(in: 0...12, using: &generator))
        damaged.replaceSubrange(start..<end, with: Self.tokens.randomElement(using: &generator)!)
      }
      do {
        _ = try SiteFile.read(damaged, path: "damaged.json5", profiles: hardware)
      } catch {
        refused += 1
        #expect(!error.faults.isEmpty, "seed \(seed)")
      }
    }
    #expect(refused > 20, "seed \(seed): damage went unseen")
  }

  @Test func everyCutIsRefused() throws {
    let bytes = try SmallFile.read("\(hardware)/sites/bench.json5", limit: 1 << 20)
    let end = try #require(bytes.lastIndex(of: UInt8(ascii: "}")))
    for length in stride(from: 0, to: end, by: 7) {
      #expect(throws: SiteFaults.self, "cut at \(length)") {
        try SiteFile.read(Array(bytes[..<length]), path: "cut.json5", profiles: hardware)
      }
    }
  }
}
