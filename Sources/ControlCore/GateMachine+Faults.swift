extension GateMachine {
  /// The motor has stopped or opens; nothing moves by itself until the reset.
  @_noLocks
  mutating func latch(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    if core.latch(cause, scene, &events) { warningSince = nil }
  }

  @_noLocks
  mutating func reset(_ scene: Scene, _ events: inout EventBuffer) {
    isStopped = false
    failedClosings = 0
    core.reset(scene, &events)
  }

  @_noLocks
  func status(_ sight: GateSight, _ scene: Scene) -> PointStatus {
    var status = PointStatus()
    status.state = state(scene)
    core.fill(&status)
    status.presence = !(sight.obstacle == .none)
    return status
  }

  @_noLocks
  private func state(_ scene: Scene) -> PointState {
    if scene.released { return .released }
    // The one closing against a pressed edge shows itself, whatever else holds.
    if isReversing { return .reversing }
    if core.isLatched { return .faulted }
    if scene.outOfService { return .outOfService }
    if isWarning { return .warning }
    if core.actuator.isOpening { return .opening }
    if core.actuator.isClosing { return .closing }
    if isStopped { return .stopped }
    switch core.actuator.place {
    case .unknown: return .unknown
    case .closed: return .closed
    case .open: return .open
    }
  }
}
