extension Controller {
  /// Obeys or refuses one command; exactly one `accepted` or `refused` answers it.
  @_noLocks
  mutating func take(_ command: Command, _ now: Instant, _ events: inout EventBuffer) {
    let isStale = now >= command.expires || !(now + Limits.issuedAhead >= command.issued)
    // Letting go only stops: it is never too late.
    if isStale && !command.letsGo {
      answer(command, .stale, now, &events)
      return
    }
    switch command.action {
    case .grant(let point, let grant): order(.grant(grant), point, command, now, &events)
    case .open(let point): order(.open, point, command, now, &events)
    case .close(let point): order(.close, point, command, now, &events)
    case .hold(let point, let way): hold(point, way, command, now, &events)
    case .reset(let point): order(.reset, point, command, now, &events)
    case .resetWear(let point): resetWear(point, command, now, &events)
    case .setOutOfService(let point, let out): setService(point, out, command, now, &events)
    case .setAccess(let point, let access): setAccess(point, access, command, now, &events)
    case .setPropped(let point, let on): setPropped(point, on, command, now, &events)
    case .startEmergency(let plan, let drill): startPlan(plan, drill, command, now, &events)
    case .resetEmergency(let plan): resetPlan(plan, command, now, &events)
    case .silenceEmergency(let plan): silencePlan(plan, command, now, &events)
    case .setMaintenance(let on): setMaintenance(on, command, now, &events)
    case .testOutput(let output, let level, let time):
      test(output, level, time, command, now, &events)
    }
  }

  @_noLocks
  func answer(
    _ command: Command, _ cause: Cause, _ now: Instant, _ events: inout EventBuffer, input: InputIndex? = nil
  ) {
    var event = Event(
      cause == .none ? .accepted : .refused, at: now, input: input, cause: cause, token: command.token)
    switch command.action {
    case .grant(let point, let grant):
      event.point = point
      event.passage = grant.passage
      event.side = grant.side
    case .open(let point), .close(let point), .hold(let point, _), .reset(let point), .resetWear(let point),
      .setOutOfService(let point, _),
      .setAccess(let point, _), .setPropped(let point, _):
      event.point = point
    case .startEmergency(let plan, let drill):
      event.plan = plan
      event.drill = drill
    case .resetEmergency(let plan), .silenceEmergency(let plan): event.plan = plan
    case .testOutput(let output, _, _): event.output = output
    case .setMaintenance: break
    }
    events.append(event)
  }

  @_noLocks
  private mutating func order(
    _ order: Order, _ point: PointIndex, _ command: Command, _ now: Instant, _ events: inout EventBuffer
  ) {
    guard point.position < pointCount else {
      answer(command, .badArgument, now, &events)
      return
    }
    let scene = scene(point.position, now).eased(for: order)
    let cause = refusal(of: order, at: point.position, scene)
    if wait(order, cause, scene, &events) {
      answer(command, .none, now, &events)
      return
    }
    answer(command, cause, now, &events)
    guard cause == .none else { return }
    obey(order, at: point.position, scene, &events)
    if case .reset = order { retryHold(of: point.position) }
    noteOpen(point.position)
  }

  @_noLocks
  private mutating func resetWear(
    _ point: PointIndex, _ command: Command, _ now: Instant, _ events: inout EventBuffer
  ) {
    guard point.position < pointCount else {
      answer(command, .badArgument, now, &events)
      return
    }
    forgetWear(at: point.position)
    answer(command, .none, now, &events)
  }

  @_noLocks
  private mutating func setService(
    _ point: PointIndex, _ out: Bool, _ command: Command, _ now: Instant, _ events: inout EventBuffer
  ) {
    guard point.position < pointCount else {
      answer(command, .badArgument, now, &events)
      return
    }
    answer(command, .none, now, &events)
    let bit = UInt64(1) << UInt64(point.raw)
    guard out != (outOfService & bit != 0) else { return }
    outOfService = out ? outOfService | bit : outOfService & ~bit
    let scene = scene(point.position, now)
    scene.tell(out ? .outOfService : .backInService, &events)
    if out { withdraw(.outOfService, at: point.position, scene, &events) }
    noteOpen(point.position)
  }

  @_noLocks
  private mutating func startPlan(
    _ plan: PlanIndex, _ drill: Bool, _ command: Command, _ now: Instant, _ events: inout EventBuffer
  ) {
    guard plan.position < planCount else {
      answer(command, .badArgument, now, &events)
      return
    }
    // What holds for real is not made a drill, and is not started twice.
    let status = plans[plan.position].status
    if drill && status.active && !status.drill {
      answer(command, .emergency, now, &events)
      return
    }
    answer(command, .none, now, &events)
    let holds = status.active && (drill || !status.drill)
    if !holds { start(plan.position, drill: drill, input: nil, token: command.token, now, &events) }
  }

  @_noLocks
  private mutating func resetPlan(
    _ plan: PlanIndex, _ command: Command, _ now: Instant, _ events: inout EventBuffer
  ) {
    guard plan.position < planCount else {
      answer(command, .badArgument, now, &events)
      return
    }
    // Its cause is ended first, then the plan: a reset that the next scan undoes would only hide the call.
    if plans[plan.position].calls, let input = callOfInputs(plan.position) {
      answer(command, .stillCalled, now, &events, input: input)
      return
    }
    answer(command, .none, now, &events)
    guard plans[plan.position].status.active else { return }
    end(.emergencyReset, plan.position, token: command.token, now, &events)
  }

  /// Sirens fall silent; the plan holds on.
  @_noLocks
  private mutating func silencePlan(
    _ plan: PlanIndex, _ command: Command, _ now: Instant, _ events: inout EventBuffer
  ) {
    guard plan.position < planCount else {
      answer(command, .badArgument, now, &events)
      return
    }
    guard plans[plan.position].status.active else {
      answer(command, .notHeld, now, &events)
      return
    }
    answer(command, .none, now, &events)
    guard !plans[plan.position].status.silenced else { return }
    plans[plan.position].status.silenced = true
    events.append(
      Event(
        .emergencySilenced, at: now, plan: plan, token: command.token,
        drill: plans[plan.position].status.drill))
  }
}
