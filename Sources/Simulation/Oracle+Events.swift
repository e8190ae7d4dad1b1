import ControlCore

extension Oracle {
  /// How long a grant may wait for its passage at most, with sensors lost meanwhile.
  private static var longestGrant: Interval { .seconds(600) }

  /// Plans hold from the scan in which their input is believed, or their order taken, until a person's reset.
  mutating func followPlans(_ commands: [Command]) {
    for place in setting.emergencies.indices { followInputs(of: place) }
    for command in commands where command.expires > now {
      switch command.action {
      case .startEmergency(let plan, let drill): begin(plan.position, drill: drill)
      case .resetEmergency(let plan):
        if !plans[plan.position].isCalled { end(plan.position) }
      default: break
      }
    }
  }

  /// A call that has stood for its delay begins the plan; one that says so ends when its inputs are all off.
  private mutating func followInputs(of place: Int) {
    let plan = setting.emergencies[place]
    let calls = plan.inputs.contains { input in
      inputs[input.position].believed == true || plan.lostCounts && inputs[input.position].isLost
    }
    plans[place].callSince = calls ? plans[place].callSince ?? now : nil
    let since = plans[place].callSince
    plans[place].isCalled = since.map { now.since($0) >= plan.after } ?? false
    if plans[place].isCalled {
      begin(place, drill: false)
      plans[place].wasCalled = true
    }
    let isOff = plan.inputs.allSatisfy { inputs[$0.position].believed == false }
    if plan.untilInput, plans[place].active, plans[place].wasCalled, isOff { end(place) }
  }

  private mutating func begin(_ plan: Int, drill: Bool) {
    guard !plans[plan].active || plans[plan].drill && !drill else { return }
    plans[plan].active = true
    plans[plan].drill = drill
    plans[plan].wasCalled = false
    let opened = setting.emergencies[plan].release + setting.emergencies[plan].holdOpen
    for point in opened { points[point.position].mayClose = false }
  }

  private mutating func end(_ plan: Int) {
    plans[plan].active = false
    plans[plan].drill = false
  }

  mutating func follow(_ events: [Event]) {
    for event in events {
      switch event.kind {
      case .accepted, .refused: answered(event)
      case .passage, .noEntry: ended(event)
      case .closing: closing(event)
      case .blocked where event.cause == .interlock: waits(event)
      case .heldOpen: change(event) { $0.heldTold = true }
      case .forcedOpen: change(event) { $0.forcedTold = true }
      case .closed: change(event) { $0.forcedTold = false }
      case .freeAccess, .officeMode: change(event) { $0.isForAll = true }
      case .freeAccessEnded, .officeModeEnded: change(event) { $0.isForAll = false }
      case .propped: change(event) { $0.isPropped = true }
      case .proppedEnded: change(event) { $0.isPropped = false }
      case .emergencyStarted: expect(event, active: true)
      case .emergencyReset, .emergencyEnded: expect(event, active: false)
      default: break
      }
    }
  }

  /// It may open by itself, as long as the site lets it wait.
  private mutating func waits(_ event: Event) {
    guard let point = event.point else { return }
    let longest = setting.interlocks.filter { $0.points.contains(point) }.map(\.wait).max() ?? .zero
    points[point.position].waiting.append(now + longest + .milliseconds(10))
  }

  private mutating func change(_ event: Event, _ body: (inout OraclePoint) -> Void) {
    if let point = event.point { body(&points[point.position]) }
  }

  private mutating func expect(_ event: Event, active: Bool) {
    guard let plan = event.plan, plans[plan.position].active != active else { return }
    say("plan \(plan.raw) was \(active ? "started" : "reset") without a cause")
  }

  private mutating func answered(_ event: Event) {
    guard let command = orders.removeValue(forKey: event.token) else {
      say("an answer to no order, token \(event.token)")
      return
    }
    guard event.kind == .accepted else { return }
    if now >= command.expires { say("a stale order was accepted, token \(event.token)") }
    switch command.action {
    case .grant(let point, let grant):
      if tellsItsEnd(point) { grants[grant.passage] = now + Self.longestGrant }
      allowOpening(point.position, byGrant: true)
    case .open(let point): allowOpening(point.position, byGrant: false)
    case .close(let point): points[point.position].mayClose = true
    // A person has looked: the time that the door may stand open begins anew.
    case .reset(let point): points[point.position].openSince = nil
    case .setMaintenance(let on): inMaintenance = on
    case .setAccess(let point, let access) where access != .controlled:
      allowOpening(point.position, byGrant: true)
    default: break
    }
  }

  /// A door without a contact cannot tell whether it was opened.
  private func tellsItsEnd(_ point: PointIndex) -> Bool {
    if case .door(let door) = setting.points[point.position] { door.contact != nil } else { true }
  }

  private mutating func ended(_ event: Event) {
    guard event.passage != 0 else { return }
    if grants.removeValue(forKey: event.passage) == nil, event.point.map(tellsItsEnd) != false {
      say("passage \(event.passage) ended twice, or never began", point: event.point.map { $0.position })
    }
  }

  /// Without a passage sensor nobody knows what became of the grant: its closing ends it.
  private mutating func closing(_ event: Event) {
    guard let point = event.point else { return }
    // It may meet something before the dead time lets its output come on.
    points[point.position].isClosing = true
    guard event.passage != 0 else { return }
    let hasSensor =
      switch setting.points[point.position] {
      case .barrier(let barrier): barrier.closingLoop != nil || barrier.photocell != nil
      case .gate(let gate): gate.closingLoop != nil || gate.photocell != nil
      case .door, .turnstile: true
      }
    if !hasSensor { grants[event.passage] = nil }
  }
}
