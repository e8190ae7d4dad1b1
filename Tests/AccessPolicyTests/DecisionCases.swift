import AccessPolicy
import ControlCore
import Testing

/// One line of `cases/decisions.txt`.
struct DecisionCase {
  var line: Int
  var reader: String
  var credential: String
  var options: [(key: String, value: String)]
  var decision: String
  var reason: String
  var marks: [String]
  var follows: String

  func option(_ key: String) -> String? { options.first { $0.key == key }?.value }
}

struct DecisionSection: CustomTestStringConvertible {
  enum Step {
    case decide(DecisionCase)
    case restart
    case suspend(CredentialKey, [(key: String, value: String)])
    case resume(CredentialKey)
    case resetCredential(CredentialKey)
    case resetArea(String)
    case expire(at: String, expected: String, line: Int)
    case list(CredentialKey, String)
  }

  var name: String
  var zone = "Asia/Shanghai"
  var steps: [Step] = []

  var testDescription: String { name }

  static func all() -> [DecisionSection] {
    var sections: [DecisionSection] = []
    let lines = Cases.text("decisions.txt").split(separator: "\n", omittingEmptySubsequences: false)
    for (place, text) in lines.enumerated() where !text.isEmpty && !text.hasPrefix("#") {
      if text.hasPrefix("== ") {
        sections.append(DecisionSection(name: String(text.dropFirst(3))))
      } else if text.hasPrefix("zone ") {
        sections[sections.count - 1].zone = String(text.dropFirst(5))
      } else if text == "restart" {
        sections[sections.count - 1].steps.append(.restart)
      } else if let step = order(String(text), line: place + 1) {
        sections[sections.count - 1].steps.append(step)
      } else {
        sections[sections.count - 1].steps.append(.decide(parse(String(text), line: place + 1)))
      }
    }
    return sections
  }

  private static func order(_ text: String, line: Int) -> Step? {
    let words = text.split(separator: " ").map(String.init)
    let options = words.dropFirst(2).compactMap { word -> (key: String, value: String)? in
      let pair = word.split(separator: "=", maxSplits: 1).map(String.init)
      return pair.count == 2 ? (pair[0], pair[1]) : nil
    }
    switch words[0] {
    case "suspend": return .suspend(try! CredentialKey.parse(words[1]), options)
    case "list": return .list(try! CredentialKey.parse(words[1]), words[2])
    case "resume": return .resume(try! CredentialKey.parse(words[1]))
    case "reset" where words[1].hasPrefix("area:"): return .resetArea(String(words[1].dropFirst(5)))
    case "reset": return .resetCredential(try! CredentialKey.parse(words[1]))
    case "expire":
      return .expire(
        at: String(words[1].dropFirst(3)), expected: words.dropFirst(3).joined(separator: " "), line: line)
    default: return nil
    }
  }

  private static func parse(_ text: String, line: Int) -> DecisionCase {
    let sides = text.split(separator: " -> ", maxSplits: 1).map(String.init)
    let answer = sides[1].split(separator: " ; ", maxSplits: 1).map(String.init)
    let asked = sides[0].split(separator: " at=", maxSplits: 1).map(String.init)
    let who = asked[0].split(separator: " ", maxSplits: 1).map(String.init)
    let options = "at=\(asked[1])".split(separator: " ").map { option in
      let pair = option.split(separator: "=", maxSplits: 1).map(String.init)
      return (key: pair[0], value: pair[1])
    }
    let words = answer[0].split(separator: " ").map(String.init)
    return DecisionCase(
      line: line, reader: who[0], credential: who[1], options: options, decision: words[0], reason: words[1],
      marks: Array(words.dropFirst(2)), follows: answer.count > 1 ? answer[1] : "")
  }
}

