/// What a barrier's machine sees in one scan.
struct BarrierSight {
  var up = Reading.absent
  var down = Reading.absent
  var lane = LaneSensors()

  @_noLocks init() {}

  var limits: LimitReadings {
    @_noLocks get {
      var limits = LimitReadings()
      limits.open = up
      limits.closed = down
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
  var actuator: Actuator
  var watch: PassageWatch
  var sensors: SensorWatch
  var test = SensorTest()
  var wear: TravelWear
  var fault = Cause.none
  /// A fault that stands until a person resets it; the others end when the limits make sense again.
  var isLatched = false
  /// Lowerings in a row that met a vehicle.
  var obstructions = 0
  var exitWish = ExitWish()
  /// A plan's raising was begun for the present release.
  var releaseServed = false
  var wasReleased = false
  /// A plan held before this start: what stands open already is not moved.
  var isResuming = false
  var cycles: UInt32 = 0
  var since = Instant.zero

  @_noLocks init(setting: BarrierSetting) {
    self.setting = setting
    actuator = Actuator(
      style: setting.style, pulse: setting.pulse, travel: setting.travel, margin: setting.margin,
      deadTime: setting.deadTime)
    sensors = SensorWatch(stuck: setting.stuck, settle: setting.settle)
    wear = TravelWear(driftPercent: setting.driftPercent)
    watch = PassageWatch(
      times: PassageTimes(
        settle: setting.settle, autoClose: setting.autoClose, entry: setting.entry,
        direction: setting.direction))
  }

  var isBusy: Bool { @_noLocks get { actuator.isMoving } }

  @_noLocks
  func isOpen(_ sight: BarrierSight) -> Bool {
    if actuator.isMoving || actuator.place == .open || sight.up.isOn { return true }
    return !sight.down.isOn && sight.down.isFitted
  }

  @_noLocks
  mutating func step(_ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    if since.nanoseconds == 0 { since = scene.now }
    let sight = followTest(sight, scene, &events)
    followEmergency(sight, scene, &events)
    followExit(sight, scene, &events)
    if actuator.isClosing { yield(sight, scene, &events) }
    drive(sight, scene, &events)
    if !actuator.isMoving { rest(sight, scene, &events) }
    if standsOpen { watch.watch(sight.passage, scene, &events) }
    let known = watchSensors(sight, standsOpen: standsOpen, scene, &events)
    watch.noteObstacle(obstacleToOwnClosing(known, scene), scene.now)
    if !actuator.isMoving { considerLowering(known, scene, &events) }
  }

  // MARK: Orders

  @_noLocks
  func refusal(of order: Order, _ sight: BarrierSight, _ scene: Scene) -> Cause {
    switch order {
    case .grant:
      let cause = openItself(scene).refusalOfGrant()
      if !(cause == .none) { return cause }
      if isLatched { return .faultLatched }
      return watch.pending.isFull ? .alreadyBusy : .none
    case .open:
      let cause = openItself(scene).refusalOfOpening()
      if !(cause == .none) { return cause }
      return isLatched ? .faultLatched : .none
    case .close: return refusalOfClosing(sight, scene)
    case .reset: return .none
    }
  }

  /// An arm that is up already breaks no interlock by staying so.
  @_noLocks
  private func openItself(_ scene: Scene) -> Scene {
    var scene = scene
    if actuator.isOpening || actuator.place == .open { scene.interlocked = false }
    return scene
  }

  @_noLocks
  private func refusalOfClosing(_ sight: BarrierSight, _ scene: Scene) -> Cause {
    let cause = scene.refusalOfClosing()
    if !(cause == .none) { return cause }
    if isLatched { return .faultLatched }
    if actuator.isClosing || actuator.place == .closed { return .none }
    if actuator.isOpening || test.isRunning { return .alreadyBusy }
    if !(actuator.place == .open) { return .positionUnknown }
    return sight.obstacle
  }

  /// Follows an order that ``refusal(of:_:_:)`` had nothing against.
  @_noLocks
  mutating func obey(_ order: Order, _ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer) {
    switch order {
    case .grant(let grant):
      if !(isUpOrRaising) { raise(.credential, free: false, grant.passage, scene, &events) }
      watch.admit(grant, scene.now)
    case .open:
      if isUpOrRaising {
        watch.begin(free: true, scene.now)
      } else {
        raise(.operatorOrder, free: true, 0, scene, &events)
      }
    case .close:
      guard actuator.place == .open else { return }
      watch.pending.takeBack(.operatorOrder, scene, &events)
      lower(.operatorOrder, scene, &events)
    case .reset: reset(scene, &events)
    }
  }

  /// Up, on its way up, or brought up with its limits lost since.
  private var standsOpen: Bool {
    @_noLocks get { isUpOrRaising || (watch.closesItself && !actuator.isClosing) }
  }

  var isUpOrRaising: Bool { @_noLocks get { actuator.isOpening || actuator.place == .open } }

  @_noLocks
  mutating func withdraw(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    watch.pending.takeBack(cause, scene, &events)
    watch.hold()
  }
}
