extension Controller {
  /// A plan starts on its inputs and holds until a person resets it, whatever they do meanwhile.
  @_noLocks
  mutating func followEmergencyInputs(_ now: Instant, _ events: inout EventBuffer) {
    for position in 0..<planCount {
      let call = callOfInputs(position)
      if let input = call {
        if !plans[position].active || (plans[position].drill && !plans[position].called) {
          start(position, drill: false, input: input, token: 0, now, &events)
        }
      } else if plans[position].called {
        tell(.emergencyInputEnded, position, now, &events)
      }
      if let _ = call { plans[position].called = true } else { plans[position].called = false }
    }
    gatherPoints()
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
  mutating func start(
    _ plan: Int, drill: Bool, input: InputIndex?, token: UInt64, _ now: Instant, _ events: inout EventBuffer
  ) {
    plans[plan].active = true
    plans[plan].drill = drill
    events.append(
      Event(.emergencyStarted, at: now, plan: PlanIndex(plan), input: input, token: token, drill: drill))
    gatherPoints()
  }

  @_noLocks
  mutating func reset(_ plan: Int, token: UInt64, _ now: Instant, _ events: inout EventBuffer) {
    let drill = plans[plan].drill
    plans[plan].active = false
    plans[plan].drill = false
    events.append(Event(.emergencyReset, at: now, plan: PlanIndex(plan), token: token, drill: drill))
    gatherPoints()
  }

  @_noLocks
  private func tell(_ kind: Event.Kind, _ plan: Int, _ now: Instant, _ events: inout EventBuffer) {
    events.append(Event(kind, at: now, plan: PlanIndex(plan), drill: plans[plan].active && plans[plan].drill))
  }

  /// Release outranks lockdown; both are gathered anew whenever a plan starts or ends.
  @_noLocks
  private mutating func gatherPoints() {
    released = 0
    lockedDown = 0
    for position in 0..<planCount where plans[position].active {
      released |= plans[position].release
      lockedDown |= plans[position].lock
    }
    lockedDown &= ~released
    open |= released
  }

  /// Names the plan that holds a point; a real one before a drill.
  @_noLocks
  func setPlan(_ bit: UInt64, _ scene: inout Scene) {
    for position in 0..<planCount where plans[position].active {
      let points = scene.released ? plans[position].release : plans[position].lock
      guard points & bit != 0 else { continue }
      if let _ = scene.plan, plans[position].drill || !scene.drill { continue }
      scene.plan = PlanIndex(position)
      scene.drill = plans[position].drill
    }
  }
}
