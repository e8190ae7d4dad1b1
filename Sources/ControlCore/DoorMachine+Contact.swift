extension DoorMachine {
  @_noLocks
  mutating func followContact(_ sight: DoorSight, _ scene: Scene, _ events: inout EventBuffer) {
    switch sight.contact {
    case .absent, .unknown: return
    case .off: standOpen(sight, scene, &events)
    case .on: standClosed(scene, &events)
    }
    lastContact = sight.contact
  }

  @_noLocks
  private mutating func standOpen(_ sight: DoorSight, _ scene: Scene, _ events: inout EventBuffer) {
    if !lastContact.isOff { open(sight, scene, &events) }
    guard !isForced, !(bolt == .released), !isHeld, !isPropped else { return }
    let time = scene.now.since(heldFrom)
    if time >= setting.held {
      isHeld = true
      scene.tell(.heldOpen, &events, passage: passage, value: time.milliseconds, input: leaf(sight))
    } else if !warned, Interval.zero < setting.heldWarning, time + setting.heldWarning >= setting.held {
      warned = true
      scene.tell(.heldWarning, &events, passage: passage, value: time.milliseconds, input: leaf(sight))
    }
  }

  /// Of a door with two leaves, the one that stands open.
  @_noLocks
  private func leaf(_ sight: DoorSight) -> InputIndex? {
    guard let passive = setting.passiveContact else { return nil }
    return sight.isPassiveOpen ? passive : setting.contact
  }

  @_noLocks
  private mutating func open(_ sight: DoorSight, _ scene: Scene, _ events: inout EventBuffer) {
    openedAt = scene.now
    heldFrom = scene.now
    since = scene.now
    warned = false
    isHeld = false
    let allowed =
      !(bolt == .locked) || !(scene.now >= graceEnds) || !(cycles == cyclesWhenClosed) || scene.underTest
    // Found open at the start: nobody knows since when, and nothing was forced that we saw.
    guard allowed || lastContact == .absent else {
      isForced = true
      passage = 0
      scene.tell(.forcedOpen, &events, input: leaf(sight))
      return
    }
    passage = 0
    if !pending.isEmpty && !(bolt == .released) {
      let grant = pending.removeFirst()
      passage = grant.passage
      scene.tell(.opened, &events, cause: .credential, passage: grant.passage)
      scene.tell(.passage, &events, cause: .credential, passage: grant.passage, side: grant.side)
    } else {
      scene.tell(.opened, &events, cause: allowed ? unlockedFor : .none)
    }
    openedSinceUnlock = true
    if setting.relock == .onOpen && bolt == .unlocked && !holdsUnlocked { lock(.none, scene, &events) }
  }

  @_noLocks
  private mutating func standClosed(_ scene: Scene, _ events: inout EventBuffer) {
    if lastContact.isOff { close(scene, &events) }
    if bolt == .locked && scene.now >= graceEnds { cyclesWhenClosed = cycles }
  }

  @_noLocks
  private mutating func close(_ scene: Scene, _ events: inout EventBuffer) {
    let time = scene.now.since(openedAt).milliseconds
    if isHeld { scene.tell(.heldEnded, &events, passage: passage, value: time) }
    scene.tell(.closed, &events, passage: passage, value: time)
    isHeld = false
    isForced = false
    warned = false
    passage = 0
    since = scene.now
    if setting.relock == .onClose && bolt == .unlocked && !holdsUnlocked && openedSinceUnlock
      && pending.isEmpty
    {
      lock(.passageEnded, scene, &events)
      // Closed and locked: a further opening is a forced one at once.
      graceEnds = scene.now
    }
  }

  @_noLocks
  func status(_ sight: DoorSight, _ scene: Scene) -> PointStatus {
    var status = PointStatus()
    status.state = state(sight, scene)
    status.passage = !(passage == 0) || pending.isEmpty ? passage : pending.first.passage
    status.fault = lockFault
    status.access = access
    status.isPropped = isPropped
    status.cycles = cycles
    status.since = since
    return status
  }

  @_noLocks
  private func state(_ sight: DoorSight, _ scene: Scene) -> PointState {
    if bolt == .released { return .released }
    if scene.outOfService { return .outOfService }
    if isForced { return .forced }
    if isHeld { return .held }
    if sight.contact.isOff { return .openDoor }
    // Neither locked nor unlocked is claimed of a lock that says otherwise.
    if !(lockFault == .none) { return .faulted }
    if bolt == .unlocked { return .unlocked }
    return sight.contact.isUnknown ? .unknown : .locked
  }
}
