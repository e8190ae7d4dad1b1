/// The loops and the beam of a barrier or gate, arming loop apart: who is in its way, and who comes.
struct LaneSensors {
  var closingLoop = Reading.absent
  var photocell = Reading.absent
  var interruptLoop = Reading.absent
  var shadowLoop = Reading.absent
  var exitLoop = Reading.absent
  /// The photocell has missed a vehicle.
  var isBlind = false

  @_noLocks init() {}

  /// The sensor that tells a passage.
  var passage: Reading { @_noLocks get { closingLoop.isFitted ? closingLoop : photocell } }

  /// What forbids closing; a sensor that cannot be believed counts as a vehicle.
  var obstacle: Cause {
    @_noLocks get {
      if interruptLoop.isOn { return .presence }
      let inTheWay = inTheWay
      if !(inTheWay == .none) { return inTheWay }
      return interruptLoop.isUnknown ? .presenceUnknown : .none
    }
  }

  /// A vehicle comes, and nothing has been met: the closing gives way, and that is no failure of it.
  var isInterrupted: Bool { @_noLocks get { interruptLoop.isOn && inTheWay == .none } }

  private var inTheWay: Cause {
    @_noLocks get {
      if closingLoop.isOn || photocell.isOn || shadowLoop.isOn { return .presence }
      if isBlind { return .sensorStuck }
      let isUnknown = closingLoop.isUnknown || photocell.isUnknown || shadowLoop.isUnknown
      return isUnknown ? .presenceUnknown : .none
    }
  }

  /// What holds back a closing that nobody ordered: the way, and a vehicle that stands before it on its way out.
  @_noLocks
  func obstacleToOwnClosing(_ scene: Scene) -> Cause {
    // Locked down, nobody is let out by a loop, so nobody keeps the point open with one.
    guard exitLoop.isPresence, !scene.lockedDown else { return .none }
    return exitLoop.isOn ? .presence : .presenceUnknown
  }
}
