import AccessPolicy
import ControlCore
import Journal
import Messages
import Site

/// A past decision made once more: by the same rules, under the list of then, with what its record kept of then.
///
/// What is not known any more is said by name, and nothing is put in its place.
struct DecisionReplay {
  /// Why a seq cannot be explained at all.
  struct Refusal: Error, Equatable {
    var text: String
  }

  let site: SiteDescription
  let text: SeenText
  let lists: PastLists

  init(site: SiteDescription, stateDirectory: String) {
    self.site = site
    text = SeenText(site: site)
    lists = PastLists(site: site, directory: stateDirectory)
  }

  /// The answer to `log.explain`.
  func answer(
    _ seq: Int64, _ reader: JournalReader, current: ListSnapshot, masked: Bool
  ) throws -> JSONValue {
    let record = try decision(seq, reader)
    var unknown: [String] = []
    var again: (request: AccessRequest, decision: AccessDecision, list: ListSnapshot)?
    do throws(Unknown) {
      again = try replay(record, current)
    } catch {
      unknown = error.texts
    }
    return told(
      seq, record, again.map { WhyReport($0.decision, $0.request, $0.list, site, namesHolders: !masked) },
      unknown, masked)
  }

  // MARK: The record

  /// - Throws: ``Refusal`` where the seq is no decision, or its record is not there; ``StoreError``.
  private func decision(_ seq: Int64, _ reader: JournalReader) throws -> LogRecord {
    guard let stored = try reader.records(after: seq - 1, limit: 1).first, stored.seq == seq else {
      let summary = try reader.summary()
      if seq > summary.last {
        throw Refusal(text: "seq \(seq) is not written yet: the log ends at \(summary.last)")
      }
      if seq < summary.first {
        throw Refusal(text: "seq \(seq) is no longer kept: the log begins at \(summary.first)")
      }
      throw Refusal(text: "seq \(seq) is lost; a gap record tells of it")
    }
    switch try LogRecord.parse(stored.bytes) {
    case .redacted: throw Refusal(text: "seq \(seq) was emptied for privacy: only its digest is kept")
    case .record(_, let record):
      guard record.type == .access, record.reader != nil, record.decision != nil else {
        throw Refusal(text: "seq \(seq) is no decision on a credential: \(Self.nature(record))")
      }
      guard record.detail["event"]?.stringValue != "timeout" else {
        throw Refusal(
          text:
            "seq \(seq) follows from time alone: nobody came in time behind \(record.credential ?? "the first")"
        )
      }
      return record
    }
  }

  private static func nature(_ record: LogRecord) -> String {
    let what = record.detail["event"]?.stringValue ?? record.reason
    return "\(record.type.rawValue)\(what.map { " (\($0))" } ?? "")"
  }

  // MARK: Once more

  /// What is not known any more.
  struct Unknown: Error {
    var texts: [String]
  }

  private func replay(_ record: LogRecord, _ current: ListSnapshot) throws(Unknown)
    -> (AccessRequest, AccessDecision, ListSnapshot)
  {
    guard let saw = record.detail["saw"], let rules = saw["rules"]?.stringValue else {
      throw Unknown(texts: ["what the decision saw: its record was written by an older program"])
    }
    var unknown: [String] = []
    if rules != text.rules {
      unknown.append("the rules of then: the site file or the time zone's rules have changed since")
    }
    let version = record.list ?? 0
    if let why = lists.whyGone(version, boot: record.boot, current: current) { unknown.append(why) }
    let read = record.detail["read"]?.stringValue ?? record.credential
    if read?.hasPrefix("pin:") == true { unknown.append("the PIN: no record keeps one") }
    guard unknown.isEmpty else { throw Unknown(texts: unknown) }
    do {
      let seen = try text.seen(saw)
      let request = try request(record, read, seen)
      let waited = [seen.factor?.lapse, seen.secondPerson?.lapse].compactMap { $0?.credential }
      let list = try lists.list(of: version, for: request, and: waited, current: current)
      return (request, Decider.replay(request, seen: seen, list: list, setting: site.policy), list)
    } catch {
      throw Unknown(texts: ["the decision's own terms: \(error)"])
    }
  }

