extension GateMachine {
  /// Pressed: everything stops and stays so until it is released and a person resets. Lost: nothing moves
  /// while it is lost; its return starts nothing by itself, but needs no reset.
  @_noLocks
  mutating func followEmergencyStop(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    if sight.emergencyStop.isOn && !(core.fault == .emergencyStopPressed) {
      halt(scene.now)
      isStopped = true
      core.unlatch()
      latch(.emergencyStopPressed, scene, &events)
    } else if sight.emergencyStop.isUnknown && !isStopped {
      if isBusy {
        halt(scene.now)
        core.watch.hold()
        core.watch.pending.takeBack(.sensorLost, scene, &events)
        scene.tell(.blocked, &events, cause: .emergencyStopPressed)
      }
      isStopped = true
    } else if sight.emergencyStop.isOff && isStopped && !(core.fault == .emergencyStopPressed) {
      isStopped = false
    }
  }

  /// A plan opens the gate as soon as nothing forbids it, and keeps it open; its reset moves nothing.
  ///
  /// One that held before the start waits until the open limit can be believed, and opens only what is not open. A
  /// gate without that limit was opened before.
  @_noLocks
  mutating func followEmergency(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    defer { core.wasReleased = scene.released }
    guard scene.released else {
      core.isResuming = false
      if core.wasReleased { core.watch.hold() }
      return
    }
    if !core.wasReleased {
      core.releaseServed = false
      warningSince = nil
      core.watch.pending.takeBack(.emergency, scene, &events)
    }
    if isReversing { halt(scene.now) }
    if core.actuator.isClosing { core.releaseServed = false }
    guard !core.releaseServed, !isStopped, !sight.safetyEdge.isOn else {
      // Whatever forbids the opening, a closing does not go on.
      if core.actuator.isClosing { halt(scene.now) }
      return
    }
    if core.isResuming {
      if sight.openLimit.isUnknown { return }
      core.isResuming = false
      core.releaseServed = !sight.openLimit.isOff
      if core.releaseServed { return }
    }
    // A step drive waits until it is known where it stands.
    guard isOpenOrOpening || core.actuator.canMove(.opening) else { return }
    core.releaseServed = true
    if !isOpenOrOpening { open(.emergencyPlan, free: true, 0, scene, &events) }
  }

  @_noLocks
  mutating func followObstruction(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    if core.actuator.isClosing && !isReversing && !(sight.obstacle == .none) {
      let isEdgeClear = sight.obstacleToOpening == .none
      if sight.lane.isInterrupted && isEdgeClear { return interrupt(scene, &events) }
      obstructClosing(sight.obstacle, scene, &events)
    } else if isReversing && !(sight.presence == .none) {
      halt(scene.now)
    } else if core.actuator.isOpening {
      obstructOpening(sight, scene, &events)
    }
  }

  /// Stop, dead time, open again. After the second failed closing in a row there is no further automatic one.
  @_noLocks
  private mutating func obstructClosing(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    core.obstructions += 1
    failedClosings += 1
    scene.tell(.obstruction, &events, cause: cause)
    stopToTurn(scene.now)
    core.actuator.move(.opening, scene.now)
    edgeAtReopening = cause == .safetyEdge || cause == .presenceUnknown
    core.since = scene.now
    scene.tell(.opening, &events, cause: .obstruction)
    core.watch.openReached(scene.now)
    if failedClosings >= 2 { latch(.closingFailedTwice, scene, &events) }
  }

  /// Stop, go back for the reversal time, stop. The second obstruction before a limit stops for good.
  @_noLocks
  private mutating func obstructOpening(
    _ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer
  ) {
    let cause = sight.obstacleToOpening
    if cause == .none { edgeAtReopening = false }
    // The edge that sent the leaf back is still pressed while it begins to open; a plan's opening goes on
    // though the edge is lost.
    guard !(cause == .none), !edgeAtReopening, !(scene.released && cause == .presenceUnknown) else { return }
    core.obstructions += 1
    scene.tell(.obstruction, &events, cause: cause)
    halt(scene.now)
    core.since = scene.now
    core.watch.hold()
    core.watch.pending.takeBack(.obstruction, scene, &events)
    if core.obstructions >= 2 {
      latch(.obstructedTwice, scene, &events)
    } else if scene.released {
      core.releaseServed = false
    } else if mayReverse(sight) {
      isReversing = true
      core.actuator.reversals &+= 1
      core.actuator.move(.closing, scene.now)
    }
  }

  /// Going back closes: only with a clear gateway, an edge that can be believed, and a way to stop again.
  @_noLocks
  private func mayReverse(_ sight: GateSight) -> Bool {
    guard sight.presence == .none, sight.safetyEdge.isOn, !(setting.style == .step) else { return false }
    if let _ = setting.stop { return true }
    return setting.style == .held
  }

  @_noLocks
  mutating func followReversal(_ scene: Scene, _ events: inout EventBuffer) {
    guard isReversing, let started = core.actuator.startedAt else { return }
    guard scene.now.since(started) >= setting.reversal else { return }
    halt(scene.now)
    core.since = scene.now
  }
}
