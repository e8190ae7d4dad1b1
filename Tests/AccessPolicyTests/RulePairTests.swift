import AccessPolicy
import ControlCore
import TestSupport
import Testing

/// One rule broken, or two at once: which reason wins.
@Suite struct RulePairTests {
  /// The rules in their order; each stands for one way to break it.
  enum Broken: Int, CaseIterable, Sendable {
    case illegible, foreign, lockedOut, unsure, unlisted, denied, suspended, expired, usedUp, alone
    case pointNotInGroup, clockDenied, closed, quotaFull, passback, nobodyFirst, full
    case outOfService, lockedDown, interlocked, factorMissing, secondMissing

    var reason: Reason {
      switch self {
      case .illegible, .foreign, .unsure: .deniedAuthenticationFactorError
      case .lockedOut: .deniedLockout
      case .unlisted: .deniedUnknownCredential
      case .denied: .deniedCredentialManualDisable
      case .suspended: .deniedCredentialDisabled
      case .expired: .deniedCredentialExpired
      case .usedUp: .deniedCredentialMaxUses
      case .alone, .nobodyFirst: .deniedNoAccompaniment
      case .pointNotInGroup: .deniedPointNoAccessRights
      case .clockDenied: .deniedAuthenticationUnavailable
      case .closed: .deniedOutOfTimeRange
      case .quotaFull, .full: .deniedUpperOccupancyLimit
      case .passback: .deniedPassback
      case .outOfService: .outOfService
      case .lockedDown: .deniedThreatLevel
      case .interlocked: .deniedInterlock
      case .factorMissing: .verificationRequired
      case .secondMissing: .authorizationDelayed
      }
    }

    /// The rule whose line fails.
    var rule: Rule {
      switch self {
      case .illegible, .foreign: .credential
      case .lockedOut: .lockout
      case .unsure: .confidence
      case .unlisted: .list
      case .denied: .flags
      case .suspended: .suspension
      case .expired: .validity
      case .usedUp: .uses
      case .alone: .accompaniment
      case .pointNotInGroup: .rights
      case .clockDenied: .clock
      case .closed: .schedule
      case .quotaFull: .quota
      case .passback: .passback
      case .nobodyFirst: .firstIn
      case .full: .occupancy
      case .outOfService: .service
      case .lockedDown: .lockdown
      case .interlocked: .interlock
      case .factorMissing: .factors
      case .secondMissing: .twoPerson
      }
    }
  }

  /// Where it is not the earlier of the two: without a clock neither validity nor schedule is judged, and who is
  /// inside already takes no other space.
  static let exceptions: [[Broken]: Broken] = [
    [.expired, .clockDenied]: .clockDenied, [.quotaFull, .passback]: .passback,
  ]

  @Test func nothingBrokenIsGranted() {
    let (reason, _) = RulePairTests.decide([])
    #expect(reason == .granted)
  }

  @Test(arguments: Broken.allCases) func eachAlone(_ one: Broken) {
    let (reason, failed) = RulePairTests.decide([one])
    #expect(reason == one.reason)
    #expect(failed == one.rule)
  }

  @Test func everyPair() {
    var pairs = 0
    for (place, first) in Broken.allCases.enumerated() {
      for second in Broken.allCases.dropFirst(place + 1) {
        let winner = RulePairTests.exceptions[[first, second]] ?? first
        let (reason, failed) = RulePairTests.decide([first, second])
        #expect(reason == winner.reason, "\(first) and \(second)")
        #expect(failed == winner.rule, "\(first) and \(second)")
        pairs += 1
      }
    }
    #expect(pairs == 231)
  }

  /// Breaking more never grants.
  @Test(arguments: [1, 417] as [UInt64]) func anyNumberOfThem(_ seed: UInt64) {
    var numbers = SplitMix64(seed: seed)
    for round in 0..<300 {
      let some = Set(Broken.allCases.filter { _ in UInt8.random(in: 0..<5, using: &numbers) == 0 })
      let (reason, _) = RulePairTests.decide(some)
      #expect((reason == .granted) == some.isEmpty, "seed \(seed), round \(round): \(some)")
    }
  }

  // MARK: A site in which everything can go wrong

  private static let own = try! CredentialKey.parse("pin:4711")
  private static let now = Instant.zero + .seconds(10_000)

