extension GateMachine {
  @_noLocks
  mutating func open(
    _ cause: Cause, free: Bool, _ passage: UInt64, _ scene: Scene, _ events: inout EventBuffer
  ) {
    if core.actuator.isMoving { stopToTurn(scene.now) }
    core.actuator.move(.opening, scene.now)
    core.held = nil
    core.watch.begin(free: free, scene.now)
    warningSince = nil
    isReversing = false
    core.cycles &+= 1
    core.since = scene.now
    scene.tell(.opening, &events, cause: cause, passage: passage)
  }

  @_noLocks
  mutating func warn(_ cause: Cause, _ scene: Scene) {
    warningSince = scene.now
    warnedFor = cause
    core.since = scene.now
  }

  /// An operator's electronics keep moving after a pulse until they are told to stop.
  @_noLocks
  mutating func pulseStop(_ now: Instant) {
    guard let _ = setting.stop else { return }
    stopEnds = now + setting.pulse
  }

  /// As above, before it goes back. A step drive is turned round by its own pulses.
  @_noLocks
  mutating func stopToTurn(_ now: Instant) {
    if !(setting.style == .step) { pulseStop(now) }
  }

  @_noLocks
  mutating func halt(_ now: Instant) {
    if core.actuator.isMoving { pulseStop(now) }
    core.actuator.stop(now)
    core.held = nil
    warningSince = nil
    isReversing = false
  }

  @_noLocks
  mutating func drive(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    // A stop pulse and a direction never hold together.
    guard !isStopped, !stopOutput(scene.now) else { return }
    let opening = core.actuator.isOpening
    switch core.actuator.step(sight.limits, scene.now) {
    case .nothing: return
    case .failed(let cause):
      if !core.actuator.isMoving { pulseStop(scene.now) }
      isReversing = false
      latch(cause, scene, &events)
    case .arrived(let travel):
      isReversing = false
      core.obstructions = 0
      core.noteArrival(travel, opening: opening, scene, &events)
      if !opening { failedClosings = 0 }
    }
  }

  /// Open at rest: first the light, then the leaf; whatever comes into the way turns the light off again.
  @_noLocks
  mutating func considerClosing(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    guard !core.isLatched, !isStopped, !scene.released, !scene.heldOpen, !scene.inMaintenance,
      !(core.actuator.place == .closed)
    else {
      warningSince = nil
      return
    }
    if isWarning { return followWarning(sight, scene, &events) }
    // Out of service nothing closes by itself; a person's order was a warning already.
    guard !scene.outOfService else { return }
    let due = core.watch.closingDue(sensor: sight.passage, scene, &events)
    guard !(due == .none) else { return }
    let obstacle = obstacleToOwnClosing(sight, scene)
    guard core.watch.mayClose(obstacle, scene, &events), core.sensors.areTested(scene, &events) else {
      return
    }
    warn(due, scene)
  }

  @_noLocks
  private mutating func followWarning(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    guard let begun = warningSince else { return }
    let isOrdered = warnedFor == .operatorOrder
    let obstacle = isOrdered ? obstacleToClosing(sight) : obstacleToOwnClosing(sight, scene)
    guard obstacle == .none else {
      warningSince = nil
      core.watch.tellBlocked(obstacle, scene, &events)
      return
    }
    guard scene.now.since(begun) >= setting.closingWarning else { return }
    warningSince = nil
    let passage = core.watch.beginClosing()
    core.actuator.move(.closing, scene.now)
    core.since = scene.now
    scene.tell(.closing, &events, cause: warnedFor, passage: passage)
  }

  /// It has closed behind one vehicle, and the next one waits with its grant.
  @_noLocks
  mutating func openForNext(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    guard core.actuator.place == .closed, !core.watch.pending.isEmpty else { return }
    let refusal = refusal(of: .open, sight, scene)
    guard core.watch.waitsClosed(scene.outOfService ? .outOfService : refusal, scene, &events) else { return }
    let passage = core.watch.pending.first.passage
    open(passage == 0 ? .exitLoop : .credential, free: false, passage, scene, &events)
  }

  @_noLocks
  func obstacleToClosing(_ sight: GateSight) -> Cause {
    core.actuator.place == .open ? sight.obstacle : .positionUnknown
  }

  @_noLocks
  func obstacleToOwnClosing(_ sight: GateSight, _ scene: Scene) -> Cause {
    let obstacle = obstacleToClosing(sight)
    return obstacle == .none ? sight.lane.obstacleToOwnClosing(scene) : obstacle
  }

  /// What forbids a technician's test to energise the output.
  @_noLocks
  func obstacle(toTest output: OutputIndex, _ sight: GateSight, _ now: Instant) -> Cause {
    let closes = output.raw == setting.close.raw
    guard closes || output.raw == setting.open.raw else { return .none }
    if isStopped || sight.emergencyStop.isPresence { return .emergencyStopPressed }
    if stopOutput(now) { return .alreadyBusy }
    let obstacle = closes ? sight.obstacle : sight.obstacleToOpening
    guard obstacle == .none else { return obstacle }
    return core.actuator.isFree(closes ? .closing : .opening, now) ? .none : .alreadyBusy
  }
}
