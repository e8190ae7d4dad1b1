extension Controller {
  /// The state of a point after the last step.
  public func status(of point: PointIndex) -> PointStatus {
    precondition(point.position < pointCount, "no such point")
    let scene = scene(point.position, .zero)
    var status = PointStatus()
    switch machines[point.position] {
    case .none: break
    case .barrier(let machine): status = machine.status(sight(machine), scene)
    case .gate(let machine): status = machine.status(sight(machine), scene)
    case .door(let machine): status = machine.status(sight(machine), scene)
    case .turnstile(let machine): status = machine.status(scene)
    }
    status.outOfService = scene.outOfService
    status.released = scene.released
    status.heldOpen = scene.heldOpen
    status.lockedDown = scene.lockedDown
    status.interlocked = scene.interlocked
    status.interlockWaits = scene.interlocked && Interval.zero < scene.patience
    status.drill = scene.drill
    return status
  }

  /// Whether the plan holds, and whether as a drill.
  public func emergency(_ plan: PlanIndex) -> (active: Bool, drill: Bool) {
    precondition(plan.position < planCount, "no such plan")
    let status = plans[plan.position].status
    return (status.active, status.active && status.drill)
  }

  public func status(of plan: PlanIndex) -> PlanStatus {
    precondition(plan.position < planCount, "no such plan")
    return plans[plan.position].status
  }

  /// The debounced level and quality of an input, as the machines see it.
  public func sensed(_ input: InputIndex) -> (level: Bool, quality: Quality) {
    precondition(input.position < inputCount, "no such input")
    return (inputs[input.position].level, inputs[input.position].quality)
  }
}
