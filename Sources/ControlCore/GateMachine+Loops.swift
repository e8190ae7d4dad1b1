extension GateMachine {
  /// A vehicle comes from inside: the gate opens for it, or stays open for it, for one passage out.
  @_noLocks
  mutating func followExit(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    core.exitWish.follow(sight.lane.exitLoop)
    guard core.exitWish.stands else { return }
    guard !scene.released, !isOpenOrOpening || core.watch.needsExit else {
      core.exitWish.end()
      return
    }
    let exit = Grant(passage: 0, side: .out)
    let refusal = refusal(of: .grant(exit), sight, scene)
    guard refusal == .none else {
      core.exitWish.refuse(refusal, scene, &events)
      return
    }
    core.exitWish.end()
    warningSince = nil
    if !isOpenOrOpening {
      open(.exitLoop, free: false, 0, scene, &events)
    }
    core.watch.admit(exit, scene.now)
  }

  /// A vehicle comes over the interrupt loop: stop, dead time, open again. That is no failed closing.
  @_noLocks
  mutating func interrupt(_ scene: Scene, _ events: inout EventBuffer) {
    stopToTurn(scene.now)
    core.actuator.move(.opening, scene.now)
    core.watch.openReached(scene.now)
    core.since = scene.now
    scene.tell(.opening, &events, cause: .interruptLoop)
  }

  @_noLocks
  mutating func followButtons(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    let edge = sight.safetyEdge.isOn ? Cause.safetyEdge : .none
    let stopped = isStopped ? Cause.emergencyStopPressed : isReversing ? .alreadyBusy : .none
    let change = core.followButtons(
      sight.lane, sight.limits, opening: stopped == .none ? edge : stopped,
      closing: stopped == .none ? sight.obstacleInSight : stopped, scene, &events)
    switch change {
    case .none: return
    case .opens, .closes:
      warningSince = nil
      core.hold(change == .opens ? .opening : .closing, scene, &events)
    case .ends:
      halt(scene.now)
      core.since = scene.now
    }
  }
}

extension GateSetting {
  var laneInputs: LaneInputs {
    @_noLocks get {
      var inputs = LaneInputs()
      inputs.closingLoop = closingLoop
      inputs.photocell = photocell
      inputs.interruptLoop = interruptLoop
      inputs.shadowLoop = shadowLoop
      inputs.exitLoop = exitLoop
      inputs.armingLoop = armingLoop
      inputs.detectorFault = detectorFault
      inputs.holdToClose = holdToClose
      inputs.holdToOpen = holdToOpen
      return inputs
    }
  }
}
