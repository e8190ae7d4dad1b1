/// What the lights of a lane say to who stands before it.
enum LaneLight: UInt8 {
  case red
  case green
  /// A fault waits for a person: red, on and off.
  case flashing

  @_noLocks static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

  /// Flashing at 1 Hz, told from the scan's own time, so that all lanes flash together.
  @_noLocks
  func showsRed(_ now: Instant) -> Bool {
    if self == .flashing { return now.nanoseconds / 500_000_000 % 2 == 0 }
    return self == .red
  }
}

/// What the sign of a lane tells who comes: that nobody is let through.
enum LaneSign: UInt8 {
  case off
  case on
  case flashing

  @_noLocks static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

  @_noLocks
  func shows(_ now: Instant) -> Bool {
    self == .flashing ? LaneLight.flashing.showsRed(now) : self == .on
  }
}

extension BarrierMachine {
  @_noLocks
  func light(_ scene: Scene) -> LaneLight {
    if core.isLatched { return .flashing }
    guard core.actuator.place == .open, !core.actuator.isMoving else { return .red }
    return scene.letsIn && core.watch.letsIn ? .green : .red
  }
}

extension GateMachine {
  @_noLocks
  func light(_ scene: Scene) -> LaneLight {
    if core.isLatched { return .flashing }
    guard core.actuator.place == .open, !core.actuator.isMoving, !isWarning, !isStopped else { return .red }
    return scene.letsIn && core.watch.letsIn ? .green : .red
  }
}

extension Scene {
  /// Nothing above the machine forbids a grant to be used; an open point breaks no interlock by being used.
  fileprivate var letsIn: Bool {
    @_noLocks get { !(released || lockedDown || inMaintenance || outOfService) }
  }
}