  private func request(_ record: LogRecord, _ read: String?, _ seen: SeenState) throws -> AccessRequest {
    guard let reader = site.policy.readers.firstIndex(where: { $0.name == record.reader }) else {
      throw MessageFault("unknown reader '\(record.reader ?? "")'")
    }
    let clock: ClockTrust =
      switch record.clock {
      case .synced: .synced
      case .holdover: .holdover
      case .untrusted: .untrusted
      }
    return AccessRequest(
      reader: ReaderIndex(reader), credential: try read.map { try CredentialKey.parse(stored: $0) },
      confidence: record.detail["confidence"]?.doubleValue, candidates: seen.otherReadings,
      characters: seen.sureness.map { Double($0) / 100 }, at: record.at.milliseconds, clock: clock,
      now: Instant(nanoseconds: record.monotonic), condition: seen.condition)
  }

  // MARK: The answer

  private func told(
    _ seq: Int64, _ record: LogRecord, _ again: WhyReport?, _ unknown: [String], _ masked: Bool
  ) -> JSONValue {
    let credential = record.credential ?? ""
    var members: [(key: String, value: JSONValue)] = [
      ("seq", .integer(seq)), ("decision", .string(record.decision?.rawValue ?? "")),
      ("reason", .string(record.reason ?? "")), ("reader", .string(record.reader ?? "")),
      ("point", .string(record.point ?? "")),
      ("credential", .string(masked ? CredentialMask.masked(credential) : credential)),
      ("at", .string("\(record.at)")), ("list", .integer(record.list ?? 0)),
      ("replayed", .bool(again != nil)),
    ]
    if let again {
      let answer = again.json
      let agrees =
        answer["decision"]?.stringValue == record.decision?.rawValue
        && answer["reason"]?.stringValue == record.reason
      members.append(("agrees", .bool(agrees)))
      if !agrees {
        members.append(
          ("again", ["decision": answer["decision"] ?? .null, "reason": answer["reason"] ?? .null]))
      }
      members.append(("rules", answer["rules"] ?? []))
    }
    members.append(("unknown", .array(unknown.map { .string($0) })))
    return .object(members)
  }
}

/// The allow-list as it was under an earlier version.
struct PastLists {
  private let site: SiteDescription
  private let text: ListText
  private let directory: String

  init(site: SiteDescription, directory: String) {
    self.site = site
    self.directory = directory
    text = ListText(groupNames: site.policy.groups.map(\.name))
  }

  /// Why the version that a record of `boot` names is not known any more; nil where it is.
  func whyGone(_ version: Int64, boot: Int64, current: ListSnapshot) -> String? {
    // Version 0 is no list at all.
    if version == 0 { return nil }
    let name = "the list of then, version \(version)"
    if version > Int64(clamping: current.version) {
      return "\(name): an older one, \(current.version), is in force"
    }
    do throws(StoreError) {
      switch try ListPastReader(directory: directory).standing(of: version, boot: boot) {
      case .known: return nil
      case .gone(let floor): return "\(name), is no longer kept: only \(floor) and newer are"
      case .otherList: return "\(name), is no longer kept: another one has that number now"
      }
    } catch {
      return "\(name): what was replaced since cannot be read: \(error)"
    }
  }

  /// Of `version` the entries that the request can mean: its own, and where it is matched with tolerance every plate.
  ///
  /// - Parameter others: whose entries the decision named besides.
  func list(
    of version: Int64, for request: AccessRequest, and others: [CredentialKey], current: ListSnapshot
  ) throws -> ListSnapshot {
    guard version > 0, let read = request.credential else { return .empty() }
    let past = try ListPastReader(directory: directory)
    var builder = ListSnapshotBuilder(groups: site.policy.groups)
    if let row = try row(of: read, version, past, current) { builder.append(row) }
    let isTolerant = site.policy.readers[request.reader.position].match == .tolerant
    if builder.count == 0, isTolerant, read.kind == .plate {
      let changes = try past.changes(startingWith: "plate:", after: version)
      let changed = Set(changes.map(\.credential))
      for place in 0..<current.count {
        let row = current.row(at: place)
        if row.credential.kind == .plate, !changed.contains(row.credential.storedText) { builder.append(row) }
      }
      for change in changes {
        if let row = change.row.flatMap({ text.row($0) }) { builder.append(row) }
      }
    }
    for other in others {
      if let row = try row(of: other, version, past, current) { builder.append(row) }
    }
    return ListSnapshot(version: UInt64(version), builder: builder)
  }

  private func row(
    of credential: CredentialKey, _ version: Int64, _ past: ListPastReader, _ current: ListSnapshot
  ) throws(StoreError) -> ListRow? {
    if let change = try past.change(of: credential.storedText, after: version) {
      return change.row.flatMap { text.row($0) }
    }
    return current.lookup(credential).map { current.row(at: $0) }
  }
}
