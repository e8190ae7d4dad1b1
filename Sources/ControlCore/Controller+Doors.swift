extension Controller {
  /// Only a door has such modes.
  @_noLocks
  mutating func setAccess(
    _ point: PointIndex, _ access: DoorAccess, _ command: Command, _ now: Instant, _ events: inout EventBuffer
  ) {
    guard point.position < pointCount, case .door(var machine) = machines[point.position] else {
      answer(command, .badArgument, now, &events)
      return
    }
    let scene = scene(point.position, now)
    let cause = machine.refusal(of: access, scene)
    answer(command, cause, now, &events)
    guard cause == .none else { return }
    machine.enter(access, scene, &events)
    machines[point.position] = .door(machine)
    noteOpen(point.position)
  }

  @_noLocks
  mutating func setPropped(
    _ point: PointIndex, _ on: Bool, _ command: Command, _ now: Instant, _ events: inout EventBuffer
  ) {
    guard point.position < pointCount, case .door(var machine) = machines[point.position] else {
      answer(command, .badArgument, now, &events)
      return
    }
    let scene = scene(point.position, now)
    // What suspends an alarm waits for the same things as what unlocks.
    let cause = on ? machine.refusal(of: .free, scene) : .none
    answer(command, cause, now, &events)
    guard cause == .none else { return }
    machine.prop(on, .none, scene, &events)
    machines[point.position] = .door(machine)
  }
}
