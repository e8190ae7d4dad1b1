import AccessPolicy
import ControlCore
import Journal
import Messages
import Platform
import Site
import Testing

@testable import Runtime

/// The decision thread and the journal thread without their threads, so that the disk is as slow as the test wants.
struct DurabilityTests {
  private let site: SiteDescription
  private let directory: TemporaryDirectory
  private let status: StatusBoard
  private let desk: JournalDesk
  private let inbox: Inbox<DecisionMessage>
  private let ports = ScanPorts()
  private let lists = ListSlot()
  private let replies: ReplyBox

  init() throws {
    directory = try TemporaryDirectory(prefix: "durability")
    site = try SiteFile.read(Array(BenchSites.simulated.utf8), path: "bench.json5", profiles: nil)
    status = StatusBoard(readers: site.policy.readers.count)
    desk = try JournalDesk(status: status)
    inbox = try Inbox(capacity: 64)
    replies = try ReplyBox()
    let rows = AllowListText.parse(Array(BenchSites.list.utf8), groupNames: site.policy.groups.map(\.name))
      .rows
    _ = lists.replace(with: ListSnapshot(rows: rows, version: 1, groups: site.policy.groups))
  }

  private func decisions() -> DecisionThread {
    DecisionThread(
      site: site, ports: ports, inbox: inbox, desk: desk, status: status, lists: lists,
      writer: RecordWriter(site: site, status: status),
      reports: EmergencyReports(site: site, directory: "/nowhere"), past: PastState(journal: nil))
  }

  private func journal(open: @escaping @Sendable (JournalBefore) throws -> Journal) throws -> JournalThread {
    let inbox = self.inbox
    return JournalThread(
      journal: nil, desk: desk, status: status, board: try GuardBoard(), watchers: WatchList(), open: open,
      committed: { inbox.postAlways(.committed($0)) })
  }

  private func present(_ credential: String, _ request: String, reader: Int = 1) -> DecisionMessage {
    .presentation(
      Presentation(
        reader: ReaderIndex(reader),
        credential: Result { () throws(CredentialFault) in try CredentialKey.parse(credential) },
        confidence: 0.9, received: Instant(nanoseconds: MonotonicClock.now()),
        source: .init(box: replies, connection: 1, request: request)))
  }

  private func answers() throws -> [IngressReply] {
    try replies.takeAll().replies.map { try IngressReply.parse(Array($0.line.dropLast())) }
  }

  /// Readings that came while a start still reads the stored list, and whether it ever comes.
  @Test(arguments: [true, false])
  func aReadingWaitsForTheStoredListButNotForEver(_ comes: Bool) throws {
    let empty = ListSlot()
    var thread = DecisionThread(
      site: site, ports: ports, inbox: inbox, desk: desk, status: status, lists: empty,
      writer: RecordWriter(site: site, status: status),
      reports: EmergencyReports(site: site, directory: "/nowhere"), past: PastState(journal: nil))
    status.updateJournal { $0.error = "so that every answer comes at once" }
    #expect(inbox.post(present("card:H10301/123/45678", "a")))
    #expect(inbox.post(present("plate:京A12345", "b", reader: 0)))
    thread.turn()
    thread.turn()
    #expect(try answers().isEmpty)
    if comes {
      _ = empty.replace(with: lists.current)
    } else {
      MonotonicClock.sleep(milliseconds: RuntimeLimits.listPatience.milliseconds + 5)
    }
    thread.turn()
    let wanted = [("a", "lobby"), ("b", "lane")].map { id, point in
      IngressReply.decided(
        id: id, decision: comes ? .grant : .deny, reason: comes ? "granted" : "denied-unknown-credential",
        point: point, seq: 0)
    }
    #expect(try answers() == wanted)
  }

  @Test func aGrantWaitsForTheLogAndNoLonger() throws {
    var thread = decisions()
    #expect(inbox.post(present("card:H10301/123/45678", "a")))
    thread.turn()
    #expect(ports.commands.take() == nil, "not durable yet")
    #expect(try answers().isEmpty)
    MonotonicClock.sleep(milliseconds: site.journal.commitBudget.milliseconds + 5)
    thread.turn()
    let command = try #require(ports.commands.take())
    guard case .grant(PointIndex(1), _) = command.action else {
      Issue.record("\(command)")
      return
    }
    #expect(command.expires > command.issued + .seconds(1))
    #expect(ports.commands.take() == nil)
    // The log says that the door did not wait.
    let drafts = desk.inbox.takeAll().compactMap { message -> LogRecord? in
      if case .draft(let draft) = message { draft.record } else { nil }
    }
    #expect(drafts.map(\.type) == [.access, .system])
    #expect(drafts[1].detail["event"] == "grant-before-durable")
    #expect(drafts[0].passage == drafts[1].passage)
  }

  @Test func aDurableGrantOpensAtOnceAndOnce() throws {
    var thread = decisions()
    #expect(
      inbox.post(present("plate:京A12345", "a", reader: 0))
        && inbox.post(present("plate:京A12345", "b", reader: 0)))
    thread.turn()
    let drafts = desk.inbox.takeAll()
    guard case .draft(let draft)? = drafts.first else {
      Issue.record("no draft")
      return
    }
    let durable: [(ticket: UInt64, seq: Int64)] = [(draft.ticket, Int64(41))]
    inbox.postAlways(.committed(durable))
    thread.turn()
    #expect(ports.commands.take() != nil)
    #expect(ports.commands.take() == nil)
    let seen = try answers()
    let wanted = ["a", "b"].map { id in
      IngressReply.decided(id: id, decision: .grant, reason: "granted", point: "lane", seq: 41)
    }
    // The same plate again is the same presence: it gets the first answer, and nothing moves.
    #expect(seen == wanted)
  }

  @Test func whatTheDeskCannotHoldIsToldByAGap() throws {
    let writer = RecordWriter(site: site, status: status)
    var lost = 0
    for _ in 0..<(RuntimeLimits.waitingRecords + 5) where desk.submit(writer.draft(.actuator)) == nil {
      lost += 1
    }
    #expect(lost == RuntimeLimits.waitingRecordsReserved + 5, "the last places are for access records")
    #expect(desk.submit(writer.draft(.access), changes: [.left(credential: "plate:A")]) != nil)
    #expect(status.journal.lost == Int64(lost))
    let path = directory.path
    var thread = try journal { _ in try Journal.open(directory: path, gateway: "gw", capacity: 20_000) }
    thread.run { false }
    #expect(status.journal.error == nil && status.journal.lost == 0)
    let reader = try JournalReader(path: "\(path)/gatehouse.db")
    let first = try #require(try reader.records(after: 0, limit: 1).first)
    guard case .record(_, let gap) = try LogRecord.parse(first.bytes) else {
      Issue.record("redacted")
      return
    }
    #expect(gap.type == .gap && gap.detail["count"]?.integerValue == Int64(lost))
    #expect(
      try reader.verify()
        == .intact(records: Int64(RuntimeLimits.waitingRecords - RuntimeLimits.waitingRecordsReserved + 2)))
  }

  @Test func aJournalThatCannotBeOpenedIsTriedAgain() throws {
    let path = "\(directory.path)/later"
    var thread = try journal { _ in try Journal.open(directory: path, gateway: "gw", capacity: 100) }
    desk.submit(RecordWriter(site: site, status: status).draft(.system))
    thread.turn()
    #expect(status.journal.error != nil)
    try Files.makeDirectory(path)
    #expect(
      waitUntil(limit: 5_000) {
        thread.turn()
        return status.journal.error == nil
      } != nil)
    #expect(status.journal.last == 1)
  }
}
