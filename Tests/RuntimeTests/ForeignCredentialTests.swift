import AccessPolicy
import Messages
import Platform
import Site
import Testing

@testable import Runtime

/// A source that speaks for the wrong reader is told so, and the log has the denial.
struct ForeignCredentialTests {
  private static let site = """
    {
      gateway: { id: "gw-kinds", site: "bench", timezone: "UTC" },
      gpio: { bench: { simulated: true } },
      outputs: { strike: { gpio: "bench", line: 0, safe: false } },
      points: { door: { kind: "door", outputs: { unlock: "strike" }, fail: "secure", unlock_ms: 400 } },
      readers: {
        plate: { point: "door", side: "in", kind: "plate" }, card: { point: "door", side: "in", kind: "card" },
        pin: { point: "door", side: "in", kind: "pin" }, qr: { point: "door", side: "in", kind: "qr" },
        face: { point: "door", side: "in", kind: "face" },
      },
      schedules: { always: {} },
      groups: { all: { points: ["door"], schedule: "always" } },
      journal: { capacity: 1000 },
    }
    """

  @Test(
    arguments: [
      ("plate", "plate:A1", nil), ("plate", "card:H10301/1/2", "a plate reader reads plate, never card"),
      ("plate", "pin:4711", "a plate reader reads plate, never pin"), ("card", "card:H10301/1/2", nil),
      ("card", "pin:4711", nil), ("card", "plate:A1", "a card reader reads card and pin, never plate"),
      ("card", "qr:V-1", "a card reader reads card and pin, never qr"),
      ("card", "face:F-1", "a card reader reads card and pin, never face"), ("pin", "pin:4711", nil),
      ("pin", "card:H10301/1/2", "a pin reader reads pin, never card"), ("qr", "qr:V-1", nil),
      ("qr", "card:H10301/1/2", nil), ("qr", "plate:A1", "a qr reader reads qr and card, never plate"),
      ("face", "face:F-1", nil), ("face", "card:H10301/1/2", nil),
      ("face", "pin:4711", "a face reader reads face and card, never pin"),
    ] as [(String, String, String?)])
  func isRefusedAndLogged(_ reader: String, _ credential: String, _ refusal: String?) throws {
    let site = try SiteFile.read(Array(Self.site.utf8), path: "kinds.json5", profiles: nil)
    let status = StatusBoard(readers: site.policy.readers.count)
    let desk = try JournalDesk(status: status)
    let inbox = try Inbox<DecisionMessage>(capacity: 8)
    let replies = try ReplyBox()
    let lists = ListSlot()
    lists.settle()
    var thread = DecisionThread(
      site: site, ports: ScanPorts(), inbox: inbox, desk: desk, status: status, lists: lists,
      writer: RecordWriter(site: site, status: status),
      reports: EmergencyReports(site: site, directory: "/nowhere"), past: PastState(journal: nil))
    status.updateJournal { $0.error = "so that every answer comes at once" }
    let handler = IngressHandler(site: site, replies: replies, decisions: inbox)
    let line = IngressRequest(id: "a", reader: reader, credential: credential, track: "t").encoded()
    #expect(
      handler.take(
        line, from: LinePeer(connection: 1, identity: PeerIdentity(process: 1, user: 0, group: 0))) == nil)
    thread.turn()
    let records = desk.inbox.takeAll().compactMap { message -> LogRecord? in
      if case .draft(let draft) = message { draft.record } else { nil }
    }
    let record = try #require(records.first)
    #expect(records.count == 1 && record.type == .access && record.decision == .deny)
    #expect(record.reader == reader && record.credential != nil)
    let answers = try replies.takeAll().replies.map { try IngressReply.parse(Array($0.line.dropLast())) }
    if let refusal {
      let text = "reader '\(reader)': \(refusal)"
      #expect(answers == [.refused(id: "a", error: text)])
      #expect(record.reason == "denied-authentication-factor-error")
      #expect(record.detail["fault"]?.stringValue == text)
    } else {
      let wanted = IngressReply.decided(
        id: "a", decision: .deny, reason: "denied-unknown-credential", point: "door", seq: 0)
      #expect(answers == [wanted])
      #expect(record.reason == "denied-unknown-credential")
    }
  }
}
