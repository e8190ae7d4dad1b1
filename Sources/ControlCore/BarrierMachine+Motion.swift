extension BarrierMachine {
  @_noLocks
  mutating func raise(
    _ cause: Cause, free: Bool, _ passage: UInt64, _ scene: Scene, _ events: inout EventBuffer
  ) {
    core.actuator.move(.opening, scene.now)
    core.held = nil
    core.watch.begin(free: free, scene.now)
    core.cycles &+= 1
    core.since = scene.now
    scene.tell(.opening, &events, cause: cause, passage: passage)
  }

  @_noLocks
  mutating func lower(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    let passage = core.watch.beginClosing()
    core.actuator.move(.closing, scene.now)
    core.since = scene.now
    scene.tell(.closing, &events, cause: cause, passage: passage)
  }

  /// A plan raises the arm once, whatever else holds, and keeps it up; its reset moves nothing.
  ///
  /// One that held before the start waits until the upper limit can be believed, and raises only what is not up. An
  /// arm without that limit was raised before.
  @_noLocks
  mutating func followEmergency(_ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    defer { core.wasReleased = scene.released }
    guard scene.released else {
      core.isResuming = false
      if core.wasReleased { core.watch.hold() }
      return
    }
    if !core.wasReleased {
      core.releaseServed = false
      core.watch.pending.takeBack(.emergency, scene, &events)
    }
    if core.actuator.isClosing { core.releaseServed = false }
    guard !core.releaseServed else { return }
    if core.isResuming {
      if sight.up.isUnknown { return }
      core.isResuming = false
      core.releaseServed = !sight.up.isOff
      if core.releaseServed { return }
    }
    // A step drive waits until it is known where it stands.
    guard isUpOrRaising || core.actuator.canMove(.opening) else { return }
    core.releaseServed = true
    if !isUpOrRaising { raise(.emergencyPlan, free: true, 0, scene, &events) }
  }

  /// A vehicle under a lowering arm sends it up again at once. The second in a row is a fault: the arm goes up,
  /// since many operators cannot stop half-way, and stays there until a person has looked.
  @_noLocks
  mutating func yield(_ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    let obstacle = sight.obstacle
    guard !(obstacle == .none) else { return }
    if sight.lane.isInterrupted { return interrupt(scene, &events) }
    core.obstructions += 1
    scene.tell(.obstruction, &events, cause: obstacle)
    core.actuator.move(.opening, scene.now)
    core.watch.openReached(scene.now)
    core.since = scene.now
    scene.tell(.opening, &events, cause: .obstruction)
    if core.obstructions >= 2 { _ = core.latch(.closingFailedTwice, scene, &events) }
  }

  @_noLocks
  mutating func drive(_ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    let opening = core.actuator.isOpening
    switch core.actuator.step(sight.limits, scene.now) {
    case .nothing: return
    case .failed(let cause): _ = core.latch(cause, scene, &events)
    case .arrived(let travel):
      core.noteArrival(travel, opening: opening, scene, &events)
      if !opening { core.obstructions = 0 }
    }
  }

  @_noLocks
  mutating func considerLowering(_ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    guard !core.isLatched, !scene.released, !scene.heldOpen else { return }
    guard !scene.inMaintenance, !scene.outOfService else { return }
    guard !(core.actuator.place == .closed) else { return }
    let due = core.watch.closingDue(sensor: sight.passage, scene, &events)
    guard !(due == .none) else { return }
    let obstacle = obstacleToOwnClosing(sight, scene)
    guard core.watch.mayClose(obstacle, scene, &events), core.sensors.areTested(scene, &events) else {
      return
    }
    lower(due, scene, &events)
  }

  /// It has closed behind one vehicle, and the next one waits with its grant.
  @_noLocks
  mutating func raiseForNext(_ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    guard core.actuator.place == .closed, !core.watch.pending.isEmpty else { return }
    let refusal = refusal(of: .open, sight, scene)
    guard core.watch.waitsClosed(scene.outOfService ? .outOfService : refusal, scene, &events) else { return }
    let passage = core.watch.pending.first.passage
    raise(passage == 0 ? .exitLoop : .credential, free: false, passage, scene, &events)
  }

  @_noLocks
  func obstacleToClosing(_ sight: BarrierSight) -> Cause {
    core.actuator.place == .open ? sight.obstacle : .positionUnknown
  }

  @_noLocks
  func obstacleToOwnClosing(_ sight: BarrierSight, _ scene: Scene) -> Cause {
    let obstacle = obstacleToClosing(sight)
    return obstacle == .none ? sight.lane.obstacleToOwnClosing(scene) : obstacle
  }

  /// What forbids a technician's test to energise the output.
  @_noLocks
  func obstacle(toTest output: OutputIndex, _ sight: BarrierSight, _ now: Instant) -> Cause {
    let lowers = output.raw == setting.lower.raw
    guard lowers || output.raw == setting.raise.raw else { return .none }
    let obstacle = sight.obstacle
    if lowers && !(obstacle == .none) { return obstacle }
    return core.actuator.isFree(lowers ? .closing : .opening, now) ? .none : .alreadyBusy
  }
}
