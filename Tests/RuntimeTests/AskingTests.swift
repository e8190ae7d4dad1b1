import AccessPolicy
import ControlCore
import Messages
import Platform
import Site
import Testing

@testable import Runtime

/// What people at the control socket may learn, and what their orders really did.
struct AskingTests {
  private static let viewer = Person(PeerIdentity(process: 1, user: 65_534, group: 65_534))
  private static let root = Person(PeerIdentity(process: 1, user: 0, group: 0))

  private static let list = """
    credential,holder,groups,valid_from,valid_until,uses,flags
    plate:京A12345,Ann,residents,,,,
    pin:4711,Bob,residents,,,,
    """

  private let rig: DecisionRig

  init() throws { rig = try DecisionRig(site: BenchSites.simulated, list: Self.list) }

  private func question(_ credential: String, _ person: Person) throws -> WhyQuestion {
    try WhyQuestion(
      Arguments(["reader": "lane.camera", "credential": .string(credential)], rig.site), person)
  }

  private func answer(_ message: DecisionMessage, _ thread: inout DecisionThread) -> String {
    _ = rig.inbox.post(message)
    thread.turn()
    return rig.replies.takeAll().replies.map { String(decoding: $0.line, as: UTF8.self) }.joined()
  }

  private var reply: ReplyAddress { ReplyAddress(box: rig.replies, connection: 1, request: 7) }

  private func records() -> [LogRecord] { rig.drafts().map(\.record) }

  /// He could ask about all the PINs that there are.
  @Test(arguments: ["pin:4711", "PIN:4711", "pin:0000"])
  func aViewerIsToldNothingOfAPIN(_ credential: String) {
    let fault = #expect(throws: MessageFault.self) { try question(credential, Self.viewer) }
    #expect(fault?.text.contains("technician") == true)
  }

  @Test func whoAsksAboutAPINStandsInTheLogWithoutIt() throws {
    var thread = rig.thread()
    let told = answer(.why(try question("pin:4711", Self.root), reply), &thread)
    #expect(told.contains("\"decision\""))
    let records = records()
    #expect(records.map(\.type) == [.operator])
    #expect(records.first?.detail["verb"] == "why" && records.first?.detail["uid"] == 0)
    #expect(!"\(records)".contains("4711"))
  }

  @Test func holdersAreNamedToThoseWhoMaySeeTheList() throws {
    var thread = rig.thread()
    let toViewer = answer(.why(try question("plate:京A12345", Self.viewer), reply), &thread)
    let toRoot = answer(.why(try question("plate:京A12345", Self.root), reply), &thread)
    #expect(toViewer.contains("\"decision\"") && !toViewer.contains("Ann"))
    #expect(toRoot.contains("Ann"))
    #expect(records().isEmpty)
  }

  @Test func aSuspensionSaysWhatItDoesNotDo() throws {
    var thread = rig.thread()
    func suspend(_ text: String, until: Int64? = nil, lasting: UInt64? = nil) throws -> String {
      let order = PolicyOrder(
        action: .suspend(
          try CredentialKey.parse(text), until: until, lasting: lasting.map { .milliseconds($0) }),
        verb: .credentialSuspend, person: Self.root, reply: reply)
      return answer(.policy(order), &thread)
    }
    let unknown = try suspend("plate:沪B00000", lasting: 1_000)
    #expect(unknown.contains("no entry of the list has it") && unknown.contains("until somebody resumes it"))
    #expect(try !suspend("plate:京A12345").contains("notes"))
    // An untrusted clock does not tell what is past; a trusted one does.
    #expect(try suspend("plate:京A12345", until: 1_000).contains("\"ok\":true"))
    rig.status.clock = .synced
    let past = try suspend("plate:京A12345", until: 1_000)
    #expect(past.contains("\"ok\":false") && past.contains("the moment is past"))
    #expect(try !suspend("plate:京A12345", lasting: 1_000).contains("notes"))
  }
}
