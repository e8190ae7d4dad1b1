/// What a barrier and a gate have in common: the drive, who goes through, the sensors, and the fault that stands.
struct LaneCore {
  var actuator: Actuator
  var watch: PassageWatch
  var sensors: PassageSensors
  var wear: TravelWear
  private(set) var fault = Cause.none
  /// A fault that stands until a person resets it; the others end when the limits make sense again.
  private(set) var isLatched = false
  /// Obstructions in a row: a barrier's since it was last closed, a gate's since a limit was reached.
  var obstructions = 0
  var exitWish = ExitWish()
  /// The way that a person drives it, who sees it and holds a button.
  var held: Direction?
  var openButton = HoldButton()
  var closeButton = HoldButton()
  var order = HoldOrder()
  /// Somebody followed another one through: the alarm tells it up to here.
  private var alarmEnds = Instant.zero
  /// A plan's opening was begun for the present release.
  var releaseServed = false
  var wasReleased = false
  /// A plan held before this start: what stands open already is not moved.
  var isResuming = false
  var cycles: UInt32 = 0
  var since = Instant.zero

  @_noLocks
  init(actuator: Actuator, watch: PassageWatch, sensors: PassageSensors, wear: TravelWear) {
    self.actuator = actuator
    self.watch = watch
    self.sensors = sensors
    self.wear = wear
  }

  /// The motor has stopped or opens; nothing moves by itself until the reset. False where it was so already.
  @_noLocks
  mutating func latch(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) -> Bool {
    // Nothing takes the place of an emergency stop that stands: the two would be told in turn, in every scan.
    guard !(isLatched && (fault == cause || fault == .emergencyStopPressed)) else { return false }
    if !(fault == .none) { scene.tell(.faultEnded, &events, cause: fault) }
    fault = cause
    isLatched = true
    held = nil
    since = scene.now
    scene.tell(.fault, &events, cause: cause)
    watch.pending.takeBack(cause, scene, &events)
    watch.hold()
    return true
  }

  /// An emergency stop is told anew, whatever stood latched before.
  @_noLocks
  mutating func unlatch() {
    isLatched = false
  }

  @_noLocks
  mutating func reset(_ scene: Scene, _ events: inout EventBuffer) {
    // A person's reset under a plan lets the plan try again.
    releaseServed = false
    obstructions = 0
    sensors.reset(scene, &events)
    endFault(scene, &events)
  }

  @_noLocks
  private mutating func endFault(_ scene: Scene, _ events: inout EventBuffer) {
    guard !(fault == .none) else { return }
    let cause = fault
    fault = .none
    isLatched = false
    since = scene.now
    scene.tell(.faultEnded, &events, cause: cause)
  }

  /// It rests: the limits say where, and whether somebody moved it. True where what was about to begin must not.
  @_noLocks
  mutating func rest(_ limits: LimitReadings, _ scene: Scene, _ events: inout EventBuffer) -> Bool {
    let change = actuator.watchRest(limits, scene.now)
    switch change {
    case .none:
      if isAboutPlace && !(actuator.place == .unknown) { endFault(scene, &events) }
      return false
    case .found:
      since = scene.now
      if !isLatched { endFault(scene, &events) }
      return false
    case .bothLimits: return isLatched ? false : latch(.bothLimits, scene, &events)
    case .ranByItself:
      watch.hold()
      // A technician's own test may move it.
      return scene.inMaintenance ? true : latch(.relayWelded, scene, &events)
    case .left, .drifted:
      since = scene.now
      watch.hold()
      if fault == .none && !scene.inMaintenance {
        fault = change == .left ? .movedByHand : .drifted
        scene.tell(.fault, &events, cause: fault)
      }
      return true
    }
  }

  /// The fault ends when its limit is found again.
  private var isAboutPlace: Bool { @_noLocks get { fault == .movedByHand || fault == .drifted } }

  /// A plan holds it open since, and a closing still waits for its dead time: that one does not begin.
  @_noLocks
  mutating func giveUpClosing(_ scene: Scene) {
    guard scene.heldOpen, actuator.isClosing else { return }
    if let _ = actuator.startedAt { return }
    actuator.stop(scene.now)
    watch.hold()
  }

  /// The drive has arrived.
  @_noLocks
  mutating func noteArrival(
    _ travel: Interval, opening: Bool, _ scene: Scene, _ events: inout EventBuffer
  ) {
    since = scene.now
    held = nil
    scene.tell(opening ? .opened : .closed, &events, value: travel.milliseconds)
    if actuator.cameWhole, wear.note(travel, opens: opening) {
      scene.tell(.slow, &events, value: travel.milliseconds)
    }
    if opening {
      watch.openReached(scene.now)
    } else {
      watch.closed()
    }
  }

  /// What the machine sees while the photocell is tested. One that does not follow ends all closing by itself.
  @_noLocks
  mutating func followTest(_ lane: inout LaneSensors, _ scene: Scene, _ events: inout EventBuffer) {
    if sensors.followTest(&lane, isMoving: actuator.isMoving, scene, &events) { watch.hold() }
  }

  /// Who goes through what stands open, and who turned back before it.
  @_noLocks
  mutating func watchPassage(
    _ lane: LaneSensors, standsOpen: Bool, _ scene: Scene, _ events: inout EventBuffer
  ) {
    let before = watch.tailgates
    if standsOpen { watch.watch(lane.passage, scene, &events) }
    if watch.tailgates != before { alarmEnds = scene.now + Limits.alarm }
    watch.watchArming(lane.armingLoop, lane.passage, scene, &events)
  }

  /// A fault waits for a person, or somebody has just followed another one through.
  @_noLocks
  func alarmOutput(_ now: Instant) -> Bool { isLatched || !(now >= alarmEnds) }

  /// Nobody is let through here: flashing where a fault waits for a person.
  @_noLocks
  func sign(_ scene: Scene) -> LaneSign {
    if isLatched { return .flashing }
    return scene.lockedDown || scene.outOfService || scene.inMaintenance ? .on : .off
  }

  /// What is seen, with what is known of the sensors since. A photocell found blind ends all closing by itself.
  @_noLocks
  mutating func watchSensors(
    _ lane: inout LaneSensors, standsOpen: Bool, _ scene: Scene, _ events: inout EventBuffer
  ) {
    if sensors.watch(lane, standsOpen: standsOpen, scene, &events) { watch.hold() }
    lane.isBlind = sensors.isBlind
    lane.stuck = sensors.stuck
  }

  @_noLocks
  func fill(_ status: inout PointStatus) {
    status.fault = fault == .none ? sensors.failure : fault
    status.tailgates = watch.tailgates
    status.passage = watch.pending.isEmpty ? 0 : watch.pending.first.passage
    status.cycles = cycles
    status.reversals = actuator.reversals
    status.openingTravel = wear.opening.baseline
    status.closingTravel = wear.closing.baseline
    status.lastOpening = wear.lastOpening
    status.lastClosing = wear.lastClosing
    status.isSlow = wear.isSlow
    status.since = since
  }
}
