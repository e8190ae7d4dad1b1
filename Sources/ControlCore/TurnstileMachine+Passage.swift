extension TurnstileMachine {
  /// A plan frees it within the scan in which it starts; its reset is a person's act, and locks it again.
  @_noLocks
  mutating func followEmergency(_ scene: Scene, _ events: inout EventBuffer) {
    if scene.released && !(phase == .freed) {
      pending.takeBack(.emergency, scene, &events)
      operatorWish = false
      exitWishEnds = nil
      if phase == .released || phase == .expired { end(.emergency, scene, &events) }
      phase = .freed
      cycles &+= 1
      since = scene.now
      isForced = false
      scene.tell(.unlocked, &events, cause: .emergencyPlan)
    } else if !scene.released && phase == .freed {
      phase = .locked
      since = scene.now
      scene.tell(.locked, &events, cause: .emergencyPlan)
    } else if scene.lockedDown && !scene.released {
      withdraw(.lockdown, scene, &events)
    }
  }

  /// The button works in maintenance and out of service, and in lockdown where the site does not forbid it. Only a
  /// change from a good "off" to a good "on" is a press.
  @_noLocks
  mutating func followExitButton(_ sight: TurnstileSight, _ scene: Scene, _ events: inout EventBuffer) {
    let pressed = lastExit.isOff && sight.exitButton.isOn
    lastExit = sight.exitButton
    if pressed { scene.tell(.exitRequested, &events, cause: .exitButton, side: .out) }
    guard pressed, !(phase == .freed) else { return }
    if scene.lockedDown && !setting.exitInLockdown {
      scene.tell(.exitDenied, &events, cause: .lockdown, side: .out)
    } else if scene.interlocked && phase == .locked && Interval.zero >= scene.patience {
      scene.tell(.exitDenied, &events, cause: .interlock, side: .out)
    } else {
      // It waits for the other point, or for whoever is in the rotor.
      let waits = scene.interlocked && phase == .locked
      if waits { scene.tell(.blocked, &events, cause: .interlock, side: .out) }
      exitWishEnds = scene.now + (waits ? scene.patience : setting.entry + setting.entry)
    }
  }

  // MARK: The rotor

  @_noLocks
  mutating func followRotor(_ sight: TurnstileSight, _ scene: Scene, _ events: inout EventBuffer) {
    sensorIn.watch(sight.rotationIn, setting.stuck, setting.rotationIn, scene, &events)
    sensorOut.watch(sight.rotationOut, setting.stuck, setting.rotationOut, scene, &events)
    sensor.watch(sight.rotation, setting.stuck, setting.rotation, scene, &events)
    if isStuck {
      pending.takeBack(.sensorStuck, scene, &events)
      operatorWish = false
    }
    if sensorIn.turned(sight.rotationIn) { turn(.in, scene, &events) }
    if sensorOut.turned(sight.rotationOut) { turn(.out, scene, &events) }
    if sensor.turned(sight.rotation) { turn(nil, scene, &events) }
  }

  /// One rotation is one person; without a release this way somebody has forced it.
  @_noLocks
  private mutating func turn(_ side: Side?, _ scene: Scene, _ events: inout EventBuffer) {
    restsFrom = scene.now + setting.settle
    if phase == .freed {
      scene.tell(.passage, &events, cause: .emergencyPlan, side: side ?? setting.direction)
      return
    }
    let way = side ?? current.side
    guard phase == .released || phase == .expired, way == current.side else {
      // Whoever tests the release turns the rotor too.
      guard !scene.underTest else { return }
      isForced = true
      scene.tell(.forcedOpen, &events, side: side)
      return
    }
    scene.tell(.passage, &events, cause: releasedFor, passage: current.passage, side: way)
    if phase == .released { scene.tell(.locked, &events, cause: .passageEnded) }
    phase = .locked
    since = scene.now
    current.passage = 0
    isForced = false
  }

  /// A release that nobody used is taken back; a sensor that is lost meanwhile leaves it open whether somebody did.
  @_noLocks
  mutating func followTime(_ sight: TurnstileSight, _ scene: Scene, _ events: inout EventBuffer) {
    if phase == .released && scene.now.since(phaseSince) >= setting.entry {
      phase = .expired
      phaseSince = scene.now
      scene.tell(.locked, &events)
    } else if phase == .expired && scene.now.since(phaseSince) >= Limits.relockGrace {
      end(sight.proof(current.side).isUnknown ? .sensorLost : .none, scene, &events)
    }
    guard let ends = exitWishEnds, scene.now >= ends else { return }
    exitWishEnds = nil
    scene.tell(.exitDenied, &events, cause: scene.interlocked ? .interlock : .alreadyBusy, side: .out)
  }

  /// The next one, when nobody is in the rotor: who wants out by the button, then grants in their order, then an
  /// operator's order.
  @_noLocks
  mutating func serve(_ sight: TurnstileSight, _ scene: Scene, _ events: inout EventBuffer) {
    guard phase == .locked else { return }
    guard !scene.interlocked else {
      pending.takeBack(.interlock, scene, &events)
      operatorWish = false
      return
    }
    guard scene.now >= restsFrom else { return }
    // A rotor that is stuck, or seems so, shuts nobody in.
    if wantsOut {
      exitWishEnds = nil
      release(Grant(passage: 0, side: .out), .exitButton, scene, &events)
      return
    }
    guard !sight.isTurning, !isStuck else { return }
    if !pending.isEmpty {
      release(pending.removeFirst(), .credential, scene, &events)
    } else if operatorWish {
      operatorWish = false
      release(Grant(passage: 0, side: setting.direction), .operatorOrder, scene, &events)
    }
  }

  @_noLocks
  private mutating func release(
    _ grant: Grant, _ cause: Cause, _ scene: Scene, _ events: inout EventBuffer
  ) {
    phase = .released
    phaseSince = scene.now
    current = grant
    releasedFor = cause
    cycles &+= 1
    since = scene.now
    scene.tell(.unlocked, &events, cause: cause, passage: grant.passage, side: grant.side)
  }

  @_noLocks
  mutating func followTamper(_ sight: TurnstileSight, _ scene: Scene, _ events: inout EventBuffer) {
    if sight.tamper.isOn && !isTampered {
      isTampered = true
      scene.tell(.tamper, &events)
    } else if sight.tamper.isOff && isTampered {
      isTampered = false
      scene.tell(.tamperEnded, &events)
    }
  }
}
