/// What was looked at, in the order in which it is looked at.
public enum Rule: UInt8, Sendable, CaseIterable {
  case repeated, lockout, credential, confidence, list, match, flags, validity, uses, accompaniment
  case clock, rights, schedule, passback, occupancy, lockdown, service, interlock
  case suspension, quota, firstIn, factors, twoPerson

  /// The word in `why`'s answer.
  public var name: String {
    switch self {
    case .repeated: "hold-off"
    case .lockout: "lockout"
    case .credential: "credential"
    case .confidence: "confidence"
    case .list: "list"
    case .match: "match"
    case .flags: "flags"
    case .validity: "validity"
    case .uses: "uses"
    case .accompaniment: "accompaniment"
    case .clock: "clock"
    case .rights: "rights"
    case .schedule: "schedule"
    case .passback: "passback"
    case .occupancy: "occupancy"
    case .lockdown: "lockdown"
    case .service: "service"
    case .interlock: "interlock"
    case .suspension: "suspension"
    case .quota: "quota"
    case .firstIn: "first-in"
    case .factors: "factors"
    case .twoPerson: "two-person"
    }
  }
}

public enum RuleOutcome: UInt8, Sendable {
  case pass, fail, skip

  public var name: String {
    switch self {
    case .pass: "pass"
    case .fail: "fail"
    case .skip: "skip"
    }
  }
}

/// One rule's result in 16 bytes: what was found, with at most three small numbers; the words come later, off
/// the decision's path.
public struct RuleResult: Sendable {
  public var rule: Rule
  public var outcome: RuleOutcome
  var finding: Finding
  var first: Int32
  var second: Int32
  var third: Int32

  /// A moment in Unix milliseconds, kept in the second and third number.
  var moment: Int64 { Int64(second) << 32 | Int64(UInt32(bitPattern: third)) }
}

/// The results of one decision, in fixed room, written where they stay.
public struct Trace: Sendable {
  private var results = InlineArray<32, RuleResult>(
    repeating: RuleResult(
      rule: .repeated, outcome: .pass, finding: .firstRead, first: 0, second: 0, third: 0))
  public private(set) var count = 0
  /// Results that found no room: a row in very many groups.
  public private(set) var lost = 0

  @inline(__always)
  @_noLocks init() {}

  @_noLocks
  mutating func reset() {
    count = 0
    lost = 0
  }

  public subscript(position: Int) -> RuleResult {
    precondition(position < count, "trace read past its end")
    return results[position]
  }

  @_noLocks
  mutating func note(_ rule: Rule, _ outcome: RuleOutcome, _ finding: Finding) {
    note(RuleResult(rule: rule, outcome: outcome, finding: finding, first: 0, second: 0, third: 0))
  }

  /// Numbers beyond 32 bits are told as the furthest that there is.
  @_noLocks
  mutating func note(
    _ rule: Rule, _ outcome: RuleOutcome, _ finding: Finding, _ first: Int64, _ second: Int64 = 0,
    _ third: Int64 = 0
  ) {
    note(
      RuleResult(
        rule: rule, outcome: outcome, finding: finding, first: Trace.small(first),
        second: Trace.small(second), third: Trace.small(third)))
  }

  @inline(__always)
  @_noLocks
  private mutating func note(_ result: RuleResult) {
    guard count < PolicyLimits.traceRules else {
      lost &+= 1
      return
    }
    results[count] = result
    count &+= 1
  }

  /// Unix milliseconds, which no small number holds.
  @_noLocks
  mutating func note(_ rule: Rule, _ outcome: RuleOutcome, _ finding: Finding, moment: Int64) {
    note(rule, outcome, finding, 0, moment >> 32, Int64(Int32(truncatingIfNeeded: moment)))
  }

  @inline(__always)
  @_noLocks
  private static func small(_ number: Int64) -> Int32 {
    let kept = Int32(truncatingIfNeeded: number)
    return Int64(kept) == number ? kept : number < 0 ? .min : .max
  }

  /// Room for one group's result while leaving enough for the rules that follow the groups.
  @_noLocks
  mutating func noteGroup(
    _ rule: Rule, _ outcome: RuleOutcome, _ finding: Finding, _ first: Int64 = 0, _ second: Int64 = 0,
    _ third: Int64 = 0
  ) {
    guard count < PolicyLimits.traceRules - 12 else {
      lost += 1
      return
    }
    note(rule, outcome, finding, first, second, third)
  }
}
