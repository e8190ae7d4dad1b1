/// What a gate's machine sees in one scan.
struct GateSight {
  var openLimit = Reading.absent
  var closedLimit = Reading.absent
  var moving = Reading.absent
  var lane = LaneSensors()
  var safetyEdge = Reading.absent
  var emergencyStop = Reading.absent

  @_noLocks init() {}

  var limits: LimitReadings {
    @_noLocks get {
      var limits = LimitReadings()
      limits.open = openLimit
      limits.closed = closedLimit
      limits.moving = moving
      return limits
    }
  }

  var passage: Reading { @_noLocks get { lane.passage } }

  /// What stands in the gateway, edge apart.
  var presence: Cause { @_noLocks get { lane.obstacle } }

  /// What forbids closing; a sensor that cannot be believed counts as pressed or covered.
  var obstacle: Cause {
    @_noLocks get {
      if safetyEdge.isOn { return .safetyEdge }
      let presence = presence
      if !(presence == .none) { return presence }
      return safetyEdge.isUnknown ? .presenceUnknown : .none
    }
  }

  /// What forbids a person who sees the leaf and holds the button to close it; for opening, the edge alone.
  var obstacleInSight: Cause { @_noLocks get { safetyEdge.isOn ? .safetyEdge : lane.obstacleInSight } }

  /// What forbids opening: the edge alone.
  var obstacleToOpening: Cause {
    @_noLocks get {
      if safetyEdge.isOn { return .safetyEdge }
      return safetyEdge.isUnknown ? .presenceUnknown : .none
    }
  }
}

/// One sliding or swinging gate: as a barrier, with light before it closes, a safety edge and an emergency stop.
struct GateMachine {
  let setting: GateSetting
  var core: LaneCore

  /// The light before closing is on since; the closing that follows, and why.
  var warningSince: Instant?
  var warnedFor = Cause.none
  /// The leaf goes back from an obstruction of its opening.
  var isReversing = false
  /// The leaf opens again since the edge met something: the edge may stay pressed until it is away.
  var edgeAtReopening = false
  /// A stop pulse runs up to here.
  var stopEnds = Instant.zero
  /// Closings in a row that failed.
  var failedClosings = 0
  /// The emergency stop is pressed, lost or not yet reset.
  var isStopped = false

  @_noLocks init(setting: GateSetting) {
    self.setting = setting
    core = LaneCore(
      actuator: Actuator(DriveTimes(setting)),
      watch: PassageWatch(
        times: PassageTimes(
          settle: setting.settle, autoClose: setting.autoClose, entry: setting.entry,
          turnBack: setting.turnBack, holdBetween: setting.holdBetween, direction: setting.direction)),
      sensors: PassageSensors(
        setting.laneInputs, sensorTest: setting.sensorTest, stuck: setting.stuck, settle: setting.settle),
      wear: TravelWear(driftPercent: setting.driftPercent, past: PointWear()))
  }

  var isWarning: Bool {
    @_noLocks get {
      if let _ = warningSince { return true }
      return false
    }
  }

  var isBusy: Bool { @_noLocks get { core.actuator.isMoving || isWarning } }

  var isOpenOrOpening: Bool {
    @_noLocks get { (core.actuator.isOpening || core.actuator.place == .open) && !isReversing }
  }

  /// Open, on its way there, or brought there with its limits lost since.
  private var standsOpen: Bool {
    @_noLocks get { isOpenOrOpening || (core.watch.closesItself && !core.actuator.isClosing) }
  }

  @_noLocks
  func isOpen(_ sight: GateSight) -> Bool {
    if core.actuator.isMoving || core.actuator.place == .open || sight.openLimit.isOn { return true }
    return !sight.closedLimit.isOn && sight.closedLimit.isFitted
  }

  /// Held while an emergency stop stands, else a pulse.
  @_noLocks
  func stopOutput(_ now: Instant) -> Bool {
    core.fault == .emergencyStopPressed || !(now >= stopEnds)
  }

  var warningOutput: Bool { @_noLocks get { isWarning || core.actuator.isClosing } }

  @_noLocks
  mutating func step(_ sight: GateSight, _ scene: Scene, _ events: inout EventBuffer) {
    if core.since.nanoseconds == 0 { core.since = scene.now }
    let seen = sight
    var sight = sight
    core.followTest(&sight.lane, scene, &events)
    followEmergencyStop(sight, scene, &events)
    followEmergency(sight, scene, &events)
    followExit(sight, scene, &events)
    // Whoever holds a button is told of what stands in the beam, though the beam is being tested.
    followButtons(seen, scene, &events)
    if !core.isHeld { followObstruction(sight, scene, &events) }
    if !isReversing { core.giveUpClosing(scene) }
    drive(sight, scene, &events)
    followReversal(scene, &events)
    if !core.actuator.isMoving, core.rest(sight.limits, scene, &events) { warningSince = nil }
    core.watchPassage(sight.lane, standsOpen: standsOpen, scene, &events)
    core.watchSensors(&sight.lane, standsOpen: standsOpen, scene, &events)
    core.watch.noteObstacle(obstacleToOwnClosing(sight, scene), scene.now)
    if !core.actuator.isMoving { considerClosing(sight, scene, &events) }
    if !core.actuator.isMoving { openForNext(sight, scene, &events) }
  }
}