@Suite struct DecisionCases {
  @Test(arguments: DecisionSection.all())
  func section(_ section: DecisionSection) throws {
    let setting = TestSite.setting(zone: try Cases.zone(section.zone))
    var rows = TestSite.rows()
    var list = TestSite.list()
    let decider = Decider(setting: setting)
    var state = PassageState(setting: setting)
    var kept: [String: PassageRow] = [:]
    var passage: UInt64 = 0
    for step in section.steps {
      guard case .decide(let one) = step else {
        if case .restart = step {
          state = PassageState(setting: setting, rows: kept.values.sorted { $0.credential < $1.credential })
          state.recount(list)
        } else if case .list(let key, let change) = step {
          DecisionCases.change(key, change, &rows)
          list = ListSnapshot(rows: rows, version: list.version + 1, groups: setting.groups)
          state.recount(list)
        } else {
          try DecisionCases.carryOut(step, setting, &state)
          for row in state.takeChanges() { kept[row.credential] = row }
        }
        continue
      }
      let request = try DecisionCases.request(one, setting: setting)
      let decision = decider.decide(request, list: list, state: state)
      DecisionCases.check(one, decision, setting: setting, list: list, request: request)
      // Written over a decision that stands already, it is the same in every field.
      var reused = ReusedDecision.worn()
      decider.decide(request, list: list, state: state, into: &reused)
      #expect(ReusedDecision.fields(reused) == ReusedDecision.fields(decision), "decisions.txt:\(one.line)")
      // The same inputs give the same decision and the same trace.
      let again = Decider(setting: setting).decide(
        request, list: ListSnapshot(rows: rows, version: list.version, groups: setting.groups), state: state)
      #expect(
        again.trace.explained(setting: setting, list: list, request: request)
          == decision.trace.explained(setting: setting, list: list, request: request),
        "decisions.txt:\(one.line)")
      state.noteRead(request, decision)
      passage += 1
      state.granted(passage: passage, request: request, decision: decision)
      switch one.follows {
      case "passed":
        let isKnown = state.passed(passage: passage, at: request.at, now: request.now)
        #expect(isKnown, "decisions.txt:\(one.line)")
      case "waits": break
      default: state.takenBack(passage: passage)
      }
      for row in state.takeChanges() {
        kept[row.credential] = row
      }
    }
  }

  @Test func thereAreEnough() {
    let count = DecisionSection.all().reduce(0) { $0 + $1.steps.count }
    #expect(count >= 400)
  }

  private static func change(_ key: CredentialKey, _ change: String, _ rows: inout [ListRow]) {
    let place = rows.firstIndex { $0.credential == key }!
    switch change {
    case "gone": rows.remove(at: place)
    case "deny": rows[place].flags.insert(.deny)
    case "escort_required": rows[place].flags.insert(.escortRequired)
    default:
      precondition(change.hasPrefix("holder="), "unknown change \(change)")
      rows[place].holder = String(change.dropFirst(7))
    }
  }

  private static func carryOut(
    _ step: DecisionSection.Step, _ setting: PolicySetting, _ state: inout PassageState
  ) throws {
    switch step {
    case .decide, .restart, .list: break
    case .suspend(let key, let options):
      let at = try milliseconds(options.first { $0.key == "at" }!.value, zone: setting.zone)
      let until = try options.first { $0.key == "until" }.map { try UnixMilliseconds.parse($0.value) }
      let lasting = options.first { $0.key == "for" }.map { Interval.milliseconds(UInt64($0.value)!) }
      let isDone = state.suspend(key, until: until, lasting: lasting, at: at, now: instant(at))
      #expect(isDone)
    case .resume(let key):
      let isDone = state.resume(key)
      #expect(isDone)
    case .resetCredential(let key):
      let isDone = state.forgetPlace(of: key)
      #expect(isDone)
    case .resetArea(let name): state.forgetPlaces(inArea: setting.areas.firstIndex { $0.name == name }!)
    case .expire(let at, let expected, let line):
      let expired = state.expireHeld(now: instant(try milliseconds(at, zone: setting.zone)))
      let told = expired.map { "\($0.reason.name) \($0.credential)" }.joined(separator: " ")
      #expect((told.isEmpty ? "nothing" : told) == expected, "decisions.txt:\(line)")
    }
  }

  /// The monotonic clock runs along with the wall clock, from a start of its own.
  private static func instant(_ at: Int64) -> Instant {
    Instant(nanoseconds: UInt64(at + 2_000_000_000_000) * 1_000_000)
  }

  private static func check(
    _ one: DecisionCase, _ decision: AccessDecision, setting: PolicySetting, list: ListSnapshot,
    request: AccessRequest
  ) {
    let rules = decision.trace.explained(setting: setting, list: list, request: request)
    let told = rules.map { "\($0.rule.name) \($0.outcome.name): \($0.why)" }.joined(separator: "\n  ")
    let place: Comment = "decisions.txt:\(one.line)\n  \(told)"
    #expect(decision.reason.name == one.reason, place)
    #expect(decision.isGrant == (one.decision == "grant"), place)
    #expect(decision.isRepeat == one.marks.contains("repeat"), place)
    #expect(decision.extended == one.marks.contains("extended"), place)
    #expect(decision.duress == one.marks.contains("duress"), place)
    #expect(decision.passbackViolated == one.marks.contains("soft"), place)
    #expect(
      decision.isGrant && decision.passesLockdown && one.option("point")?.contains("lockdown") == true
        || !one.marks.contains("lockdown"), place)
    let waits = one.marks.first { $0.hasPrefix("waits-for=") }.map { String($0.dropFirst(10)) } ?? "nothing"
    #expect("\(decision.waits)" == waits, place)
    let takenFor = one.marks.first { $0.hasPrefix("for=") }.map { String($0.dropFirst(4)) }
    if decision.isGrant && !decision.isRepeat || takenFor != nil {
      #expect(decision.takenFor?.description == takenFor, place)
    }
    if !decision.isRepeat {
      let failed = rules.contains { $0.outcome == .fail }
      #expect(decision.isGrant ? rules.count > 8 : failed, place)
    }
  }

  private static func request(_ one: DecisionCase, setting: PolicySetting) throws -> AccessRequest {
    let at = try milliseconds(one.option("at")!, zone: setting.zone)
    let others = one.options.filter { $0.key == "other" }.map { other in
      let pair = other.value.split(separator: "@").map(String.init)
      return Candidate(
        credential: try! CredentialKey.parse(value: pair[0], kind: .plate), confidence: Double(pair[1])!)
    }
    let reader = try #require(setting.readers.firstIndex { $0.name == one.reader })
    return AccessRequest(
      reader: ReaderIndex(reader), credential: try? CredentialKey.parse(one.credential),
      confidence: one.option("confidence").map { Double($0)! }, candidates: others,
      characters: (one.option("sure") ?? "").split(separator: ",").map { Double($0)! / 100 }, at: at,
      clock: clock(one.option("clock")),
      now: instant(try one.option("mono").map { try milliseconds($0, zone: setting.zone) } ?? at),
      condition: condition(one.option("point")), track: one.option("track").map { UInt64($0)! })
  }

  /// A time without an offset is the zone's; none of the cases names one that comes twice or never so.
  private static func milliseconds(_ text: String, zone: ZoneRules) throws -> Int64 {
    if let exact = try? UnixMilliseconds.parse(text) { return exact }
    let asIfUTC = try UnixMilliseconds.parse(text + "Z")
    let guess = asIfUTC - Int64(zone.offset(atUnixMilliseconds: asIfUTC)) * 1000
    return asIfUTC - Int64(zone.offset(atUnixMilliseconds: guess)) * 1000
  }

  private static func clock(_ word: String?) -> ClockTrust {
    switch word {
    case "untrusted": .untrusted
    case "holdover": .holdover
    default: .synced
    }
  }

  private static func condition(_ words: String?) -> PointCondition {
    (words ?? "").split(separator: "+").reduce(into: PointCondition()) { condition, word in
      switch word {
      case "lockdown": condition.insert(.lockedDown)
      case "out-of-service": condition.insert(.outOfService)
      case "interlock": condition.insert(.interlockBusy)
      default: preconditionFailure("unknown condition \(word)")
      }
    }
  }
}
