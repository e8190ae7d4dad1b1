import AccessPolicy
import Messages
import Platform
import Site

@testable import Runtime

/// A decision thread with what it talks to, and nothing else: no scan, no journal, no sockets.
///
/// The journal counts as failing, so that every answer comes at once.
struct DecisionRig {
  let site: SiteDescription
  let status: StatusBoard
  let desk: JournalDesk
  let inbox: Inbox<DecisionMessage>
  let replies: ReplyBox
  let lists = ListSlot()
  let ports = ScanPorts()
  let handler: IngressHandler
  let peer = LinePeer(connection: 1, identity: PeerIdentity(process: 1, user: 0, group: 0))

  /// - Parameters:
  ///   - text: the site file's.
  ///   - list: CSV, in force as version 1.
  init(site text: String, list: String) throws {
    site = try SiteFile.read(Array(text.utf8), path: "rig.json5", profiles: nil)
    status = StatusBoard(readers: site.policy.readers.count)
    desk = try JournalDesk(status: status)
    inbox = try Inbox<DecisionMessage>(capacity: 64)
    replies = try ReplyBox()
    handler = IngressHandler(site: site, replies: replies, decisions: inbox)
    importList(list, version: 1)
    status.updateJournal { $0.error = "so that every answer comes at once" }
  }

  func importList(_ text: String, version: UInt64) {
    let (rows, faults) = AllowListText.parse(Array(text.utf8), groupNames: site.policy.groups.map(\.name))
    precondition(faults.isEmpty, "\(faults)")
    _ = lists.replace(with: ListSnapshot(rows: rows, version: version, groups: site.policy.groups))
  }

  func thread(_ past: PastState = PastState(journal: nil)) -> DecisionThread {
    DecisionThread(
      site: site, ports: ports, inbox: inbox, desk: desk, status: status, lists: lists,
      writer: RecordWriter(site: site, status: status),
      reports: EmergencyReports(site: site, directory: "/nowhere"), past: past)
  }

  /// A line of a source, for the thread's next turn.
  func read(_ reader: String, _ credential: String) {
    _ = handler.take(IngressRequest(id: "a", reader: reader, credential: credential).encoded(), from: peer)
  }

  /// What was handed in for the log since the last call.
  func drafts() -> [JournalDesk.Draft] {
    desk.inbox.takeAll().compactMap { if case .draft(let draft) = $0 { draft } else { nil } }
  }
}
