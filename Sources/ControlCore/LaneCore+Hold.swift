/// What the buttons of a person who sees the leaf ask for in one scan.
enum HoldChange: UInt8 {
  case none
  case opens
  case closes
  /// Let go, or something came that stops a held motion too.
  case ends
  @_noLocks static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

extension LaneCore {
  var isHeld: Bool {
    @_noLocks get {
      if let _ = held { return true }
      return false
    }
  }

  /// What a failed sensor leaves: a person sees the leaf and holds the button, and letting go stops it. `opening` and
  /// `closing` name what that person may not drive against either.
  @_noLocks
  mutating func followButtons(
    _ lane: LaneSensors, _ limits: LimitReadings, opening: Cause, closing: Cause, _ scene: Scene,
    _ events: inout EventBuffer
  ) -> HoldChange {
    openButton.follow(lane.holdToOpen)
    closeButton.follow(lane.holdToClose)
    order.follow(scene.now)
    defer { order.grow() }
    if let held {
      let isPressed = order.holds(held) || (held == .opening ? openButton : closeButton).isPressed
      let cause = held == .opening ? opening : closing
      let forbidden = cause == .none ? refusalOfHolding(held, scene) : cause
      guard !isPressed || !(forbidden == .none) else { return .none }
      scene.tell(.stopped, &events, cause: forbidden == .none ? .holdToRun : forbidden)
      return .ends
    }
    if openButton.begins || order.begins(.opening), !isThere(.opening, limits) {
      return begin(.opening, opening, scene, &events) ? .opens : .none
    }
    if closeButton.begins || order.begins(.closing), !isThere(.closing, limits) {
      return begin(.closing, closing, scene, &events) ? .closes : .none
    }
    return .none
  }

  /// It stands there, whether or not that was noted yet.
  @_noLocks
  func isThere(_ direction: Direction, _ limits: LimitReadings) -> Bool {
    let place = direction == .opening ? Place.open : .closed
    return actuator.place == place || !actuator.isMoving && limits.stands(place)
  }

  @_noLocks
  private func begin(
    _ direction: Direction, _ obstacle: Cause, _ scene: Scene, _ events: inout EventBuffer
  ) -> Bool {
    let refusal = refusalOfHolding(direction, scene)
    let cause = refusal == .none && actuator.isMoving ? .alreadyBusy : refusal
    guard cause == .none, obstacle == .none else {
      scene.tell(.blocked, &events, cause: cause == .none ? obstacle : cause)
      return false
    }
    return true
  }

  @_noLocks
  func refusalOfHolding(_ direction: Direction, _ scene: Scene) -> Cause {
    if scene.released || direction == .closing && scene.heldOpen { return .emergency }
    if scene.inMaintenance || scene.underTest { return .maintenance }
    if isLatched { return .faultLatched }
    if direction == .opening && scene.lockedDown { return .lockdown }
    // A closing frees the group, but not where nobody knows that it was open: what moves counts as open.
    let addsToOpen = direction == .opening || !scene.countsAsOpen
    return addsToOpen && scene.interlocked && !isHeld ? .interlock : .none
  }

  @_noLocks
  mutating func hold(_ direction: Direction, _ scene: Scene, _ events: inout EventBuffer) {
    held = direction
    watch.pending.takeBack(.holdToRun, scene, &events)
    if direction == .opening {
      watch.begin(free: true, scene.now)
      cycles &+= 1
    } else {
      _ = watch.beginClosing()
    }
    watch.hold()
    actuator.move(direction, scene.now)
    since = scene.now
    scene.tell(direction == .opening ? .opening : .closing, &events, cause: .holdToRun)
  }
}
