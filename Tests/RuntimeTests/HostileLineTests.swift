import AccessPolicy
import Messages
import Platform
import Site
import TestSupport
import Testing

@testable import Runtime

/// Lines that nobody should send, straight at the handlers: each is answered or refused, and nothing traps.
struct HostileLineTests {
  private let site: SiteDescription
  private let replies: ReplyBox
  private let decisions: Inbox<DecisionMessage>
  private let peer = LinePeer(connection: 1, identity: PeerIdentity(process: 1, user: 0, group: 0))

  init() throws {
    site = try SiteFile.read(Array(BenchSites.simulated.utf8), path: "bench.json5", profiles: nil)
    replies = try ReplyBox()
    decisions = try Inbox(capacity: 16)
  }

  @Test func mutatedReadings() throws {
    let handler = IngressHandler(site: site, replies: replies, decisions: decisions)
    let seeds = [
      #"{"id":"a1","reader":"lane.camera","credential":"plate:京A12345","confidence":0.93,"track":"t"}"#,
      #"{"id":"a1","reader":"lobby.card","credential":"card:H10301/123/45678","image":"x","seen_at":"2026-11-22T08:00:00Z"}"#,
      #"{"id":"a1","reader":"lane.camera","credential":"plate:A","candidates":[{"value":"B","confidence":0.1}]}"#,
    ]
    var random = SplitMix64(seed: 20_261_123)
    var posted = 0
    for _ in 0..<20_000 {
      let line = random.mutated(Array(seeds[Int(random.next() % 3)].utf8))
      let last = handler.take(line, from: peer)
      let answers = replies.takeAll().replies.count
      let taken = decisions.takeAll().count
      posted += taken
      #expect((last == nil ? 0 : 1) + answers + taken == 1, "\(String(decoding: line, as: UTF8.self))")
    }
    #expect(posted > 1_000, "some of them are still readings")
  }

  @Test func anyArgumentsForAnyVerb() throws {
    let status = StatusBoard(readers: site.policy.readers.count)
    let field = FieldReport(site: site, chipErrors: site.chips.map { _ in nil })
    let ports = ScanPorts()
    let desk = try JournalDesk(status: status)
    let lists = try Inbox<ListMessage>(capacity: 16)
    let logs = try Inbox<LogMessage>(capacity: 16)
    let handler = ControlHandler(
      site: site,
      report: StatusReport(
        site: site, ports: ports, board: try GuardBoard(), status: status, field: field, startedAt: 0),
      replies: replies, decisions: decisions, lists: lists, logs: logs, desk: desk, watchers: WatchList(),
      emergencyReports: EmergencyReports(site: site, directory: "/nowhere"))
    var random = SplitMix64(seed: 4_711)
    let names = [
      "point", "out", "on", "name", "level", "for_ms", "plan", "drill", "merge", "skip_bad", "version",
      "import",
      "text", "credential", "after_row", "limit", "after", "reader", "confidence", "at", "through", "hash",
      "topic",
      "why",
    ]
    let words = [
      "lane", "lobby", "lane.raise", "fire", "lane.camera", "plate:A", "", "x", "2026-11-22T08:00:00Z",
    ]
    for _ in 0..<6_000 {
      let verb = Verb.allCases[Int(random.next() % UInt64(Verb.allCases.count))]
      if verb == .selftest { continue }
      let args = names.filter { _ in random.next() % 3 == 0 }.map { (key: $0, value: random.value(words)) }
      let request = ControlRequest(id: 7, verb: verb.rawValue, args: .object(args))
      #expect(handler.take(request.encoded(), from: peer) == nil)
      let answers = replies.takeAll().replies.count
      let taken =
        decisions.takeAll().count + lists.takeAll().count + logs.takeAll().count
        + desk.inbox.takeAll().count + (verb == .watch ? 1 : 0)
      #expect(answers + taken >= 1, "\(verb) \(args)")
    }
  }
}

/// What a line may be made of.
extension SplitMix64 {
  /// Up to three bytes changed, put in, taken out, or the end cut off.
  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<(next() % 4) where !bytes.isEmpty {
      let place = Int(next() % UInt64(bytes.count))
      switch next() % 4 {
      case 0: bytes[place] = UInt8(truncatingIfNeeded: next())
      case 1: bytes.insert(UInt8(truncatingIfNeeded: next()), at: place)
      case 2: bytes.remove(at: place)
      default: if next() % 4 == 0 { bytes.removeSubrange(place...) }
      }
    }
    return bytes
  }

  mutating func value(_ words: [String]) -> JSONValue {
    switch next() % 8 {
    case 0: .null
    case 1: .bool(next() % 2 == 0)
    case 2: .integer(Int64(truncatingIfNeeded: next()))
    case 3: .integer(Int64(next() % 2_000))
    case 4: .number(Double(bitPattern: next() >> 2))
    case 5: .array([.integer(1)])
    case 6: .string(String(repeating: "9", count: Int(next() % 400)))
    default: .string(words[Int(next() % UInt64(words.count))])
    }
  }
}