  private static func decide(_ broken: Set<Broken>) -> (reason: Reason, failed: Rule?) {
    let setting = setting(broken)
    let list = ListSnapshot(rows: rows(broken), version: 1, groups: setting.groups)
    let decider = Decider(setting: setting)
    var state = PassageState(setting: setting, rows: kept(broken))
    state.recount(list)
    if broken.contains(.lockedOut) {
      let wrong = AccessRequest(
        reader: ReaderIndex(0), credential: try! CredentialKey.parse("pin:9999"), at: at, now: now)
      state.noteRead(wrong, decider.decide(wrong, list: list, state: state))
    }
    if broken.contains(.suspended) {
      let isDone = state.suspend(own, until: nil, lasting: nil, at: at, now: now)
      precondition(isDone)
    }
    let request = request(broken)
    let decision = decider.decide(request, list: list, state: state)
    let told = decision.trace.explained(setting: setting, list: list, request: request)
    return (decision.reason, told.last { $0.outcome == .fail }?.rule)
  }

  private static let at: Int64 = 1_795_305_600_000

  private static func request(_ broken: Set<Broken>) -> AccessRequest {
    let read: CredentialKey? =
      broken.contains(.illegible)
      ? nil : broken.contains(.foreign) ? try! CredentialKey.parse("plate:京A12345") : own
    var condition: PointCondition = []
    if broken.contains(.outOfService) { condition.insert(.outOfService) }
    if broken.contains(.lockedDown) { condition.insert(.lockedDown) }
    if broken.contains(.interlocked) { condition.insert(.interlockBusy) }
    return AccessRequest(
      reader: ReaderIndex(0), credential: read, confidence: broken.contains(.unsure) ? 0.5 : 0.9, at: at,
      clock: broken.contains(.clockDenied) ? .untrusted : .synced, now: now, condition: condition)
  }

  private static func rows(_ broken: Set<Broken>) -> [ListRow] {
    var flags: ListFlags = []
    if broken.contains(.denied) { flags.insert(.deny) }
    if broken.contains(.alone) { flags.insert(.escortRequired) }
    let row = ListRow(
      credential: own, holder: "Ann", groups: [0], validUntil: broken.contains(.expired) ? 1_000 : nil,
      uses: 2, flags: flags)
    let others = [("qr:OTHER", "Bob"), ("qr:SAME", "Ann")].map {
      ListRow(credential: try! CredentialKey.parse($0.0), holder: $0.1, groups: [0])
    }
    return (broken.contains(.unlisted) ? [] : [row]) + others
  }

  private static func kept(_ broken: Set<Broken>) -> [PassageRow] {
    var rows = [
      PassageRow(
        credential: own.storedText, areas: broken.contains(.passback) ? "house" : "", at: 1,
        uses: broken.contains(.usedUp) ? 2 : 1)
    ]
    if broken.contains(.full) {
      rows.append(PassageRow(credential: "qr:OTHER", areas: "house", at: 1, uses: 0))
    }
    if broken.contains(.quotaFull) {
      rows.append(PassageRow(credential: "qr:SAME", areas: "house", at: 1, uses: 0))
    }
    return rows
  }

  private static func setting(_ broken: Set<Broken>) -> PolicySetting {
    let point = PointIndex(0)
    let inside = kept(broken).filter { $0.areas == "house" }.count
    let capacity = broken.contains(.full) ? inside : inside + 1
    return PolicySetting(
      pointNames: ["door", "elsewhere"],
      readers: [
        ReaderSetting(
          name: "keypad", point: point, side: .in, kind: .card, minConfidence: 0.8,
          factors: broken.contains(.factorMissing) ? [.card, .pin] : [],
          twoPerson: broken.contains(.secondMissing), wrongTries: 1)
      ],
      schedules: [
        ScheduleSetting(
          name: "hours", always: !broken.contains(.closed), weekdays: Array(repeating: [], count: 7),
          holidays: nil)
      ],
      holidays: [],
      groups: [
        GroupSetting(
          name: "staff", points: [PointIndex(broken.contains(.pointNotInGroup) ? 1 : 0)], schedule: 0,
          untrustedClock: .deny),
        GroupSetting(name: "leaders", points: [point], schedule: 0, untrustedClock: .allow),
      ],
      areas: [
        AreaSetting(
          name: "house", capacity: capacity, entries: [point], exits: [], passback: .hard,
          firstIn: broken.contains(.nobodyFirst) ? [1] : [],
          quotas: broken.contains(.quotaFull) ? [QuotaSetting(group: 0, ofHolder: 1)] : [])
      ], zone: .utc)
  }
}
