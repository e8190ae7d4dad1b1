import ControlCore
import Messages
import Platform
import Site
import Synchronization

/// The last report of every plan, drill or real: filled from the scan's events, asked for by people, kept in a file.
final class EmergencyReports: Sendable {
  private struct State {
    var live: [EmergencyReport?]
    /// From before this start, as they were written.
    var past: [String: JSONValue]
    var changes: UInt64 = 0
  }

  private let site: SiteDescription
  private let path: String
  private let state: Mutex<State>

  /// Reads `emergency-reports.json` of the state directory. One that cannot be read is begun anew: the log tells it too.
  init(site: SiteDescription, directory: String) {
    self.site = site
    path = "\(directory)/emergency-reports.json"
    let past = Self.read(path)
    state = Mutex(State(live: Array(repeating: nil, count: site.planNames.count), past: past))
  }

  private static func read(_ path: String) -> [String: JSONValue] {
    guard let bytes = try? Files.read(path, limit: RuntimeLimits.emergencyReportBytes),
      let value = try? JSONValue.parse(bytes, maximumBytes: RuntimeLimits.emergencyReportBytes)
    else { return [:] }
    var past: [String: JSONValue] = [:]
    for report in value["reports"]?.arrayValue ?? [] {
      if let plan = report["plan"]?.stringValue { past[plan] = settled(report) }
    }
    return past
  }

  /// What was still waited for when the controller stopped is not known.
  private static func settled(_ report: JSONValue) -> JSONValue {
    .object(
      (report.objectValue ?? []).map { member in
        switch member.key {
        case "done": return ("done", true)
        case "points":
          return ("points", .array((member.value.arrayValue ?? []).map(settledPoint)))
        default: return member
        }
      })
  }

  private static func settledPoint(_ point: JSONValue) -> JSONValue {
    guard point["result"]?.stringValue == EmergencyReport.Entry.Result.waiting.rawValue else { return point }
    return .object((point.objectValue ?? []).map { $0.key == "result" ? ("result", "unknown") : $0 })
  }

  func note(_ event: Event, at time: Timestamp, by: String?) {
    guard let plan = event.plan else { return }
    state.withLock { state in
      switch event.kind {
      case .emergencyStarted:
        state.live[plan.position] = EmergencyReport(event, of: plan, at: time, by: by, site: site)
      case .pointReacted, .pointNotReacted: state.live[plan.position]?.note(event)
      case .emergencyReset, .emergencyEnded:
        state.live[plan.position]?.end(at: time)
        if state.live[plan.position] == nil { state.past[site.planNames[plan.position]]?.append(ended: time) }
      default: return
      }
      state.changes += 1
    }
  }

  /// Nil where the plan has never held.
  func report(_ plan: PlanIndex) -> JSONValue? {
    state.withLock { state in
      state.live[plan.position]?.json(site) ?? state.past[site.planNames[plan.position]]
    }
  }

  /// How often something has changed: who keeps the file compares it.
  var changes: UInt64 { state.withLock { $0.changes } }

  func write() throws(SystemError) {
    let reports = site.planNames.indices.compactMap { report(PlanIndex($0)) }
    try Files.write(JSONValue.object([("reports", .array(reports))]).encoded() + [0x0A], to: path)
  }
}

extension JSONValue {
  /// A report from before this start: the plan that it tells of has ended now.
  fileprivate mutating func append(ended time: Timestamp) {
    guard case .object(let members) = self else { return }
    self = .object(members + [("ended", .string(time.description))])
  }
}
