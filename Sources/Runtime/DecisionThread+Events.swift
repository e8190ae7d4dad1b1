import AccessPolicy
import ControlCore
import Journal
import Messages
import Site

extension DecisionThread {
  /// One event of the scan: a record, and where somebody went through, a change of who is where.
  mutating func take(_ event: Event) {
    switch event.kind {
    case .accepted, .refused: answered(event)
    case .passage: passed(event)
    case .noEntry: tookBack(event)
    case .freeAccess, .freeAccessEnded, .officeMode, .officeModeEnded, .propped, .proppedEnded:
      tellMode(event)
    case .emergencyStarted, .emergencyInputEnded, .emergencyReset, .emergencyEnded, .emergencySilenced,
      .drillBecameReal, .pointReacted, .pointNotReacted:
      tookEmergency(event)
    default:
      if let record = writer.record(of: event) { desk.submit(known(record, event)) }
    }
  }

  /// The reader and the credential of a passage that began with a grant of ours.
  func known(_ record: LogRecord, _ event: Event) -> LogRecord {
    guard let grant = passages[event.passage] else { return record }
    var record = record
    fill(&record, grant)
    return record
  }

  func fill(_ record: inout LogRecord, _ grant: GrantedPassage) {
    record.point = site.pointNames[grant.point.position]
    record.reader = site.policy.readers[grant.reader.position].name
    record.side = grant.side == .in ? .in : .out
    record.credential = grant.credential
    record.passage = writer.passageName(grant.passage)
  }

  mutating func passed(_ event: Event, more: [(key: String, value: JSONValue)] = []) {
    guard var record = writer.record(of: event) else { return }
    record.detail = .object((record.detail.objectValue ?? []) + more)
    let changes = policy.passed(event, wall: record.at.milliseconds)
    desk.submit(known(record, event), changes: changes)
    firstPerson(event)
    passages[event.passage] = nil
  }

  private mutating func tookBack(_ event: Event) {
    policy.takeBack(passage: event.passage)
    if let record = writer.record(of: event) { desk.submit(known(record, event)) }
    passages[event.passage] = nil
  }
}
