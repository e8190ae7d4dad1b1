import ControlCore
import Messages
import Site

/// What one holding of a plan has shown: which point followed it, in how many milliseconds, and which did not.
struct EmergencyReport: Sendable {
  /// One point under the plan.
  struct Entry: Sendable {
    enum Result: String, Sendable {
      case waiting, reacted
      /// After its time.
      case late
      case didNotReact = "did-not-react"
      /// The plan ended first.
      case unknown
    }

    var point: PointIndex
    var does: String
    var limit: Interval
    var result = Result.waiting
    var milliseconds: UInt64?
    var cause = Cause.none
  }

  let plan: PlanIndex
  let drill: Bool
  let started: Timestamp
  /// Who ordered it, or the input that called for it.
  var by: String?
  let input: InputIndex?
  var ended: Timestamp?
  var entries: [Entry]

  init(_ event: Event, of plan: PlanIndex, at time: Timestamp, by: String?, site: SiteDescription) {
    let setting = site.control.emergencies[plan.position]
    self.plan = plan
    drill = event.drill
    started = time
    self.by = by
    input = event.input
    let points =
      setting.release.map { ($0, "release") } + setting.holdOpen.map { ($0, "hold-open") }
      + setting.lock.map { ($0, "lock") }
    entries = points.map { point, does in
      Entry(
        point: point, does: does, limit: setting.reactionTime(of: site.control.points[point.position]))
    }
  }

  /// Nothing more is waited for.
  var isDone: Bool { ended != nil || entries.allSatisfy { $0.result != .waiting } }

  mutating func note(_ event: Event) {
    guard let place = entries.firstIndex(where: { $0.point == event.point }) else { return }
    entries[place].milliseconds = event.value
    switch (event.kind, entries[place].result) {
    case (.pointReacted, .didNotReact): entries[place].result = .late
    case (.pointReacted, _): entries[place].result = .reacted
    default:
      entries[place].result = .didNotReact
      entries[place].cause = event.cause
    }
  }

  mutating func end(at time: Timestamp) {
    ended = time
    for place in entries.indices where entries[place].result == .waiting { entries[place].result = .unknown }
  }

  func json(_ site: SiteDescription) -> JSONValue {
    func count(_ result: Entry.Result) -> JSONValue {
      .integer(Int64(entries.count { $0.result == result }))
    }
    var members: [(key: String, value: JSONValue)] = [
      ("plan", .string(site.planNames[plan.position])),
      ("kind", .string("\(site.control.emergencies[plan.position].kind)")), ("drill", .bool(drill)),
      ("started", .string(started.description)),
    ]
    if let by { members.append(("by", .string(by))) }
    if let input { members.append(("input", .string(site.inputNames[input.position]))) }
    if let ended { members.append(("ended", .string(ended.description))) }
    members += [
      ("done", .bool(isDone)), ("of", .integer(Int64(entries.count))), ("reacted", count(.reacted)),
      ("late", count(.late)), ("did_not_react", count(.didNotReact)),
      ("points", .array(entries.map { json($0, site) })),
    ]
    return .object(members)
  }

  private func json(_ entry: Entry, _ site: SiteDescription) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("point", .string(site.pointNames[entry.point.position])), ("does", .string(entry.does)),
      ("result", .string(entry.result.rawValue)), ("limit_ms", .integer(Int64(entry.limit.milliseconds))),
    ]
    if let time = entry.milliseconds { members.append(("ms", .integer(Int64(clamping: time)))) }
    if entry.cause != .none { members.append(("cause", .string(FieldNames.cause(entry.cause)))) }
    return .object(members)
  }
}
