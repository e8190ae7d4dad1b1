extension BarrierMachine {
  @_noLocks
  func status(_ sight: BarrierSight, _ scene: Scene) -> PointStatus {
    var status = PointStatus()
    status.state = state(scene)
    core.fill(&status)
    status.presence = !(sight.obstacle == .none)
    return status
  }

  @_noLocks
  private func state(_ scene: Scene) -> PointState {
    if scene.released { return .released }
    if core.isLatched { return .faulted }
    if scene.outOfService { return .outOfService }
    if core.actuator.isOpening { return .opening }
    if core.actuator.isClosing { return .closing }
    switch core.actuator.place {
    case .unknown: return .unknown
    case .closed: return .closed
    case .open: return .open
    }
  }
}
