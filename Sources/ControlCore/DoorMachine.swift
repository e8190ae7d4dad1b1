/// What a door's machine sees in one scan.
struct DoorSight {
  /// On while the door is closed.
  var contact = Reading.absent
  var exitButton = Reading.absent
  var tamper = Reading.absent

  @_noLocks init() {}
}

/// One door with a lock: a grant, an order or the exit button unlocks it for a time; the contact tells the rest.
struct DoorMachine {
  enum Bolt: UInt8 {
    case locked
    case unlocked
    /// Unlocked by an emergency plan, until its reset.
    case released
    @_noLocks static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
  }

  let setting: DoorSetting
  var bolt = Bolt.locked
  var unlockedFor = Cause.none
  var unlockEnds = Instant.zero
  /// An opening up to here still belongs to the last unlocking.
  var graceEnds = Instant.zero
  var pending = GrantQueue()
  /// The grant whose opening stands now.
  var passage: UInt64 = 0

  // The leaf.
  /// The last contact that could be believed; absent before the first.
  var lastContact = Reading.absent
  var openedAt = Instant.zero
  var openedSinceUnlock = false
  /// Unlockings counted when the door was last seen closed and locked.
  var cyclesWhenClosed: UInt32 = 0
  var isForced = false
  var warned = false
  var isHeld = false

  // The small inputs, as last seen.
  var lastExit = Reading.unknown
  var isTampered = false

  var cycles: UInt32 = 0
  var since = Instant.zero

  @_noLocks init(setting: DoorSetting) {
    self.setting = setting
  }

  /// Whether the lock is energised.
  var energised: Bool {
    @_noLocks get {
      let unlocked = !(bolt == .locked)
      return setting.fail == .secure ? unlocked : !unlocked
    }
  }

  /// Open, unlocked, or not known to be closed.
  @_noLocks
  func isOpen(_ sight: DoorSight) -> Bool {
    !(bolt == .locked) || sight.contact.isOff || sight.contact.isUnknown
  }

  @_noLocks
  mutating func step(_ sight: DoorSight, _ scene: Scene, _ events: inout EventBuffer) {
    if since.nanoseconds == 0 { since = scene.now }
    followEmergency(sight, scene, &events)
    followExitButton(sight, scene, &events)
    followContact(sight, scene, &events)
    followTime(sight, scene, &events)
    followTamper(sight, scene, &events)
  }

  // MARK: Orders

  @_noLocks
  func refusal(of order: Order, _ sight: DoorSight, _ scene: Scene) -> Cause {
    switch order {
    case .grant:
      let cause = scene.refusalOfGrant()
      if !(cause == .none) { return cause }
      return pending.isFull ? .alreadyBusy : .none
    case .open: return scene.refusalOfOpening()
    case .close: return scene.released ? .emergency : .none
    case .reset: return .none
    }
  }

  /// Follows an order that ``refusal(of:_:_:)`` had nothing against.
  @_noLocks
  mutating func obey(_ order: Order, _ sight: DoorSight, _ scene: Scene, _ events: inout EventBuffer) {
    switch order {
    case .grant(let grant): admit(grant, sight, scene, &events)
    case .open: unlock(.operatorOrder, for: setting.unlock, 0, scene, &events)
    case .close:
      pending.takeBack(.operatorOrder, scene, &events)
      lock(.operatorOrder, scene, &events)
      graceEnds = scene.now
    case .reset: acknowledge(sight, scene)
    }
  }

  @_noLocks
  private mutating func admit(
    _ grant: Grant, _ sight: DoorSight, _ scene: Scene, _ events: inout EventBuffer
  ) {
    let time = grant.extended ? setting.extendedUnlock : setting.unlock
    unlock(.credential, for: time, grant.passage, scene, &events)
    // Nothing is left to open: whoever holds a grant at an open door goes through it.
    if sight.contact.isOff && !isForced {
      passage = grant.passage
      openedSinceUnlock = true
      scene.tell(.passage, &events, cause: .credential, passage: grant.passage, side: grant.side)
    } else if sight.contact.isFitted {
      pending.append(grant)
    }
  }

  @_noLocks
  private mutating func acknowledge(_ sight: DoorSight, _ scene: Scene) {
    isForced = false
    isHeld = false
    warned = false
    openedAt = scene.now
  }

  /// Without a command no grant stays open: what waits is taken back, the lock falls.
  @_noLocks
  mutating func withdraw(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    pending.takeBack(cause, scene, &events)
    guard bolt == .unlocked, !(unlockedFor == .exitButton) else { return }
    lock(cause, scene, &events)
    graceEnds = scene.now
  }
}
