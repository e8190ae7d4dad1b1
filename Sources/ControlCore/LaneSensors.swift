/// The loops and the beam of a barrier or gate: who is in its way, and who comes.
struct LaneSensors {
  var closingLoop = Reading.absent
  var photocell = Reading.absent
  var interruptLoop = Reading.absent
  var shadowLoop = Reading.absent
  var exitLoop = Reading.absent
  var armingLoop = Reading.absent
  /// The loop detector says that it does not work.
  var detectorFault = Reading.absent
  var holdToOpen = Reading.absent
  var holdToClose = Reading.absent
  /// Sensors that have been covered for too long to be believed; one bit each, as ``SensorWatch`` counts them.
  var stuck: UInt8 = 0
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

  /// What forbids even a closing that a person holds in sight: what works and is covered.
  var obstacleInSight: Cause {
    @_noLocks get {
      let isMet =
        closingLoop.isOn && stuck & 1 == 0 || photocell.isOn && stuck & 2 == 0
        || interruptLoop.isOn && stuck & 4 == 0 || shadowLoop.isOn && stuck & 8 == 0
      return isMet ? .presence : .none
    }
  }

  /// A detector that does not work says nothing of its loops, and one that is not heard may not work.
  @_noLocks
  mutating func believeDetector() {
    guard detectorFault.isPresence else { return }
    if closingLoop.isFitted { closingLoop = .unknown }
    if interruptLoop.isFitted { interruptLoop = .unknown }
    if shadowLoop.isFitted { shadowLoop = .unknown }
    if exitLoop.isFitted { exitLoop = .unknown }
    if armingLoop.isFitted { armingLoop = .unknown }
  }

  /// What holds back a closing that nobody ordered: the way, and a vehicle that stands before it on its way out.
  @_noLocks
  func obstacleToOwnClosing(_ scene: Scene) -> Cause {
    // Locked down, nobody is let out by a loop, so nobody keeps the point open with one.
    guard exitLoop.isPresence, !scene.lockedDown else { return .none }
    return exitLoop.isOn ? .presence : .presenceUnknown
  }
}
