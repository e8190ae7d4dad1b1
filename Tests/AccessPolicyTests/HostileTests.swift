import AccessPolicy
import ControlCore
import TestSupport
import Testing

/// Whatever stands on the wire: no trap, and no grant.
@Suite struct HostileTests {
  static let texts: [String] = [
    "plate:' OR 1=1 --", "plate:'; DROP TABLE list; --", "card:H10301/123/45678'--", "qr:' UNION SELECT *",
    "qr:\u{0}\u{0}\u{0}", "qr:\u{1B}]0;owned\u{7}", "face:../../etc/passwd", "plate:%s%s%n",
    "plate:京A12345\u{0}",
    "plate:京A12345;plate:京A88888", "plate:*", "plate:京A1234?", "card:raw/26/*", "card:*/*/*", "qr:*", "pin:*",
    "pin:4711 OR 1", "plate:\u{202E}54321A京", "plate:京A12345\u{301}\u{301}\u{301}", "card:H10301/+123/45678",
    "card:H10301/0x7B/45678", "card:H10301/123/45678/", "card:raw/-26/2ABCDEF",
    "card:raw/9223372036854775808/0",
    "area:garage", "plate", ":", "::::", "\u{FEFF}plate:京A12345", "face:\u{D7FF}\u{E000}\u{10FFFF}",
  ]

  @Test(arguments: texts) func isNoGrant(_ text: String) {
    check((try? CredentialKey.parse(text)), "\(text.debugDescription)")
  }

  @Test func aMegabyteIsRefusedUnread() {
    for kind in CredentialKind.allCases {
      let text = kind.name + ":" + String(repeating: "A", count: 1 << 20)
      #expect(throws: CredentialFault.tooLong(nil)) { try CredentialKey.parse(text) }
      #expect(throws: CredentialFault.tooLong(nil)) { try CredentialKey.parse(bytes: Array(text.utf8)) }
      #expect(throws: CredentialFault.tooLong(kind)) {
        try CredentialKey.parse(value: String(text.dropFirst(6)), kind: kind)
      }
    }
  }

  @Test(
    arguments: [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE4, 0xBA]] as [[UInt8]]
  )
  func badUTF8IsRefused(_ tail: [UInt8]) {
    #expect(throws: CredentialFault.notUTF8) {
      try CredentialKey.parse(bytes: Array("plate:京A12345".utf8) + tail)
    }
  }

  @Test func noiseIsNoGrant() {
    var numbers = SplitMix64(seed: 5)
    for _ in 0..<5000 {
      let kind = CredentialKind.allCases.randomElement(using: &numbers)!
      let length = Int.random(in: 0...70, using: &numbers)
      let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &numbers) }
      check(try? CredentialKey.parse(bytes: Array("\(kind.name):".utf8) + noise), "seed 5: \(noise)")
    }
  }

  /// Ten thousand texts made of what breaks other programs: each is refused or is simply not on the list.
  @Test func tenThousandHostileTextsAreNoGrant() {
    var numbers = SplitMix64(seed: 10_000)
    let setting = TestSite.setting(zone: .utc)
    let decider = Decider(setting: setting)
    let state = PassageState(setting: setting)
    for round in 0..<10_000 {
      let bytes = HostileTests.hostile(&numbers, round)
      let credential = try? CredentialKey.parse(bytes: bytes)
      let stored = String(validating: bytes, as: UTF8.self).flatMap { try? CredentialKey.parse(stored: $0) }
      #expect(stored == nil || stored == credential || stored?.kind == .pin, "seed 10000, round \(round)")
      for reader in setting.readers.indices {
        let request = AccessRequest(
          reader: ReaderIndex(reader), credential: credential, confidence: 1, at: 1_795_305_600_000,
          now: Instant(nanoseconds: 1))
        let decision = decider.decide(request, list: HostileTests.list, state: state)
        #expect(!decision.isGrant, "seed 10000, round \(round)")
      }
    }
  }

  private static let pieces: [String] = [
    "'", "\"", " OR 1=1", "--", ";DROP TABLE list;", "' UNION SELECT * FROM uses--", "../", "..\\",
    "/etc/passwd",
    "file:///", "%00", "%s", "%n", "\u{0}", "\u{7}", "\u{1B}[2J", "\r\n", "\t", "\u{202E}", "\u{200B}",
    "\u{FEFF}",
    "\u{FFFF}", "\u{10FFFF}", "*", "?", "_", "[0-9]", "$(reboot)", "`id`", "|cat", "&", "<script>", "{}",
    "[]", ",",
    ":", "/", "\\", "京", "A", "0", "9", "١", "Ａ", "é", "e\u{301}", "👩‍👩‍👧", "suspended:", "area:garage", "d1/",
  ]

  private static func hostile(_ numbers: inout SplitMix64, _ round: Int) -> [UInt8] {
    let kinds =
      CredentialKind.allCases.map { "\($0.name):" } + ["", "PLATE:", "sql:", "plate", "suspended:plate:"]
    var bytes = Array(kinds.randomElement(using: &numbers)!.utf8)
    if round.isMultiple(of: 1_000) { return bytes + Array(repeating: 0x41, count: 1 << 20) }
    for _ in 0..<Int.random(in: 0...12, using: &numbers) {
      bytes += Array(pieces.randomElement(using: &numbers)!.utf8)
    }
    if round.isMultiple(of: 7) { bytes.append(UInt8.random(in: 0x80...0xFF, using: &numbers)) }
    if round.isMultiple(of: 11) { bytes += [0xED, 0xA0, 0x80] }
    return bytes
  }

  /// Decided at every reader, with numbers as far out as they go.
  private func check(_ credential: CredentialKey?, _ place: Comment) {
    let setting = TestSite.setting(zone: .utc)
    let decider = Decider(setting: setting)
    let state = PassageState(setting: setting)
    for reader in setting.readers.indices {
      for at in [Int64.min, 1_795_305_600_000, .max] {
        let request = AccessRequest(
          reader: ReaderIndex(reader), credential: credential, confidence: 1, at: at,
          now: Instant(nanoseconds: .max), track: .max)
        let decision = decider.decide(request, list: HostileTests.list, state: state)
        #expect(!decision.isGrant, place)
        let told = decision.trace.explained(setting: setting, list: HostileTests.list, request: request)
        #expect(!told.isEmpty && told.allSatisfy { $0.why.utf8.count < 300 }, place)
      }
    }
  }

  private static let list = TestSite.list()
}
