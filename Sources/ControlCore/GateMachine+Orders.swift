extension GateMachine {
  @_noLocks
  func refusal(of order: Order, _ sight: GateSight, _ scene: Scene) -> Cause {
    switch order {
    case .grant:
      let cause = openItself(scene).refusalOfGrant()
      if !(cause == .none) { return cause }
      if core.watch.pending.isFull { return .alreadyBusy }
      return refusalOfOpening(sight)
    case .open:
      let cause = openItself(scene).refusalOfOpening()
      return cause == .none ? refusalOfOpening(sight) : cause
    case .close: return refusalOfClosing(sight, scene)
    case .reset:
      // Released and believed, then reset: in this order.
      return sight.emergencyStop.isPresence ? .emergencyStopPressed : .none
    }
  }

  /// A gate that is open already breaks no interlock by staying so.
  @_noLocks
  private func openItself(_ scene: Scene) -> Scene {
    var scene = scene
    if isOpenOrOpening { scene.interlocked = false }
    return scene
  }

  @_noLocks
  private func refusalOfOpening(_ sight: GateSight) -> Cause {
    if isStopped || sight.emergencyStop.isPresence { return .emergencyStopPressed }
    if core.isLatched { return .faultLatched }
    if isReversing || core.isHeld { return .alreadyBusy }
    if isOpenOrOpening { return .none }
    return core.actuator.canMove(.opening) ? sight.obstacleToOpening : .positionUnknown
  }

  @_noLocks
  private func refusalOfClosing(_ sight: GateSight, _ scene: Scene) -> Cause {
    let cause = scene.refusalOfClosing()
    if !(cause == .none) { return cause }
    if isStopped || sight.emergencyStop.isPresence { return .emergencyStopPressed }
    if core.isLatched { return .faultLatched }
    if isReversing || core.actuator.isOpening || core.sensors.test.isRunning { return .alreadyBusy }
    if core.isHeld { return .alreadyBusy }
    if core.actuator.isClosing || core.actuator.place == .closed { return .none }
    if !(core.actuator.place == .open) { return .positionUnknown }
    if !(sight.obstacle == .none) { return sight.obstacle }
    return core.sensors.test.hasFailed ? .sensorStuck : .none
  }

  /// Follows an order that ``refusal(of:_:_:)`` had nothing against.
  @_noLocks
  mutating func obey(_ order: Order, _ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    switch order {
    case .grant(let grant):
      // One that closes behind a vehicle opens for the next one when it is shut.
      if !(core.actuator.isClosing && core.watch.closesBetween) {
        openAgain(.credential, free: false, grant.passage, scene, &events)
      }
      core.watch.admit(grant, scene.now)
    case .open: openAgain(scene.openingCause, free: true, 0, scene, &events)
    case .close:
      guard core.actuator.place == .open, !isWarning else { return }
      core.watch.pending.takeBack(.operatorOrder, scene, &events)
      warn(.operatorOrder, scene)
    case .reset: reset(scene, &events)
    }
  }

  /// Opens, or keeps open what is open: a warning before a closing is called off.
  @_noLocks
  private mutating func openAgain(
    _ cause: Cause, free: Bool, _ passage: UInt64, _ scene: Scene, _ events: inout EventBuffer
  ) {
    warningSince = nil
    guard isOpenOrOpening else {
      open(cause, free: free, passage, scene, &events)
      return
    }
    if free { core.watch.begin(free: true, scene.now) }
  }

  @_noLocks
  mutating func withdraw(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    core.watch.pending.takeBack(cause, scene, &events)
    core.watch.hold()
    warningSince = nil
  }
}
