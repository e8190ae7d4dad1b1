/// What a door's machine sees in one scan.
struct DoorSight {
  /// On while the door is closed: all its leaves, after ``join()``.
  var contact = Reading.absent
  /// The second leaf's.
  var passive = Reading.absent
  var bond = Reading.absent
  var lockPosition = Reading.absent
  var exitButton = Reading.absent
  var tamper = Reading.absent
  /// The second leaf stands open and the first does not.
  private(set) var isPassiveOpen = false

  @_noLocks init() {}

  /// The door is closed only where both leaves are; one that is open is an open door, whatever is known of the other.
  @_noLocks
  mutating func join() {
    guard passive.isFitted else { return }
    isPassiveOpen = passive.isOff && !contact.isOff
    if passive.isOff || (passive.isUnknown && !contact.isOff) { contact = passive }
  }
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
  var access = DoorAccess.controlled
  /// The grant whose opening stands now.
  var passage: UInt64 = 0

  // The leaf.
  /// The last contact that could be believed; absent before the first.
  var lastContact = Reading.absent
  var openedAt = Instant.zero
  /// From here on the time counts after which the door is held.
  var heldFrom = Instant.zero
  var isPropped = false
  /// A lockdown does not end the unlocking that a grant began.
  var passesLockdown = false
  var openedSinceUnlock = false
  /// Unlockings counted when the door was last seen closed and locked.
  var cyclesWhenClosed: UInt32 = 0
  var isForced = false
  var warned = false
  var isHeld = false

  // The small inputs, as last seen.
  var lastExit = Reading.unknown
  /// Pressed, and an interlock may let go of it up to here.
  var exitWaitsUntil: Instant?
  var isTampered = false
  var bond = LockWatch()
  var position = LockWatch()

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

  /// Open, unlocked, or not known to be closed and held.
  @_noLocks
  func isOpen(_ sight: DoorSight) -> Bool {
    if !(bolt == .locked) || sight.contact.isOff || sight.contact.isUnknown { return true }
    return sight.bond.isFitted && !sight.bond.isOn || sight.lockPosition.isFitted && !sight.lockPosition.isOn
  }

  @_noLocks
  mutating func step(_ sight: DoorSight, _ scene: Scene, _ events: inout EventBuffer) {
    if since.nanoseconds == 0 { since = scene.now }
    followEmergency(sight, scene, &events)
    followExitButton(sight, scene, &events)
    followContact(sight, scene, &events)
    followTime(sight, scene, &events)
    followFeedback(sight, scene, &events)
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
      endAccess(.operatorOrder, scene, &events)
      exitWaitsUntil = nil
      lock(.operatorOrder, scene, &events)
      graceEnds = scene.now
    case .reset: acknowledge(scene, &events)
    }
  }

  @_noLocks
  private mutating func admit(
    _ grant: Grant, _ sight: DoorSight, _ scene: Scene, _ events: inout EventBuffer
  ) {
    let time = grant.extended ? setting.extendedUnlock : setting.unlock
    passesLockdown = grant.passesLockdown
    unlock(.credential, for: time, grant.passage, scene, &events)
    // Nothing is left to open: whoever holds a grant at an open door goes through it.
    if sight.contact.isOff && !isForced {
      pending.remove(grant.passage)
      passage = grant.passage
      openedSinceUnlock = true
      scene.tell(.passage, &events, cause: .credential, passage: grant.passage, side: grant.side)
    } else if sight.contact.isFitted && !pending.holds(grant.passage) {
      pending.append(grant)
    }
  }

  @_noLocks
  private mutating func acknowledge(_ scene: Scene, _ events: inout EventBuffer) {
    isForced = false
    isHeld = false
    warned = false
    heldFrom = scene.now
    acknowledgeFeedback(scene, &events)
  }

  /// Without a command no grant stays open: what waits is taken back, every mode ends, the lock falls. Who has pressed
  /// the exit button still gets out, unless a lockdown forbids it.
  @_noLocks
  mutating func withdraw(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    pending.takeBack(cause, scene, &events)
    endAccess(cause, scene, &events)
    prop(false, cause, scene, &events)
    guard bolt == .unlocked, !letsOut(cause) else { return }
    lock(cause, scene, &events)
    graceEnds = scene.now
  }

  @_noLocks
  func letsOut(_ cause: Cause) -> Bool {
    unlockedFor == .exitButton && (setting.exitInLockdown || !(cause == .lockdown))
  }
}
