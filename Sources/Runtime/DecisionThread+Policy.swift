import AccessPolicy
import ControlCore
import Journal
import Messages
import Platform
import Site

extension DecisionThread {
  /// Changes what the rules remember; the record of who did it and the change are one transaction.
  mutating func carryOut(_ order: PolicyOrder) {
    let isClockTrusted = status.clock != .untrusted
    let refusal = policy.carryOut(
      order.action, wall: WallClock.milliseconds(), isClockTrusted: isClockTrusted,
      now: Instant(nanoseconds: MonotonicClock.now()))
    var detail: [(key: String, value: JSONValue)] = [
      ("verb", .string(order.verb.rawValue)), ("user", .string(order.person.name)),
      ("uid", .integer(Int64(order.person.user))),
      ("outcome", .string(refusal == nil ? "accepted" : "refused")),
    ]
    if let refusal { detail.append(("cause", .string(refusal))) }
    var record = writer.draft(.operator)
    switch order.action {
    case .suspend(let credential, let until, let lasting):
      record.credential = "\(credential)"
      if let until { detail.append(("until", .string("\(Timestamp(milliseconds: until))"))) }
      if let lasting { detail.append(("for_ms", .integer(Int64(clamping: lasting.milliseconds)))) }
    case .resume(let credential), .forgetCredential(let credential): record.credential = "\(credential)"
    case .forgetArea(_, let name): detail.append(("area", .string(name)))
    }
    record.detail = .object(detail)
    desk.submit(record, changes: policy.takeChanges())
    if let refusal {
      order.reply.refuse(refusal)
    } else {
      order.reply.done(.object([("accepted", true)] + remarks(order.action, isClockTrusted)))
    }
  }

  /// What the person may not expect of what was done.
  private func remarks(_ action: PolicyOrder.Action, _ isClockTrusted: Bool)
    -> [(key: String, value: JSONValue)]
  {
    guard case .suspend(let credential, _, let lasting) = action else { return [] }
    var notes: [JSONValue] = []
    if lists.current.lookup(credential) == nil { notes.append("no entry of the list has it") }
    if lasting != nil, !isClockTrusted {
      notes.append("the clock is not trusted: after a restart it holds until somebody resumes it")
    }
    return notes.isEmpty ? [] : [("notes", .array(notes))]
  }

  /// A first factor without its second, a first person without another: a denial like any other.
  mutating func expireHeld(now: Instant) {
    for expired in policy.expireHeld(now: now) {
      let reader = site.policy.readers[expired.reader.position]
      var record = writer.draft(.access, reason: expired.reason.name, detail: ["event": "timeout"])
      record.point = site.pointNames[reader.point.position]
      record.reader = reader.name
      record.side = reader.side == .in ? .in : .out
      record.decision = .deny
      record.list = Int64(clamping: lists.current.version)
      record.credential = "\(expired.credential)"
      desk.submit(record)
    }
  }

  /// A keypad that takes no PIN any more is an alarm.
  mutating func tellLockouts() {
    for place in policy.takeLockouts() {
      let reader = site.policy.readers[place.position]
      var record = writer.draft(
        .doorAlarm, reason: Reason.lockoutMaxAttempts.name,
        detail: [
          "event": "lockout", "tries": .integer(Int64(reader.wrongTries)),
          "for_ms": .integer(Int64(clamping: reader.lockout.milliseconds)),
        ])
      record.point = site.pointNames[reader.point.position]
      record.reader = reader.name
      record.side = reader.side == .in ? .in : .out
      desk.submit(record)
    }
  }
}
