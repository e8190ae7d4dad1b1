import AccessPolicy
import ControlCore
import Glibc
import Journal
import Messages
import Platform
import Site
import TestSupport
import Testing

@testable import Runtime

/// The rules as the decision thread carries them out: what is logged, kept and answered.
struct PolicyRulesTests {
  private static let site = """
    {
      gateway: { id: "gw-rules", site: "bench", timezone: "UTC" },
      gpio: { bench: { simulated: true } },
      outputs: { strike: { gpio: "bench", line: 0, safe: false } },
      points: { door: { kind: "door", outputs: { unlock: "strike" }, fail: "secure", unlock_ms: 400 } },
      readers: {
        card: { point: "door", side: "in", kind: "card", factors: ["card", "pin"], second_within_s: 1 },
        keypad: { point: "door", side: "in", kind: "pin", lockout_after: 2, lockout_s: 30 },
        plain: { point: "door", side: "out", kind: "card" },
        plate: { point: "door", side: "out", kind: "plate", match: "tolerant" },
        face: { point: "door", side: "out", kind: "face" }, qr: { point: "door", side: "out", kind: "qr" },
      },
      schedules: { always: {} },
      groups: { all: { points: ["door"], schedule: "always" } },
      journal: { capacity: 1000 },
    }
    """
  private static let list = """
    credential,holder,groups,valid_from,valid_until,uses,flags
    card:H10301/1/1,Ann,all,,,,
    pin:4711,Ann,all,,,,
    plate:B66T20,x,all,,,,
    plate:B66T2O,y,all,,,,
    card:H10301/1/7,Gil,all,,,,duress
    pin:4717,Gil,all,,,,duress
    qr:ONE,Vic,all,,,1,
    """

  private let rig: DecisionRig

  init() throws { rig = try DecisionRig(site: Self.site, list: Self.list) }

  /// No contact tells who went through: who was let in counts, and a pass is used up.
  @Test func aDoorWithoutAContactCountsWhoIsLetIn() {
    var thread = rig.thread()
    rig.read("qr", "qr:ONE")
    thread.turn()
    // Shown once more before the scan has taken the grant: the same presence.
    rig.read("qr", "qr:ONE")
    thread.turn()
    #expect(rig.drafts().map(\.record.reason) == ["granted"])
    guard let command = thread.ports.commands.take() else {
      Issue.record("the grant is no command")
      return
    }
    let early = thread.ports.events.push(Event(.accepted, at: command.issued, token: command.token))
    #expect(early)
    thread.turn()
    let passages = rig.drafts()
    #expect(passages.map(\.record.type) == [.passage])
    #expect(passages.first?.record.detail["assumed"] == true)
    #expect(passages.first?.record.credential == "qr:ONE")
    #expect(passages.first?.changes.contains(.used(credential: "qr:ONE", count: 1)) == true)
    rig.read("qr", "qr:ONE")
    thread.turn()
    #expect(rig.drafts().map(\.record.reason) == ["denied-credential-max-uses"])
  }

