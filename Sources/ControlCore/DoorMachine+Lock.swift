extension DoorMachine {
  @_noLocks
  mutating func unlock(
    _ cause: Cause, for time: Interval, _ passage: UInt64, _ scene: Scene, _ events: inout EventBuffer
  ) {
    let ends = scene.now + time
    let wasLocked = bolt == .locked
    guard !(bolt == .released) else { return }
    // A second grant or order never shortens the time of the first.
    if wasLocked || unlockEnds < ends { unlockEnds = ends }
    if wasLocked { openedSinceUnlock = false }
    // The exit button's unlocking outlives what would end a grant's.
    if wasLocked || !(unlockedFor == .exitButton) { unlockedFor = cause }
    bolt = .unlocked
    guard wasLocked || !(passage == 0) else { return }
    if wasLocked {
      cycles &+= 1
      since = scene.now
    }
    scene.tell(.unlocked, &events, cause: cause, passage: passage)
  }

  @_noLocks
  mutating func lock(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    guard !(bolt == .locked) else { return }
    bolt = .locked
    passesLockdown = false
    since = scene.now
    graceEnds = scene.now + Limits.relockGrace
    scene.tell(.locked, &events, cause: cause)
  }

  /// A plan releases within the scan in which it starts; its reset is a person's act, and locks the door again.
  @_noLocks
  mutating func followEmergency(_ sight: DoorSight, _ scene: Scene, _ events: inout EventBuffer) {
    if scene.released && !(bolt == .released) {
      pending.takeBack(.emergency, scene, &events)
      bolt = .released
      unlockedFor = .emergencyPlan
      cycles &+= 1
      since = scene.now
      isForced = false
      isHeld = false
      scene.tell(.unlocked, &events, cause: .emergencyPlan)
    } else if !scene.released && bolt == .released {
      endRelease(scene, &events)
    } else if scene.lockedDown && !scene.released {
      let isUnlocked = bolt == .unlocked && !letsOut(.lockdown)
      // A grant that passes the lockdown goes on until the lock falls by its own time.
      if passesLockdown && !holdsUnlocked && !isPropped { return }
      if !pending.isEmpty || holdsUnlocked || isPropped || isUnlocked {
        withdraw(.lockdown, scene, &events)
      }
    }
  }

  /// What was free for all before the plan, and was not ended meanwhile, is so again: it has not been locked between.
  @_noLocks
  private mutating func endRelease(_ scene: Scene, _ events: inout EventBuffer) {
    heldFrom = scene.now
    warned = false
    if scene.lockedDown {
      endAccess(.lockdown, scene, &events)
      prop(false, .lockdown, scene, &events)
    }
    guard holdsUnlocked else {
      lock(.emergencyPlan, scene, &events)
      return
    }
    bolt = .unlocked
    unlockedFor = access.cause
    unlockEnds = scene.now
    since = scene.now
  }

  /// The button works in maintenance and out of service, and in lockdown where the site does not forbid it. Only a
  /// change from a good "off" to a good "on" is a press: a line that comes back never releases a door.
  @_noLocks
  mutating func followExitButton(_ sight: DoorSight, _ scene: Scene, _ events: inout EventBuffer) {
    let pressed = lastExit.isOff && sight.exitButton.isOn
    lastExit = sight.exitButton
    if pressed { scene.tell(.exitRequested, &events, cause: .exitButton, side: .out) }
    guard pressed || isExitWaiting, !(bolt == .released) else {
      exitWaitsUntil = nil
      return
    }
    if scene.lockedDown && !setting.exitInLockdown {
      exitWaitsUntil = nil
      scene.tell(.exitDenied, &events, cause: .lockdown, side: .out)
    } else if scene.interlocked && bolt == .locked {
      waitToLeave(pressed, scene, &events)
    } else {
      letOut(scene, &events)
    }
  }

  private var isExitWaiting: Bool {
    @_noLocks get {
      if let _ = exitWaitsUntil { return true }
      return false
    }
  }

  /// Behind an interlock the press waits as a grant does, or is denied.
  @_noLocks
  private mutating func waitToLeave(_ pressed: Bool, _ scene: Scene, _ events: inout EventBuffer) {
    if let until = exitWaitsUntil {
      guard scene.now >= until else { return }
      exitWaitsUntil = nil
    } else if pressed && Interval.zero < scene.patience {
      exitWaitsUntil = scene.now + scene.patience
      scene.tell(.blocked, &events, cause: .interlock, side: .out)
      return
    }
    scene.tell(.exitDenied, &events, cause: .interlock, side: .out)
  }

  @_noLocks
  private mutating func letOut(_ scene: Scene, _ events: inout EventBuffer) {
    exitWaitsUntil = nil
    unlock(.exitButton, for: setting.unlock, 0, scene, &events)
    unlockedFor = .exitButton
  }

  @_noLocks
  mutating func followTime(_ sight: DoorSight, _ scene: Scene, _ events: inout EventBuffer) {
    if bolt == .unlocked && scene.now >= unlockEnds && holdsUnlocked {
      unlockedFor = access.cause
      if scene.now.since(unlockEnds) >= Limits.relockGrace { pending.takeBack(.none, scene, &events) }
    } else if bolt == .unlocked && scene.now >= unlockEnds {
      // A door that stands open under `onClose` is locked by its closing, while the contact can tell of it.
      let waitsForClosing = setting.relock == .onClose && sight.contact.isOff
      if !waitsForClosing { lock(.none, scene, &events) }
    }
    // Without a contact nobody knows whether the grant was used: nothing waits then.
    if bolt == .locked && scene.now >= graceEnds && !pending.isEmpty {
      pending.takeBack(.none, scene, &events)
    }
  }

  @_noLocks
  mutating func followTamper(_ sight: DoorSight, _ scene: Scene, _ events: inout EventBuffer) {
    if sight.tamper.isOn && !isTampered {
      isTampered = true
      scene.tell(.tamper, &events)
    } else if sight.tamper.isOff && isTampered {
      isTampered = false
      scene.tell(.tamperEnded, &events)
    }
  }
}
