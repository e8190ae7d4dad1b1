import AccessPolicy
import ControlCore
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
    var numbers = SeededNumbers(seed: 5)
    for _ in 0..<5000 {
      let kind = CredentialKind.allCases.randomElement(using: &numbers)!
      let length = Int.random(in: 0...70, using: &numbers)
      let noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &numbers) }
      check(try? CredentialKey.parse(bytes: Array("\(kind.name):".utf8) + noise), "seed 5: \(noise)")
    }
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