  @Test func aSecondFactorThatDoesNotComeIsLogged() throws {
    var thread = rig.thread()
    rig.read("card", "card:H10301/1/1")
    thread.turn()
    #expect(rig.drafts().map(\.record.reason) == ["verification-required"])
    let answer = try rig.replies.takeAll().replies.map { try IngressReply.parse(Array($0.line.dropLast())) }
    #expect(
      answer == [
        .decided(id: "a", decision: .deny, reason: "verification-required", point: "door", seq: 0)
      ])
    usleep(1_050_000)
    thread.turn()
    let late = rig.drafts().map(\.record)
    #expect(late.map(\.reason) == ["denied-verification-timeout"])
    #expect(late.first?.credential == "card:H10301/1/1" && late.first?.decision == .deny)
    #expect(late.first?.reader == "card" && late.first?.type == .access)
    thread.turn()
    #expect(rig.drafts().isEmpty)
  }

  @Test func theSecondFactorOpensAndTheRecordNamesTheFirst() {
    var thread = rig.thread()
    rig.read("card", "card:H10301/1/1")
    thread.turn()
    #expect(rig.drafts().map(\.record.reason) == ["verification-required"])
    rig.read("card", "pin:4711")
    thread.turn()
    let grants = rig.drafts().map(\.record)
    #expect(grants.map(\.reason) == ["granted"])
    #expect(grants.first?.detail["with"]?.arrayValue?.first?.stringValue == "card:H10301/1/1")
  }

  @Test func wrongPinsRaiseAnAlarmOnce() {
    var thread = rig.thread()
    for pin in ["pin:1111", "pin:2222", "pin:4711"] { rig.read("keypad", pin) }
    thread.turn()
    let records = rig.drafts().map(\.record)
    #expect(
      records.map(\.reason) == [
        "denied-unknown-credential", "lockout-max-attempts", "denied-unknown-credential", "denied-lockout",
      ])
    let alarm = records.first { $0.type == .doorAlarm }
    #expect(alarm?.reader == "keypad" && alarm?.point == "door")
    #expect(alarm?.detail["tries"]?.integerValue == 2 && alarm?.detail["for_ms"]?.integerValue == 30_000)
  }

  @Test func duressIsToldWhateverTheReaderAnswers() throws {
    var thread = rig.thread()
    let key = try CredentialKey.parse("card:H10301/1/7")
    rig.read("plain", "card:H10301/1/7")
    thread.turn()
    _ = rig.inbox.post(
      .policy(
        PolicyOrder(
          action: .suspend(key, until: nil, lasting: nil), verb: .credentialSuspend,
          person: Person(rig.peer.identity), reply: ReplyAddress(box: rig.replies, connection: 1, request: 7))
      ))
    thread.turn()
    rig.read("plain", "card:H10301/1/7")
    for pin in ["pin:1111", "pin:2222", "pin:4711", "pin:4717"] { rig.read("keypad", pin) }
    _ = rig.replies.takeAll()
    thread.turn()
    let records = rig.drafts().map(\.record)
    let alarms = records.filter { $0.type == .doorAlarm && $0.detail["event"] == "duress" }
    #expect(alarms.map(\.reason) == ["duress", "duress", "duress"])
    #expect(alarms.map(\.reader) == ["plain", "plain", "keypad"])
    #expect(
      alarms.map { $0.detail["answer"]?.stringValue } == [
        "duress", "denied-credential-disabled", "denied-lockout",
      ])
    #expect(
      alarms[0].credential == "card:H10301/1/7" && alarms[0].passage != nil && alarms[0].point == "door")
    let marked = records.filter { $0.type == .access && $0.detail["duress"] == true }
    #expect(marked.map(\.reason) == ["duress", "denied-credential-disabled", "denied-lockout"])
    // At the keypad nothing tells the PIN of one who is forced from that of another.
    let answers = try rig.replies.takeAll().replies.suffix(2).map {
      try IngressReply.parse(Array($0.line.dropLast()))
    }
    #expect(answers.count == 2 && answers[0] == answers[1])
  }

  /// Who cuts the power gets no further tries.
  @Test func wrongPinsCountOverARestart() {
    var thread = rig.thread()
    rig.read("keypad", "pin:1111")
    thread.turn()
    let kept = rig.drafts().flatMap(\.changes)
    #expect(kept == [.used(credential: "lockout:keypad", count: 1)])
    var past = PastState(journal: nil)
    past.passage.uses["lockout:keypad"] = 1
    var next = rig.thread(past)
    rig.read("keypad", "pin:2222")
    next.turn()
    let locked = rig.drafts().flatMap(\.changes)
    #expect(locked == [.used(credential: "lockout:keypad", count: Int64(PassageRow.locked))])
    past.passage.uses["lockout:keypad"] = Int64(PassageRow.locked)
    var third = rig.thread(past)
    rig.read("keypad", "pin:4711")
    third.turn()
    #expect(rig.drafts().map(\.record.reason) == ["denied-lockout"])
    past.passage.uses["lockout:keypad"] = 1
    var fourth = rig.thread(past)
    rig.read("keypad", "pin:4711")
    fourth.turn()
    let freed = rig.drafts()
    #expect(freed.map(\.record.reason) == ["granted"])
    #expect(freed.flatMap(\.changes) == [.used(credential: "lockout:keypad", count: 0)])
  }

  @Test func twoNearPlatesAreNamedInTheRecord() {
    var thread = rig.thread()
    rig.read("plate", "plate:B66T2D")
    thread.turn()
    let record = rig.drafts().first?.record
    #expect(record?.reason == "denied-authentication-factor-error")
    let between = record?.detail["between"]?.arrayValue?.compactMap(\.stringValue)
    #expect(Set(between ?? []) == ["plate:B66T20", "plate:B66T2O"])
    #expect(record?.credential == "plate:B66T2D")
  }

  @Test func aSuspensionIsLoggedKeptAndOutlivesARestart() throws {
    var thread = rig.thread()
    let key = try CredentialKey.parse("card:H10301/1/1")
    let reply = ReplyAddress(box: rig.replies, connection: 1, request: 7)
    func order(_ action: PolicyOrder.Action, _ verb: Verb) {
      _ = rig.inbox.post(
        .policy(PolicyOrder(action: action, verb: verb, person: Person(rig.peer.identity), reply: reply)))
    }
    order(.suspend(key, until: nil, lasting: nil), .credentialSuspend)
    rig.read("plain", "card:H10301/1/1")
    thread.turn()
    let first = rig.drafts()
    #expect(first.map(\.record.type) == [.operator, .access])
    #expect(first[0].record.credential == "card:H10301/1/1")
    #expect(first[0].changes == [.used(credential: "suspended:card:H10301/1/1", count: .max)])
    #expect(first[1].record.reason == "denied-credential-disabled")
    var past = PastState(journal: nil)
    past.passage.uses["suspended:card:H10301/1/1"] = .max
    var next = rig.thread(past)
    rig.read("plain", "card:H10301/1/1")
    order(.resume(key), .credentialResume)
    order(.resume(key), .credentialResume)
    rig.read("plain", "card:H10301/1/1")
    next.turn()
    let second = rig.drafts()
    #expect(
      second.map(\.record.reason) == ["denied-credential-disabled", nil, nil, "granted"])
    #expect(second[1].changes == [.used(credential: "suspended:card:H10301/1/1", count: 0)])
    #expect(second[2].record.detail["outcome"]?.stringValue == "refused")
  }

  /// Ten thousand lines of what breaks other programs, through the socket's side and the decision: no grant, no trap.
  @Test func hostileCredentialsOnTheWireAreNoGrant() throws {
    let pieces = [
      "'", "\"", " OR 1=1", "--", ";DROP TABLE list;", "../", "/etc/passwd", "%00", "%s%n", "\u{0}",
      "\u{1B}[2J",
      "\r", "\t", "\u{202E}", "\u{200B}", "\u{FFFF}", "*", "$(reboot)", "`id`", "{", "}", "[", "京", "A1", "é",
      "suspended:", "area:", "d1/",
    ]
    let readers = rig.site.policy.readers.map(\.name)
    var thread = rig.thread()
    var random = SplitMix64(seed: 31_337)
    var lines = 0
    for round in 0..<10_000 {
      var text = ["plate:", "card:", "pin:", "qr:", "face:", "", "sql:"][Int(random.next() % 7)]
      for _ in 0..<(random.next() % 10) { text += pieces[Int(random.next() % UInt64(pieces.count))] }
      let reader = readers[Int(random.next() % UInt64(readers.count))]
      var line = IngressRequest(id: "a", reader: reader, credential: text, confidence: 1).encoded()
      if round.isMultiple(of: 13), line.count > 20 {
        line[line.count / 2] = UInt8(0x80 + random.next() % 128)
      }
      _ = rig.handler.take(line, from: rig.peer)
      lines += 1
      if round.isMultiple(of: 50) {
        thread.turn()
        for draft in rig.drafts() {
          #expect(draft.record.decision != .grant, "seed 31337, round \(round)")
        }
        let told = rig.replies.takeAll().replies.map { String(decoding: $0.line, as: UTF8.self) }
        #expect(!told.contains { $0.contains("\"grant\"") }, "seed 31337, round \(round)")
      }
    }
    #expect(lines == 10_000)
  }
}
