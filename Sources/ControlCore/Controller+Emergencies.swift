extension Controller {
  /// A plan starts on its inputs and holds until a person resets it, whatever they do meanwhile. Only one that says
  /// so ends by itself, when each of its inputs is seen off; an input that cannot be believed ends nothing.
  @_noLocks
  mutating func followEmergencyInputs(_ now: Instant, _ events: inout EventBuffer) {
    for position in 0..<planCount {
      let before = plans[position]
      if before.status.active && before.status.startedAt.nanoseconds == 0 {
        plans[position].status.startedAt = now
      }
      let call = callOfInputs(position)
      noteCall(position, call, now)
      let calls = plans[position].calls
      if calls && (!before.status.active || before.status.drill && !before.calls) {
        start(position, drill: false, input: call, token: 0, now, &events)
      }
      if calls { plans[position].status.called = true }
      if before.calls && !calls { tell(.emergencyInputEnded, position, now, &events) }
      let status = plans[position].status
      if before.untilInput && status.active && status.called && allInputsAreOff(position) {
        end(.emergencyEnded, position, token: 0, now, &events)
      }
    }
    open |= released
  }

  @_noLocks
  private mutating func noteCall(_ position: Int, _ call: InputIndex?, _ now: Instant) {
    var plan = plans[position]
    let called = plan.calls
    plan.calls = false
    if let _ = call {
      let since = plan.callSince ?? now
      plan.callSince = since
      plan.calls = now.since(since) >= plan.after
    } else {
      plan.callSince = nil
    }
    // Whoever calls again is heard again.
    if plan.calls && !called { plan.status.silenced = false }
    plans[position] = plan
  }

  /// The first input that calls for the plan. Not yet read since the start is no call, and no loss.
  @_noLocks
  func callOfInputs(_ plan: Int) -> InputIndex? {
    var position = 0
    while position < plans[plan].inputCount {
      let input = plans[plan].input(position)
      if inputs[input.position].reading.isOn { return input }
      if plans[plan].lostCounts && inputs[input.position].isLost { return input }
      position += 1
    }
    return nil
  }

  @_noLocks
  private func allInputsAreOff(_ plan: Int) -> Bool {
    var position = 0
    while position < plans[plan].inputCount {
      if !inputs[plans[plan].input(position).position].reading.isOff { return false }
      position += 1
    }
    return true
  }

  @_noLocks
  mutating func start(
    _ plan: Int, drill: Bool, input: InputIndex?, token: UInt64, _ now: Instant, _ events: inout EventBuffer
  ) {
    if plans[plan].status.active && plans[plan].status.drill && !drill {
      tell(.drillBecameReal, plan, now, &events)
    }
    plans[plan].status.active = true
    plans[plan].status.drill = drill
    plans[plan].status.called = false
    plans[plan].status.silenced = false
    plans[plan].status.startedAt = now
    events.append(
      Event(.emergencyStarted, at: now, plan: PlanIndex(plan), input: input, token: token, drill: drill))
    awaitReactions(plan)
    gatherPoints()
  }

  /// The end of a plan moves nothing: what a plan opened stands open; only a lock falls, and only by a person's reset.
  @_noLocks
  mutating func end(
    _ kind: Event.Kind, _ plan: Int, token: UInt64, _ now: Instant, _ events: inout EventBuffer
  ) {
    let drill = plans[plan].status.drill
    if drill { leftByDrill |= plans[plan].points }
    plans[plan].status = PlanStatus()
    plans[plan].waiting = 0
    events.append(Event(kind, at: now, plan: PlanIndex(plan), token: token, drill: drill))
    gatherPoints()
  }

  @_noLocks
  private func tell(_ kind: Event.Kind, _ plan: Int, _ now: Instant, _ events: inout EventBuffer) {
    let status = plans[plan].status
    events.append(Event(kind, at: now, plan: PlanIndex(plan), drill: status.active && status.drill))
  }

  /// Of the plans that name a point, the highest rules it; gathered anew whenever a plan starts or ends.
  @_noLocks
  mutating func gatherPoints() {
    let before = heldOpen
    released = 0
    heldOpen = 0
    lockedDown = 0
    for drill in 0..<2 {
      for rank in 0..<planCount {
        let plan = plans[plans.ranked(rank)]
        guard plan.status.active, plan.status.drill == (drill == 1) else { continue }
        let free = ~(released | heldOpen | lockedDown)
        released |= plan.release & free
        heldOpen |= plan.holdOpen & free
        lockedDown |= plan.lock & free
      }
    }
    open |= released
    changeHolds(from: before)
  }

  /// The plan that rules a point.
  @_noLocks
  func ruler(of bit: UInt64) -> PlanIndex? {
    for drill in 0..<2 {
      for rank in 0..<planCount {
        let position = plans.ranked(rank)
        let plan = plans[position]
        guard plan.status.active, plan.status.drill == (drill == 1), plan.points & bit != 0 else { continue }
        return PlanIndex(position)
      }
    }
    return nil
  }

  /// Names the plan that rules a point, in everything that the point tells meanwhile.
  @_noLocks
  func setPlan(_ bit: UInt64, _ scene: inout Scene) {
    guard let plan = ruler(of: bit) else {
      scene.drill = leftByDrill & bit != 0
      return
    }
    scene.plan = plan
    scene.drill = plans[plan.position].status.drill
  }
}
