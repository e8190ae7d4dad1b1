extension GateMachine {
  @_noLocks
  mutating func open(
    _ cause: Cause, free: Bool, _ passage: UInt64, _ scene: Scene, _ events: inout EventBuffer
  ) {
    if actuator.isMoving { pulseStop(scene.now) }
    actuator.move(.opening, scene.now)
    watch.begin(free: free, scene.now)
    warningSince = nil
    isReversing = false
    cycles &+= 1
    since = scene.now
    scene.tell(.opening, &events, cause: cause, passage: passage)
  }

  @_noLocks
  mutating func warn(_ cause: Cause, _ scene: Scene) {
    warningSince = scene.now
    warnedFor = cause
    since = scene.now
  }

  /// An operator's electronics keep moving after a pulse until they are told to stop.
  @_noLocks
  mutating func pulseStop(_ now: Instant) {
    guard let _ = setting.stop else { return }
    stopEnds = now + setting.pulse
  }

  @_noLocks
  mutating func halt(_ now: Instant) {
    if actuator.isMoving { pulseStop(now) }
    actuator.stop(now)
    warningSince = nil
    isReversing = false
  }

  @_noLocks
  mutating func drive(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    // A stop pulse and a direction never hold together.
    guard !isStopped, !stopOutput(scene.now) else { return }
    let opening = actuator.isOpening
    switch actuator.step(sight.limits, scene.now) {
    case .nothing: return
    case .failed(let cause):
      pulseStop(scene.now)
      isReversing = false
      latch(cause, scene, &events)
    case .arrived(let travel):
      since = scene.now
      isReversing = false
      obstructions = 0
      scene.tell(opening ? .opened : .closed, &events, value: travel.milliseconds)
      if actuator.cameWhole, wear.note(travel, opens: opening) {
        scene.tell(.slow, &events, value: travel.milliseconds)
      }
      if opening {
        watch.openReached(scene.now)
      } else {
        failedClosings = 0
        watch.closed()
      }
    }
  }

  /// Open at rest: first the light, then the leaf; whatever comes into the way turns the light off again.
  @_noLocks
  mutating func considerClosing(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    guard !isLatched, !isStopped, !scene.released, !scene.inMaintenance, !(actuator.place == .closed) else {
      warningSince = nil
      return
    }
    if isWarning { return followWarning(sight, scene, &events) }
    // Out of service nothing closes by itself; a person's order was a warning already.
    guard !scene.outOfService else { return }
    let due = watch.closingDue(sensor: sight.passage, scene, &events)
    guard !(due == .none) else { return }
    let obstacle = obstacleToOwnClosing(sight, scene)
    guard watch.mayClose(obstacle, scene, &events), isTested(scene, &events) else { return }
    warn(due, scene)
  }

  @_noLocks
  private mutating func followWarning(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    guard let begun = warningSince else { return }
    let isOrdered = warnedFor == .operatorOrder
    let obstacle = isOrdered ? obstacleToClosing(sight) : obstacleToOwnClosing(sight, scene)
    guard obstacle == .none else {
      warningSince = nil
      watch.tellBlocked(obstacle, scene, &events)
      return
    }
    guard scene.now.since(begun) >= setting.closingWarning else { return }
    warningSince = nil
    let passage = watch.beginClosing()
    actuator.move(.closing, scene.now)
    since = scene.now
    scene.tell(.closing, &events, cause: warnedFor, passage: passage)
  }

  @_noLocks
  func obstacleToClosing(_ sight: GateSight) -> Cause {
    actuator.place == .open ? sight.obstacle : .positionUnknown
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
    return actuator.isFree(closes ? .closing : .opening, now) ? .none : .alreadyBusy
  }
}
