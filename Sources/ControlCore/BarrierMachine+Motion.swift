extension BarrierMachine {
  @_noLocks
  mutating func raise(
    _ cause: Cause, free: Bool, _ passage: UInt64, _ scene: Scene, _ events: inout EventBuffer
  ) {
    actuator.move(.opening, scene.now)
    watch.begin(free: free, scene.now)
    cycles &+= 1
    since = scene.now
    scene.tell(.opening, &events, cause: cause, passage: passage)
  }

  @_noLocks
  mutating func lower(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    let passage = watch.beginClosing()
    actuator.move(.closing, scene.now)
    since = scene.now
    scene.tell(.closing, &events, cause: cause, passage: passage)
  }

  /// A plan raises the arm once, whatever else holds, and keeps it up; its reset moves nothing.
  ///
  /// One that held before the start waits until the upper limit can be believed, and raises only what is not up. An
  /// arm without that limit was raised before.
  @_noLocks
  mutating func followEmergency(_ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    defer { wasReleased = scene.released }
    guard scene.released else {
      isResuming = false
      if wasReleased { watch.hold() }
      return
    }
    if !wasReleased {
      releaseServed = false
      watch.pending.takeBack(.emergency, scene, &events)
    }
    if actuator.isClosing { releaseServed = false }
    guard !releaseServed else { return }
    if isResuming {
      if sight.up.isUnknown { return }
      isResuming = false
      releaseServed = !sight.up.isOff
      if releaseServed { return }
    }
    releaseServed = true
    if !isUpOrRaising { raise(.emergencyPlan, free: true, 0, scene, &events) }
  }

  /// A vehicle under a lowering arm sends it up again at once. The second in a row is a fault: the arm goes up,
  /// since many operators cannot stop half-way, and stays there until a person has looked.
  @_noLocks
  mutating func yield(_ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    let obstacle = sight.obstacle
    guard !(obstacle == .none) else { return }
    if sight.lane.isInterrupted { return interrupt(scene, &events) }
    obstructions += 1
    scene.tell(.obstruction, &events, cause: obstacle)
    actuator.move(.opening, scene.now)
    watch.openReached(scene.now)
    since = scene.now
    scene.tell(.opening, &events, cause: .obstruction)
    if obstructions >= 2 { latch(.obstructedTwice, scene, &events) }
  }

  @_noLocks
  mutating func drive(_ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    let opening = actuator.isOpening
    switch actuator.step(sight.limits, scene.now) {
    case .nothing: return
    case .failed(let cause): latch(cause, scene, &events)
    case .arrived(let travel):
      since = scene.now
      scene.tell(opening ? .opened : .closed, &events, value: travel.milliseconds)
      if actuator.cameWhole, wear.note(travel, opens: opening) {
        scene.tell(.slow, &events, value: travel.milliseconds)
      }
      if opening {
        watch.openReached(scene.now)
      } else {
        obstructions = 0
        watch.closed()
      }
    }
  }

  @_noLocks
  mutating func considerLowering(_ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    guard !isLatched, !scene.released, !scene.inMaintenance, !scene.outOfService else { return }
    guard !(actuator.place == .closed) else { return }
    let due = watch.closingDue(sensor: sight.passage, scene, &events)
    guard !(due == .none) else { return }
    let obstacle = obstacleToOwnClosing(sight, scene)
    guard watch.mayClose(obstacle, scene, &events), isTested(scene, &events) else { return }
    lower(due, scene, &events)
  }

  @_noLocks
  func obstacleToClosing(_ sight: BarrierSight) -> Cause {
    actuator.place == .open ? sight.obstacle : .positionUnknown
  }

  @_noLocks
  func obstacleToOwnClosing(_ sight: BarrierSight, _ scene: Scene) -> Cause {
    let obstacle = obstacleToClosing(sight)
    return obstacle == .none ? sight.lane.obstacleToOwnClosing(scene) : obstacle
  }

  /// What forbids a technician's test to energise the output.
  @_noLocks
  func obstacle(toTest output: OutputIndex, _ sight: BarrierSight, _ now: Instant) -> Cause {
    let lowers = output.raw == setting.lower.raw
    guard lowers || output.raw == setting.raise.raw else { return .none }
    let obstacle = sight.obstacle
    if lowers && !(obstacle == .none) { return obstacle }
    return actuator.isFree(lowers ? .closing : .opening, now) ? .none : .alreadyBusy
  }
}
