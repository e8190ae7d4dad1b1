extension GateMachine {
  /// Pressed: everything stops and stays so until it is released and a person resets. Lost: nothing moves
  /// while it is lost; its return starts nothing by itself, but needs no reset.
  @_noLocks
  mutating func followEmergencyStop(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    if sight.emergencyStop.isOn && !(fault == .emergencyStopPressed) {
      halt(scene.now)
      isStopped = true
      isLatched = false
      latch(.emergencyStopPressed, scene, &events)
    } else if sight.emergencyStop.isUnknown && !isStopped {
      if isBusy {
        halt(scene.now)
        watch.hold()
        watch.pending.takeBack(.sensorLost, scene, &events)
        scene.tell(.blocked, &events, cause: .emergencyStopPressed)
      }
      isStopped = true
    } else if sight.emergencyStop.isOff && isStopped && !(fault == .emergencyStopPressed) {
      isStopped = false
    }
  }

  /// A plan opens the gate as soon as nothing forbids it, and keeps it open; its reset moves nothing.
  ///
  /// One that held before the start waits until the open limit can be believed, and opens only what is not open. A
  /// gate without that limit was opened before.
  @_noLocks
  mutating func followEmergency(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    defer { wasReleased = scene.released }
    guard scene.released else {
      isResuming = false
      if wasReleased { watch.hold() }
      return
    }
    if !wasReleased {
      releaseServed = false
      warningSince = nil
      watch.pending.takeBack(.emergency, scene, &events)
    }
    if isReversing { halt(scene.now) }
    if actuator.isClosing { releaseServed = false }
    guard !releaseServed, !isStopped, !sight.safetyEdge.isOn else {
      // Whatever forbids the opening, a closing does not go on.
      if actuator.isClosing { halt(scene.now) }
      return
    }
    if isResuming {
      if sight.openLimit.isUnknown { return }
      isResuming = false
      releaseServed = !sight.openLimit.isOff
      if releaseServed { return }
    }
    releaseServed = true
    if !isOpenOrOpening { open(.emergencyPlan, free: true, 0, scene, &events) }
  }

  @_noLocks
  mutating func followObstruction(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    if actuator.isClosing && !isReversing && !(sight.obstacle == .none) {
      let isEdgeClear = sight.obstacleToOpening == .none
      if sight.lane.isInterrupted && isEdgeClear { return interrupt(scene, &events) }
      obstructClosing(sight.obstacle, scene, &events)
    } else if isReversing && !(sight.presence == .none) {
      halt(scene.now)
    } else if actuator.isOpening {
      obstructOpening(sight, scene, &events)
    }
  }

  /// Stop, dead time, open again. After the second failed closing in a row there is no further automatic one.
  @_noLocks
  private mutating func obstructClosing(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    obstructions += 1
    failedClosings += 1
    scene.tell(.obstruction, &events, cause: cause)
    pulseStop(scene.now)
    actuator.move(.opening, scene.now)
    edgeAtReopening = cause == .safetyEdge || cause == .presenceUnknown
    since = scene.now
    scene.tell(.opening, &events, cause: .obstruction)
    watch.openReached(scene.now)
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
    obstructions += 1
    scene.tell(.obstruction, &events, cause: cause)
    halt(scene.now)
    since = scene.now
    watch.hold()
    watch.pending.takeBack(.obstruction, scene, &events)
    if obstructions >= 2 {
      latch(.obstructedTwice, scene, &events)
    } else if scene.released {
      releaseServed = false
    } else if mayReverse(sight) {
      isReversing = true
      actuator.reversals &+= 1
      actuator.move(.closing, scene.now)
    }
  }

  /// Going back closes: only with a clear gateway, an edge that can be believed, and a way to stop again.
  @_noLocks
  private func mayReverse(_ sight: GateSight) -> Bool {
    guard sight.presence == .none, sight.safetyEdge.isOn else { return false }
    if let _ = setting.stop { return true }
    return setting.style == .held
  }

  @_noLocks
  mutating func followReversal(_ scene: Scene, _ events: inout EventBuffer) {
    guard isReversing, let started = actuator.startedAt else { return }
    guard scene.now.since(started) >= setting.reversal else { return }
    halt(scene.now)
    since = scene.now
  }
}
