extension GateMachine {
  /// A vehicle comes from inside: the gate opens for it, or stays open for it, for one passage out.
  @_noLocks
  mutating func followExit(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    exitWish.follow(sight.lane.exitLoop)
    guard exitWish.stands else { return }
    guard !scene.released, !isOpenOrOpening || watch.needsExit else {
      exitWish.end()
      return
    }
    let exit = Grant(passage: 0, side: .out)
    let refusal = refusal(of: .grant(exit), sight, scene)
    guard refusal == .none else {
      exitWish.refuse(refusal, scene, &events)
      return
    }
    exitWish.end()
    warningSince = nil
    if !isOpenOrOpening {
      open(.exitLoop, free: false, 0, scene, &events)
    }
    watch.admit(exit, scene.now)
  }

  /// A vehicle comes over the interrupt loop: stop, dead time, open again. That is no failed closing.
  @_noLocks
  mutating func interrupt(_ scene: Scene, _ events: inout EventBuffer) {
    pulseStop(scene.now)
    actuator.move(.opening, scene.now)
    watch.openReached(scene.now)
    since = scene.now
    scene.tell(.opening, &events, cause: .interruptLoop)
  }

  /// What is seen, with what is known of the sensors since. A photocell found blind ends all closing by itself.
  @_noLocks
  mutating func watchSensors(
    _ sight: GateSight, standsOpen: Bool, _ scene: Scene, _ events: inout EventBuffer
  ) -> GateSight {
    if sensors.watch(sight.lane, setting.laneInputs, standsOpen: standsOpen, scene, &events) { watch.hold() }
    var sight = sight
    sight.lane.isBlind = sensors.isBlind
    return sight
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
      return inputs
    }
  }
}
