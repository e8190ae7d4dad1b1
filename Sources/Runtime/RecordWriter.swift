import AccessPolicy
import ControlCore
import Messages
import Platform
import Site

/// Drafts of records: the moment, the clock's trust and the names are filled in here.
struct RecordWriter {
  let site: SiteDescription
  let status: StatusBoard

  func draft(_ type: LogRecord.Kind, reason: String? = nil, detail: JSONValue = .object([])) -> LogRecord {
    LogRecord(
      at: Timestamp(milliseconds: WallClock.milliseconds()), clock: status.clock,
      monotonic: MonotonicClock.now(), type: type, reason: reason, detail: detail)
  }

  /// `p-BOOT-NUMBER`; nil for no passage.
  func passageName(_ number: UInt64) -> String? { number == 0 ? nil : "p-\(status.boot)-\(number)" }

  /// The record of an event, or nil where the event only answers a command.
  func record(of event: Event) -> LogRecord? {
    guard let (type, reason) = kind(of: event) else { return nil }
    var record = draft(type, reason: reason)
    // The scan saw it a moment ago: the record tells that moment.
    let age = Int64((record.monotonic &- event.at.nanoseconds) / 1_000_000)
    if event.at.nanoseconds > 0, event.at.nanoseconds <= record.monotonic {
      record.at.milliseconds -= age
      record.monotonic = event.at.nanoseconds
    }
    record.point = event.point.map { site.pointNames[$0.position] }
    record.side = event.side.map { $0 == .in ? .in : .out }
    record.passage = passageName(event.passage)
    record.detail = detail(of: event)
    if event.kind == .exitDenied { record.decision = .deny }
    return record
  }

  private func detail(of event: Event) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [("event", .string(FieldNames.event(event.kind)))]
    if event.cause != .none { members.append(("cause", .string(FieldNames.cause(event.cause)))) }
    if event.kind == .fault, let advice = FieldNames.advice(event.cause) {
      members.append(("advice", .string(advice)))
    }
    if let plan = event.plan { members.append(("plan", .string(site.planNames[plan.position]))) }
    if let input = event.input { members.append(("input", .string(site.inputNames[input.position]))) }
    if let output = event.output { members.append(("output", .string(site.outputNames[output.position]))) }
    if event.drill { members.append(("drill", true)) }
    if event.value > 0 || event.kind == .pointReacted {
      let key = event.kind == .overflow ? "count" : "ms"
      members.append((key, .integer(Int64(clamping: event.value))))
    }
    return .object(members)
  }

  private func kind(of event: Event) -> (LogRecord.Kind, String?)? {
    switch event.kind {
    case .accepted, .refused: nil
    case .opening, .opened, .closing, .closed, .unlocked, .locked, .obstruction, .blocked, .slow, .stopped,
      .outputTested:
      (.actuator, nil)
    case .exitRequested: (.actuator, "egress-open")
    case .exitDenied:
      (.access, event.cause == .interlock ? Reason.deniedInterlock.name : Reason.deniedThreatLevel.name)
    case .freeAccess, .freeAccessEnded, .officeMode, .officeModeEnded, .propped, .proppedEnded:
      (.actuator, nil)
    case .fault, .faultEnded: isDoor(event.point) ? (.doorAlarm, "door-fault") : (.actuator, nil)
    case .outOfService, .backInService: (.actuator, Reason.outOfService.name)
    case .passage: (.passage, nil)
    case .noEntry:
      (.passage, event.cause == .interlock ? Reason.deniedInterlock.name : Reason.noEntryAfterGrant.name)
    case .tailgating: (.passage, "tailgating")
    case .forcedOpen: (.doorAlarm, "forced-open")
    case .heldWarning, .heldOpen, .heldEnded: (.doorAlarm, "door-open-too-long")
    case .tamper, .tamperEnded: (.doorAlarm, "tamper")
    case .emergencyStarted, .emergencyInputEnded, .emergencyReset, .emergencyEnded, .emergencySilenced,
      .drillBecameReal, .pointReacted, .pointNotReacted:
      (.emergency, nil)
    case .inputLost: (.device, isTampered(event.cause) ? "tamper" : nil)
    case .inputReturned: (.device, nil)
    case .maintenanceStarted, .maintenanceEnded, .overflow: (.system, nil)
    }
  }

  private func isTampered(_ cause: Cause) -> Bool { cause == .wireCut || cause == .wireShort }

  private func isDoor(_ point: PointIndex?) -> Bool {
    guard let point else { return false }
    switch site.control.points[point.position] {
    case .door, .turnstile: return true
    case .barrier, .gate: return false
    }
  }
}
