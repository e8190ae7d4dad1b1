import AccessPolicy
import ControlCore
import Testing

/// Which kind of credential can come from which kind of reader, all pairs.
struct ReaderKindTests {
  private static let rows = ["plate:A12345", "card:H10301/1/2", "pin:4711", "qr:V-1", "face:F-1"]

  @Test(
    arguments: [
      (.plate, [.plate]), (.card, [.card, .pin]), (.pin, [.pin]), (.qr, [.card, .qr]),
      (.face, [.card, .face]),
    ] as [(CredentialKind, [CredentialKind])])
  func aReaderReadsItsOwnKinds(_ kind: CredentialKind, _ readable: [CredentialKind]) throws {
    let zone = ZoneRules.utc
    let setting = PolicySetting(
      pointNames: ["door"],
      readers: [ReaderSetting(name: "reader", point: PointIndex(0), side: .in, kind: kind)],
      schedules: [
        ScheduleSetting(
          name: "always", always: true, weekdays: Array(repeating: [], count: 7), holidays: nil)
      ],
      holidays: [],
      groups: [
        GroupSetting(name: "all", points: [PointIndex(0)], schedule: 0, untrustedClock: .allow)
      ], areas: [], zone: zone)
    let decider = Decider(setting: setting)
    let state = PassageState(setting: setting)
    let keys = try Self.rows.map { try CredentialKey.parse($0) }
    let list = ListSnapshot(
      rows: keys.map { ListRow(credential: $0, groups: [0]) }, version: 1, groups: setting.groups)
    #expect(Set(keys.map(\.kind)) == Set(CredentialKind.allCases))
    for key in keys {
      let request = AccessRequest(
        reader: ReaderIndex(0), credential: key, confidence: nil, at: 0, clock: .synced, now: .zero,
        condition: [])
      let decision = decider.judge(request, list: list, state: state)
      let words = decision.trace.explained(setting: setting, list: list, request: request).map(\.why)
      if readable.contains(key.kind) {
        #expect(decision.isGrant, "\(kind) \(key): \(words)")
      } else {
        #expect(decision.reason == .deniedAuthenticationFactorError, "\(kind) \(key): \(words)")
        #expect(words.contains { $0.contains("a \(kind.name) reader") && $0.contains(key.kind.name) })
      }
      #expect(kind.canRead(key.kind) == readable.contains(key.kind))
    }
  }
}
