import AccessPolicy
import ControlCore
import Messages
import Site

/// What a decision rests on, for its record.
struct DecisionBasis {
  var request: AccessRequest
  var list: ListSnapshot
  /// ``SeenText/json(_:)``; nil for a repeat.
  var saw: JSONValue?
}

extension DecisionThread {
  /// The access record: a denial tells as much as a grant.
  ///
  /// Its time and clock are those of the decision, so that it can be made again; `detail.saw` is what it saw.
  func record(
    _ presentation: Presentation, _ decision: AccessDecision, _ basis: DecisionBasis
  ) -> LogRecord {
    let reader = site.policy.readers[presentation.reader.position]
    var record = writer.draft(.access, reason: decision.reason.name)
    record.at.milliseconds = basis.request.at
    record.monotonic = basis.request.now.nanoseconds
    record.clock = LogRecord.Clock(rawValue: basis.request.clock.name) ?? record.clock
    record.point = site.pointNames[reader.point.position]
    record.reader = reader.name
    record.side = reader.side == .in ? .in : .out
    record.decision = decision.isGrant ? .grant : .deny
    record.list = Int64(clamping: basis.list.version)
    let read = try? presentation.credential.get()
    record.credential = (decision.takenFor ?? read).map { "\($0)" }
    var members = detail(presentation, decision, read, basis.list)
    if isInDrill(reader.point) { members.append(("drill", true)) }
    if let saw = basis.saw { members.append(("saw", saw)) }
    record.detail = .object(members)
    return record
  }

  /// A drill rules the point: what is denied there now is denied by a drill.
  private func isInDrill(_ point: PointIndex) -> Bool {
    ports.snapshot.read { $0.points[point.position].drill }
  }

  private func detail(
    _ presentation: Presentation, _ decision: AccessDecision, _ read: CredentialKey?, _ list: ListSnapshot
  ) -> [(key: String, value: JSONValue)] {
    var members: [(key: String, value: JSONValue)] = []
    let point = site.policy.readers[presentation.reader.position].point
    if decision.isTolerant, let read { members.append(("read", .string("\(read)"))) }
    if decision.isAmbiguous {
      members.append(("between", .array(decision.candidates(in: list).map { .string("\($0)") })))
    }
    if case .failure(let fault) = presentation.credential, presentation.source != nil {
      members.append(("fault", .string("\(fault)")))
    }
    if let fault = foreign(presentation) { members.append(("fault", .string(fault))) }
    let others = policy.others(of: decision, read: read)
    if !others.isEmpty { members.append(("with", .array(others.map { .string("\($0)") }))) }
    if let lapsed = decision.lapsed {
      let reason = JSONValue.string(decision.lapsedReason.name)
      members.append(("lapsed", ["credential": .string("\(lapsed)"), "reason": reason]))
    }
    if decision.passesLockdown && condition(of: point).contains(.lockedDown) {
      members.append(("passes_lockdown", true))
    }
    if let confidence = presentation.confidence { members.append(("confidence", .number(confidence))) }
    if decision.duress { members.append(("duress", true)) }
    if decision.extended { members.append(("extended", true)) }
    if let track = presentation.track { members.append(("track", .string(track))) }
    return members + presentation.detail
  }

  /// Somebody is forced to do what he does: told at once, whatever the reader answers. That is said nowhere else.
  func duressRecord(_ decided: LogRecord) -> LogRecord {
    var alarm = writer.draft(
      .doorAlarm, reason: Reason.duress.name,
      detail: ["event": "duress", "answer": .string(decided.reason ?? "")])
    alarm.at = decided.at
    alarm.monotonic = decided.monotonic
    alarm.clock = decided.clock
    alarm.point = decided.point
    alarm.reader = decided.reader
    alarm.side = decided.side
    alarm.credential = decided.credential
    alarm.passage = decided.passage
    return alarm
  }

  /// Soft passback: granted, and yet somebody came in twice.
  func passbackRecord(_ granted: LogRecord) -> LogRecord {
    var record = granted
    record.reason = Reason.passbackDetected.name
    record.decision = nil
    record.detail = ["event": "passback-detected"]
    return record
  }
}
