/// What a barrier's machine sees in one scan.
struct BarrierSight {
  var up = Reading.absent
  var down = Reading.absent
  var moving = Reading.absent
  var lane = LaneSensors()

  @_noLocks init() {}

  var limits: LimitReadings {
    @_noLocks get {
      var limits = LimitReadings()
      limits.open = up
      limits.closed = down
      limits.moving = moving
      return limits
    }
  }

  var passage: Reading { @_noLocks get { lane.passage } }

  /// What forbids lowering; a sensor that cannot be believed counts as a vehicle.
  var obstacle: Cause { @_noLocks get { lane.obstacle } }
}

/// One barrier arm: a grant or an order raises it, the passage or the time lowers it, a vehicle keeps it up.
struct BarrierMachine {
  let setting: BarrierSetting
  var core: LaneCore

  @_noLocks init(setting: BarrierSetting) {
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

  var isBusy: Bool { @_noLocks get { core.actuator.isMoving } }

  @_noLocks
  func isOpen(_ sight: BarrierSight) -> Bool {
    if core.actuator.isMoving || core.actuator.place == .open || sight.up.isOn { return true }
    return !sight.down.isOn && sight.down.isFitted
  }

  @_noLocks
  mutating func step(_ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    if core.since.nanoseconds == 0 { core.since = scene.now }
    let seen = sight
    var sight = sight
    core.followTest(&sight.lane, scene, &events)
    followEmergency(sight, scene, &events)
    followExit(sight, scene, &events)
    // Whoever holds a button is told of what stands in the beam, though the beam is being tested.
    followButtons(seen, scene, &events)
    if core.actuator.isClosing && !core.isHeld { yield(sight, scene, &events) }
    core.giveUpClosing(scene)
    drive(sight, scene, &events)
    if !core.actuator.isMoving { _ = core.rest(sight.limits, scene, &events) }
    core.watchPassage(sight.lane, standsOpen: standsOpen, scene, &events)
    core.watchSensors(&sight.lane, standsOpen: standsOpen, scene, &events)
    core.watch.noteObstacle(obstacleToOwnClosing(sight, scene), scene.now)
    if !core.actuator.isMoving { considerLowering(sight, scene, &events) }
    if !core.actuator.isMoving { raiseForNext(sight, scene, &events) }
  }

  // MARK: Orders

  @_noLocks
  func refusal(of order: Order, _ sight: BarrierSight, _ scene: Scene) -> Cause {
    switch order {
    case .grant:
      let cause = openItself(scene).refusalOfGrant()
      if !(cause == .none) { return cause }
      if core.isLatched { return .faultLatched }
      if core.isHeld { return .alreadyBusy }
      return core.watch.pending.isFull ? .alreadyBusy : refusalOfRaising
    case .open:
      let cause = openItself(scene).refusalOfOpening()
      if !(cause == .none) { return cause }
      if core.isLatched { return .faultLatched }
      return core.isHeld ? .alreadyBusy : refusalOfRaising
    case .close: return refusalOfClosing(sight, scene)
    case .reset: return .none
    }
  }

  private var refusalOfRaising: Cause {
    @_noLocks get { isUpOrRaising || core.actuator.canMove(.opening) ? .none : .positionUnknown }
  }

  /// An arm that is up already breaks no interlock by staying so.
  @_noLocks
  private func openItself(_ scene: Scene) -> Scene {
    var scene = scene
    if core.actuator.isOpening || core.actuator.place == .open { scene.interlocked = false }
    return scene
  }

  @_noLocks
  private func refusalOfClosing(_ sight: BarrierSight, _ scene: Scene) -> Cause {
    let cause = scene.refusalOfClosing()
    if !(cause == .none) { return cause }
    if core.isLatched { return .faultLatched }
    if core.isHeld { return .alreadyBusy }
    if core.actuator.isClosing || core.actuator.place == .closed { return .none }
    if core.actuator.isOpening || core.sensors.test.isRunning { return .alreadyBusy }
    if !(core.actuator.place == .open) { return .positionUnknown }
    if !(sight.obstacle == .none) { return sight.obstacle }
    return core.sensors.test.hasFailed ? .sensorStuck : .none
  }

  /// Follows an order that ``refusal(of:_:_:)`` had nothing against.
  @_noLocks
  mutating func obey(_ order: Order, _ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    switch order {
    case .grant(let grant):
      // One that closes behind a vehicle opens for the next one when it is down.
      if !isUpOrRaising && !(core.actuator.isClosing && core.watch.closesBetween) {
        raise(.credential, free: false, grant.passage, scene, &events)
      }
      core.watch.admit(grant, scene.now)
    case .open:
      if isUpOrRaising {
        core.watch.begin(free: true, scene.now)
      } else {
        raise(scene.openingCause, free: true, 0, scene, &events)
      }
    case .close:
      guard core.actuator.place == .open else { return }
      core.watch.pending.takeBack(.operatorOrder, scene, &events)
      lower(.operatorOrder, scene, &events)
    case .reset: core.reset(scene, &events)
    }
  }

  /// Up, on its way up, or brought up with its limits lost since.
  private var standsOpen: Bool {
    @_noLocks get { isUpOrRaising || (core.watch.closesItself && !core.actuator.isClosing) }
  }

  var isUpOrRaising: Bool { @_noLocks get { core.actuator.isOpening || core.actuator.place == .open } }

  @_noLocks
  mutating func withdraw(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    core.watch.pending.takeBack(cause, scene, &events)
    core.watch.hold()
  }
}
