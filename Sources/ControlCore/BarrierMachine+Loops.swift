extension BarrierMachine {
  /// A vehicle comes from inside: the arm opens for it, or stays open for it, for one passage out.
  @_noLocks
  mutating func followExit(_ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    core.exitWish.follow(sight.lane.exitLoop)
    guard core.exitWish.stands else { return }
    guard !scene.released, !isUpOrRaising || core.watch.needsExit else {
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
    if !isUpOrRaising {
      raise(.exitLoop, free: false, 0, scene, &events)
    }
    core.watch.admit(exit, scene.now)
  }

  /// A vehicle comes over the interrupt loop: up again, and nothing was met.
  @_noLocks
  mutating func interrupt(_ scene: Scene, _ events: inout EventBuffer) {
    core.actuator.move(.opening, scene.now)
    core.watch.openReached(scene.now)
    core.since = scene.now
    scene.tell(.opening, &events, cause: .interruptLoop)
  }

  @_noLocks
  mutating func followButtons(_ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    let obstacle = sight.lane.obstacleInSight
    switch core.followButtons(
      sight.lane, sight.limits, opening: .none, closing: obstacle, scene, &events)
    {
    case .none, .opens: return
    case .closes: core.hold(.closing, scene, &events)
    case .ends:
      core.held = nil
      core.actuator.stop(scene.now)
      core.since = scene.now
    }
  }
}

extension BarrierSetting {
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
      return inputs
    }
  }
}
