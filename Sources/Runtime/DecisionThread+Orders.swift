import ControlCore
import Messages
import Platform
import Site

extension DecisionThread {
  /// Hands an order to the scan; the machine's answer is the person's answer.
  mutating func pass(_ order: Order) {
    if case .setAccess(let point, let access) = order.action { return free(order, point, access == .free) }
    let now = Instant(nanoseconds: MonotonicClock.now())
    guard admitsHold(order, now) else { return }
    let token = ports.commands.nextToken()
    let life = order.verb == .hold ? Limits.holdOrder : RuntimeLimits.commandLife
    let command = Command(order.action, token: token, issued: now, expires: now + life)
    guard ports.commands.post(command) else {
      finish(order, outcome: "not-taken", error: "the scan does not take commands")
      return
    }
    orders[token] = order
  }

  /// The machine's answer to a command of ours.
  mutating func answered(_ event: Event) {
    if let order = orders.removeValue(forKey: event.token) {
      if event.kind == .accepted {
        remember(order, event)
        finish(order, outcome: "accepted", error: nil)
      } else {
        let cause = FieldNames.cause(event.cause)
        finish(order, outcome: "refused", cause: cause, error: sentence(event, order))
      }
    } else if let grant = grants.removeValue(forKey: event.token) {
      if event.kind == .refused { refused(grant, event) } else { assumePassage(grant, event) }
    }
  }

  /// A door that no contact watches tells of no passage: who was let in counts as gone through, or his pass would never
  /// be used up.
  private mutating func assumePassage(_ grant: GrantedPassage, _ event: Event) {
    guard case .door(let door) = site.control.points[grant.point.position], door.contact == nil else {
      return
    }
    let passage = Event(
      .passage, at: event.at, point: grant.point, side: grant.side, cause: .credential, passage: grant.passage
    )
    passed(passage, more: [("assumed", true)])
  }

  /// Granted, and then the machine said no: it moved nothing, and the log says so.
  private mutating func refused(_ grant: GrantedPassage, _ event: Event) {
    policy.refused(passage: grant.passage)
    passages[grant.passage] = nil
    var record = writer.draft(
      .passage, reason: reason(of: event.cause),
      detail: ["event": "refused", "cause": .string(FieldNames.cause(event.cause))])
    fill(&record, grant)
    desk.submit(record)
  }

  private func reason(of cause: Cause) -> String {
    switch cause {
    case .interlock: "denied-interlock"
    case .outOfService, .maintenance, .faultLatched: "out-of-service"
    case .lockdown, .emergency: "denied-threat-level"
    case .stale: "denied-verification-timeout"
    default: "no-entry-after-grant"
    }
  }

  mutating func finish(_ order: Order, outcome: String, cause: String? = nil, error: String?) {
    if isNews(order, cause ?? outcome) { tell(order, outcome, cause) }
    if let error {
      order.reply.refuse(error)
    } else {
      order.reply.done(["accepted": true])
    }
  }

  private func tell(_ order: Order, _ outcome: String, _ cause: String?) {
    var detail: [(key: String, value: JSONValue)] = [
      ("verb", .string(order.verb.rawValue)), ("user", .string(order.person.name)),
      ("uid", .integer(Int64(order.person.user))), ("outcome", .string(outcome)),
    ]
    if let cause { detail.append(("cause", .string(cause))) }
    detail.append(("args", order.arguments))
    var record = writer.draft(.operator, detail: .object(detail))
    record.point = order.point.map { site.pointNames[$0.position] }
    desk.submit(record)
  }
}
