extension BarrierMachine {
  /// A vehicle comes from inside: the arm opens for it, or stays open for it, for one passage out.
  @_noLocks
  mutating func followExit(_ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    exitWish.follow(sight.lane.exitLoop)
    guard exitWish.stands else { return }
    guard !scene.released, !isUpOrRaising || watch.needsExit else {
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
    if !isUpOrRaising {
      raise(.exitLoop, free: false, 0, scene, &events)
    }
    watch.admit(exit, scene.now)
  }

  /// A vehicle comes over the interrupt loop: up again, and nothing was met.
  @_noLocks
  mutating func interrupt(_ scene: Scene, _ events: inout EventBuffer) {
    actuator.move(.opening, scene.now)
    watch.openReached(scene.now)
    since = scene.now
    scene.tell(.opening, &events, cause: .interruptLoop)
  }
}
