import AccessPolicy
import ControlCore
import Journal
import Messages
import Platform
import Site
import Testing

@testable import Runtime

/// What waits for a second factor or a second person, while the world goes on: through the decision thread.
struct CompanyRulesTests {
  private static let site = """
    {
      gateway: { id: "gw-company", site: "bench", timezone: "UTC" },
      gpio: { bench: { simulated: true } },
      outputs: { a: { gpio: "bench", line: 0, safe: false }, b: { gpio: "bench", line: 1, safe: false } },
      points: {
        safe: { kind: "door", outputs: { unlock: "a" }, fail: "secure", unlock_ms: 400,
                factors: ["card", "pin"] },
        vault: { kind: "door", outputs: { unlock: "b" }, fail: "secure", unlock_ms: 400, two_person: true },
      },
      readers: {
        safe: { point: "safe", side: "in", kind: "card", second_within_s: 600 },
        vault: { point: "vault", side: "in", kind: "card", second_within_s: 600 },
      },
      schedules: { always: {} },
      groups: {
        all: { points: ["safe", "vault"], schedule: "always" },
        guards: { points: ["vault"], schedule: "always", passes_lockdown: true },
      },
      areas: { vault: { entries: ["vault"], capacity: 2, exits: ["safe"] } },
      journal: { capacity: 1000 },
    }
    """
  private static let list = """
    credential,holder,groups,valid_from,valid_until,uses,flags
    card:H10301/1/1,Ann,all,,,,
    pin:4711,Ann,all,,,,
    card:H10301/1/2,Bob,guards,,,,
    card:H10301/1/3,Cem,guards,,,,
    """

  private let rig: DecisionRig

  init() throws { rig = try DecisionRig(site: Self.site, list: Self.list) }

  /// The record of one reading.
  private func read(_ reader: String, _ credential: String, _ thread: inout DecisionThread) throws
    -> LogRecord
  {
    rig.read(reader, credential)
    thread.turn()
    return try #require(rig.drafts().map(\.record).last { $0.type == .access })
  }

  private func lapse(_ record: LogRecord) -> [String?] {
    [record.detail["lapsed"]?["credential"]?.stringValue, record.detail["lapsed"]?["reason"]?.stringValue]
  }

  /// The record's decision, made once more from what it kept.
  private func expectTheSameAgain(_ record: LogRecord, _ list: ListSnapshot) throws {
    let text = SeenText(site: rig.site)
    let kept = try JSONValue.parse(try #require(record.detail["saw"]).encoded())
    let seen = try text.seen(kept)
    let reader = try #require(rig.site.policy.readers.firstIndex { $0.name == record.reader })
    let request = AccessRequest(
      reader: ReaderIndex(reader), credential: try CredentialKey.parse(stored: record.credential ?? ""),
      at: record.at.milliseconds, now: Instant(nanoseconds: record.monotonic), condition: seen.condition)
    let again = Decider.replay(request, seen: seen, list: list, setting: rig.site.policy)
    #expect(again.reason.name == record.reason)
    let words = again.trace.explained(setting: rig.site.policy, list: list, request: request)
    let told = words.filter { $0.why.contains("does not pass any more") }.map(\.why)
    #expect(
      told.count == 1 && told.first?.hasPrefix("card:H10301/**** (Ann), shown before") == true, "\(words)")
  }

  @Test func aCardThatAnImportDeniesIsNoFirstFactor() throws {
    var thread = rig.thread()
    #expect(try read("safe", "card:H10301/1/1", &thread).reason == "verification-required")
    rig.importList(
      Self.list.replacing("card:H10301/1/1,Ann,all,,,,", with: "card:H10301/1/1,Ann,all,,,,deny"), version: 2)
    let record = try read("safe", "pin:4711", &thread)
    #expect(record.decision == .deny && record.reason == "denied-credential-manual-disable")
    #expect(lapse(record) == ["card:H10301/1/1", "denied-credential-manual-disable"])
    #expect(try read("safe", "pin:4711", &thread).reason == "verification-required")
    #expect(try read("safe", "card:H10301/1/1", &thread).reason == "denied-credential-manual-disable")
  }

  @Test func aCardThatIsSuspendedIsNoFirstFactor() throws {
    var thread = rig.thread()
    #expect(try read("safe", "card:H10301/1/1", &thread).reason == "verification-required")
    let key = try CredentialKey.parse("card:H10301/1/1")
    let reply = ReplyAddress(box: rig.replies, connection: 1, request: 7)
    func order(_ action: PolicyOrder.Action, _ verb: Verb) {
      _ = rig.inbox.post(
        .policy(PolicyOrder(action: action, verb: verb, person: Person(rig.peer.identity), reply: reply)))
      thread.turn()
    }
    order(.suspend(key, until: nil, lasting: nil), .credentialSuspend)
    let record = try read("safe", "pin:4711", &thread)
    #expect(record.decision == .deny && record.reason == "denied-credential-disabled")
    #expect(lapse(record) == ["card:H10301/1/1", "denied-credential-disabled"])
    // Once it may pass again the two open as before.
    order(.resume(key), .credentialResume)
    #expect(try read("safe", "pin:4711", &thread).reason == "verification-required")
    #expect(try read("safe", "card:H10301/1/1", &thread).reason == "granted")
  }

  @Test func aLockdownThatBeginsMeanwhileHoldsForTheFirstPersonToo() throws {
    var thread = rig.thread()
    #expect(try read("vault", "card:H10301/1/1", &thread).reason == "authorization-delayed")
    let vault = try #require(rig.site.pointNames.firstIndex(of: "vault"))
    rig.ports.snapshot.publish { $0.points[vault].lockedDown = true }
    let record = try read("vault", "card:H10301/1/2", &thread)
    #expect(record.decision == .deny && record.reason == "authorization-delayed")
    #expect(lapse(record) == ["card:H10301/1/1", "denied-threat-level"])
    try expectTheSameAgain(record, rig.lists.current)
    // Two who both pass a lockdown still do.
    let grant = try read("vault", "card:H10301/1/3", &thread)
    #expect(grant.decision == .grant && grant.detail["with"]?.arrayValue?.first == "card:H10301/1/2")
    #expect(grant.detail["passes_lockdown"] == true && grant.detail["lapsed"] == nil)
  }
}
