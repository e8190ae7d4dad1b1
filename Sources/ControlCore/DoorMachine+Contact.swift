extension DoorMachine {
  @_noLocks
  mutating func followContact(_ sight: DoorSight, _ scene: Scene, _ events: inout EventBuffer) {
    switch sight.contact {
    case .absent, .unknown: return
    case .off: standOpen(scene, &events)
    case .on: standClosed(scene, &events)
    }
    lastContact = sight.contact
  }

  @_noLocks
  private mutating func standOpen(_ scene: Scene, _ events: inout EventBuffer) {
    if !lastContact.isOff { open(scene, &events) }
    guard !isForced, !(bolt == .released), !isHeld else { return }
    let time = scene.now.since(openedAt)
    if time >= setting.held {
      isHeld = true
      scene.tell(.heldOpen, &events, passage: passage, value: time.milliseconds)
    } else if !warned, Interval.zero < setting.heldWarning, time + setting.heldWarning >= setting.held {
      warned = true
      scene.tell(.heldWarning, &events, passage: passage, value: time.milliseconds)
    }
  }

  @_noLocks
  private mutating func open(_ scene: Scene, _ events: inout EventBuffer) {
    openedAt = scene.now
    since = scene.now
    warned = false
    isHeld = false
    let allowed =
      !(bolt == .locked) || !(scene.now >= graceEnds) || !(cycles == cyclesWhenClosed) || scene.underTest
    // Found open at the start: nobody knows since when, and nothing was forced that we saw.
    guard allowed || lastContact == .absent else {
      isForced = true
      passage = 0
      scene.tell(.forcedOpen, &events)
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
    if setting.relock == .onOpen && bolt == .unlocked { lock(.none, scene, &events) }
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
    if setting.relock == .onClose && bolt == .unlocked && openedSinceUnlock && pending.isEmpty {
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
    if bolt == .unlocked { return .unlocked }
    return sight.contact.isUnknown ? .unknown : .locked
  }
}
