import ControlCore
import Journal
import Messages
import Platform
import Site

/// A question about the log.
enum LogMessage: Sendable {
  case pull(after: Int64, limit: Int, masked: Bool, ReplyAddress)
  case verify(ReplyAddress)
  case explain(seq: Int64, masked: Bool, ReplyAddress)

  init(_ verb: Verb, _ args: Arguments, _ person: Person, _ reply: ReplyAddress) throws(MessageFault) {
    switch verb {
    case .logVerify: self = .verify(reply)
    case .logExplain:
      let seq = try args.count("seq", upTo: UInt64(Int64.max))
      self = .explain(seq: Int64(seq), masked: person.role == .viewer, reply)
    default:
      let after = try args.optionalCount("after", upTo: UInt64(Int64.max), or: 0)
      let limit = try args.optionalCount("limit", upTo: UInt64(RuntimeLimits.pullRecords), or: 100)
      self = .pull(after: Int64(after), limit: Int(limit), masked: person.role == .viewer, reply)
    }
  }
}

/// Answers about the log from a read-only connection of its own, so that a long check holds nobody up.
struct LogThread: ~Copyable {
  private let inbox: Inbox<LogMessage>
  private let path: String
  private let status: StatusBoard
  private let lists: ListSlot
  private let replay: DecisionReplay
  private let desk: JournalDesk
  private var reader: JournalReader?
  /// The file that the reader has open.
  private var file: FileIdentity?

  init(
    site: SiteDescription, inbox: Inbox<LogMessage>, lists: ListSlot, stateDirectory: String,
    status: StatusBoard, desk: JournalDesk
  ) {
    self.inbox = inbox
    self.desk = desk
    self.status = status
    self.lists = lists
    replay = DecisionReplay(site: site, stateDirectory: stateDirectory)
    path = "\(stateDirectory)/gatehouse.db"
  }

  mutating func run(while goesOn: () -> Bool) {
    while goesOn() {
      inbox.wait(milliseconds: 500)
      for message in inbox.takeAll() { answer(message) }
    }
  }

  private mutating func answer(_ message: LogMessage) {
    switch message {
    case .pull(let after, let limit, let masked, let reply):
      answer(reply) { (reader) throws(StoreError) in
        try Self.pull(reader, after: after, limit: limit, masked: masked)
      }
    case .verify(let reply):
      let known = status.journal.last
      answer(reply) { (reader) throws(StoreError) in
        Self.told(try reader.examine(known: known))
      }
    case .explain(let seq, let masked, let reply): explain(seq, masked, reply)
    }
  }

  private mutating func explain(_ seq: Int64, _ masked: Bool, _ reply: ReplyAddress) {
    do {
      waitForList()
      // The list first: what it was before is kept from before it is in force.
      let current = lists.current
      reply.done(try replay.answer(seq, try openReader(), current: current, masked: masked))
    } catch let refusal as DecisionReplay.Refusal {
      reply.refuse(refusal.text)
    } catch {
      reader = nil
      reply.refuse("\(error)")
    }
  }

  /// A start answers while the stored list is still read.
  private func waitForList() {
    let end = MonotonicClock.now() + RuntimeLimits.listPatience.nanoseconds
    while !lists.isSettled, MonotonicClock.now() < end { MonotonicClock.sleep(milliseconds: 5) }
  }

  private mutating func openReader() throws(StoreError) -> JournalReader {
    let now = FileIdentity(path: path)
    if let reader, now == file { return reader }
    let opened = try JournalReader(path: path)
    reader = opened
    file = now
    return opened
  }

  private static func told(_ report: ChainReport) -> JSONValue {
    switch report.verdict {
    case .intact(let records):
      [
        "ok": true, "records": .integer(records), "first": .integer(report.first),
        "last": .integer(report.last), "redacted": .integer(report.redacted), "lost": .integer(report.lost),
      ]
    case .broken(let seq, let why):
      ["ok": false, "records": 0, "first_broken": .integer(seq), "why": .string(why)]
    }
  }

  private mutating func answer(
    _ reply: ReplyAddress, _ body: (JournalReader) throws(StoreError) -> JSONValue
  ) {
    do throws(StoreError) {
      reply.done(try body(try openReader()))
    } catch {
      // The file may have been set aside and begun anew, the card exchanged: the next question opens it again.
      reader = nil
      if error.isDamageOfFile, let file { _ = desk.inbox.post(.damaged(error, file: file)) }
      reply.refuse("\(error)")
    }
  }

  /// `records` are the log's own lines; for a viewer the same with cards masked.
  private static func pull(
    _ reader: JournalReader, after: Int64, limit: Int, masked: Bool
  ) throws(StoreError) -> JSONValue {
    var texts: [JSONValue] = []
    var last = after
    var room = RuntimeLimits.pullBytes
    for record in try reader.records(after: after, limit: limit) {
      room -= record.bytes.count
      if room < 0 && !texts.isEmpty { break }
      let bytes = masked ? maskedLine(record.bytes) : record.bytes
      texts.append(.string(String(decoding: bytes, as: UTF8.self)))
      last = record.seq
    }
    return ["records": .array(texts), "last": .integer(last)]
  }

  private static func maskedLine(_ line: [UInt8]) -> [UInt8] {
    guard let value = try? JSONValue.parse(line, maximumBytes: line.count) else { return [] }
    return CredentialMask.masked(record: value).encoded()
  }
}
