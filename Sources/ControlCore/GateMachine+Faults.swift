extension GateMachine {
  /// The motor has stopped or opens; nothing moves by itself until the reset.
  @_noLocks
  mutating func latch(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    guard !(fault == cause && isLatched) else { return }
    fault = cause
    isLatched = true
    since = scene.now
    scene.tell(.fault, &events, cause: cause)
    watch.pending.takeBack(cause, scene, &events)
    watch.hold()
    warningSince = nil
  }

  @_noLocks
  mutating func reset(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    // A person's reset under a plan lets the plan try again.
    releaseServed = false
    isStopped = false
    obstructions = 0
    failedClosings = 0
    endTestFailure(scene, &events)
    sensors.reset(setting.laneInputs, scene, &events)
    endFault(scene, &events)
  }

  @_noLocks
  private mutating func endFault(_ scene: Scene, _ events: inout EventBuffer) {
    guard !(fault == .none) else { return }
    let cause = fault
    fault = .none
    isLatched = false
    since = scene.now
    scene.tell(.faultEnded, &events, cause: cause)
  }

  /// The leaf rests: the limits say where, and whether somebody moved it.
  @_noLocks
  mutating func rest(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    switch actuator.watchRest(sight.limits) {
    case .none:
      if fault == .movedByHand && !(actuator.place == .unknown) { endFault(scene, &events) }
    case .found:
      since = scene.now
      if !isLatched { endFault(scene, &events) }
    case .bothLimits:
      if !isLatched { latch(.bothLimits, scene, &events) }
    case .left:
      since = scene.now
      watch.hold()
      warningSince = nil
      guard fault == .none, !scene.inMaintenance else { return }
      fault = .movedByHand
      scene.tell(.fault, &events, cause: .movedByHand)
    }
  }

  @_noLocks
  func status(_ sight: GateSight, _ scene: Scene) -> PointStatus {
    var status = PointStatus()
    status.state = state(scene)
    status.fault = fault == .none && (sensors.isStuck || test.hasFailed) ? .sensorStuck : fault
    status.passage = watch.pending.isEmpty ? 0 : watch.pending.first.passage
    status.presence = !(sight.obstacle == .none)
    status.cycles = cycles
    status.reversals = actuator.reversals
    status.openingTravel = wear.openingTravel
    status.closingTravel = wear.closingTravel
    status.isSlow = wear.isSlow
    status.since = since
    return status
  }

  @_noLocks
  private func state(_ scene: Scene) -> PointState {
    if scene.released { return .released }
    // The one closing against a pressed edge shows itself, whatever else holds.
    if isReversing { return .reversing }
    if isLatched { return .faulted }
    if scene.outOfService { return .outOfService }
    if isWarning { return .warning }
    if actuator.isOpening { return .opening }
    if actuator.isClosing { return .closing }
    if isStopped { return .stopped }
    switch actuator.place {
    case .unknown: return .unknown
    case .closed: return .closed
    case .open: return .open
    }
  }
}
