/// What a turnstile's machine sees in one scan.
struct TurnstileSight {
  var rotationIn = Reading.absent
  var rotationOut = Reading.absent
  var rotation = Reading.absent
  var exitButton = Reading.absent
  var tamper = Reading.absent

  @_noLocks init() {}

  /// The rotor is on its way.
  var isTurning: Bool { @_noLocks get { rotationIn.isOn || rotationOut.isOn || rotation.isOn } }

  /// The sensor that proves a passage this way.
  @_noLocks
  func proof(_ side: Side) -> Reading {
    let own = side == .in ? rotationIn : rotationOut
    return own.isFitted ? own : rotation
  }
}

/// One turnstile: a grant, an order or the exit button releases it for one person; the rotor tells who went through.
///
/// Those who wait are let through one after the other, both ways by turns: it is never released both ways.
struct TurnstileMachine {
  enum Phase: UInt8 {
    case locked
    /// For one person, until the rotor turns or the time is over.
    case released
    /// The time is over; a rotation that comes now was begun in time.
    case expired
    /// By an emergency plan, until its reset.
    case freed
    @_noLocks static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
  }

  let setting: TurnstileSetting
  var phase = Phase.locked
  /// Whom it is released for; passage 0 for whom no grant was given.
  var current = Grant(passage: 0, side: .in)
  var releasedFor = Cause.none
  /// The release, or the end of its time.
  var phaseSince = Instant.zero
  /// The rotor is at rest from here on.
  var restsFrom = Instant.zero
  var pending = GrantQueue()
  var operatorWish = false
  /// The exit button was pressed, and its turn may come up to here.
  var exitWishEnds: Instant?

  var sensorIn = RotorSensor()
  var sensorOut = RotorSensor()
  var sensor = RotorSensor()
  var lastExit = Reading.unknown
  var isTampered = false
  var isForced = false
  var cycles: UInt32 = 0
  var since = Instant.zero

  @_noLocks init(setting: TurnstileSetting) {
    self.setting = setting
  }

  var wantsOut: Bool {
    @_noLocks get {
      if let _ = exitWishEnds { return true }
      return false
    }
  }

  var isStuck: Bool { @_noLocks get { sensorIn.isStuck || sensorOut.isStuck || sensor.isStuck } }

  /// Released, about to be, or not at rest.
  @_noLocks
  func isOpen(_ sight: TurnstileSight) -> Bool {
    !(phase == .locked) || !pending.isEmpty || operatorWish || sight.isTurning
  }

  /// Whether the release of this way is given.
  @_noLocks
  func drives(_ side: Side, _ now: Instant) -> Bool {
    if phase == .freed {
      if let _ = setting.free { return false }
      return true
    }
    guard phase == .released, current.side == side else { return false }
    return setting.style == .held || !(now.since(phaseSince) >= setting.pulse)
  }

  /// The level of the output that frees it.
  var freeOutput: Bool { @_noLocks get { (phase == .freed) == (setting.fail == .secure) } }

  @_noLocks
  mutating func step(_ sight: TurnstileSight, _ scene: Scene, _ events: inout EventBuffer) {
    if since.nanoseconds == 0 { since = scene.now }
    followEmergency(scene, &events)
    followExitButton(sight, scene, &events)
    followRotor(sight, scene, &events)
    followTime(sight, scene, &events)
    serve(sight, scene, &events)
    followTamper(sight, scene, &events)
  }

  // MARK: Orders

  @_noLocks
  func refusal(of order: Order, _ sight: TurnstileSight, _ scene: Scene) -> Cause {
    switch order {
    case .grant(let grant):
      let cause = openItself(scene).refusalOfGrant()
      if !(cause == .none) { return cause }
      guard let _ = setting.release(grant.side) else { return .badArgument }
      if isStuck { return .sensorStuck }
      return pending.isFull ? .alreadyBusy : .none
    case .open:
      let cause = openItself(scene).refusalOfOpening()
      if !(cause == .none) { return cause }
      guard let _ = setting.release(setting.direction) else { return .badArgument }
      return isStuck ? .sensorStuck : .none
    case .close: return scene.released ? .emergency : .none
    case .reset: return .none
    }
  }

  /// One that is open already breaks no interlock by letting the next one through.
  @_noLocks
  private func openItself(_ scene: Scene) -> Scene {
    var scene = scene
    if !(phase == .locked) || !pending.isEmpty { scene.interlocked = false }
    return scene
  }

  /// Follows an order that ``refusal(of:_:_:)`` had nothing against; the release comes in the same scan, if nobody is
  /// before it.
  @_noLocks
  mutating func obey(_ order: Order, _ scene: Scene, _ events: inout EventBuffer) {
    switch order {
    case .grant(let grant): pending.append(grant)
    case .open: operatorWish = true
    case .close:
      exitWishEnds = nil
      takeBack(.operatorOrder, sparing: false, scene, &events)
    case .reset: isForced = false
    }
  }

  /// Without a command nothing is released: what waits is taken back. Who has pressed the exit button still gets out,
  /// unless a lockdown forbids it.
  @_noLocks
  mutating func withdraw(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    let spares = setting.exitInLockdown || !(cause == .lockdown)
    if !spares { exitWishEnds = nil }
    takeBack(cause, sparing: spares, scene, &events)
  }

  @_noLocks
  private mutating func takeBack(
    _ cause: Cause, sparing spares: Bool, _ scene: Scene, _ events: inout EventBuffer
  ) {
    pending.takeBack(cause, scene, &events)
    operatorWish = false
    guard phase == .released || phase == .expired, !(spares && releasedFor == .exitButton) else { return }
    let wasReleased = phase == .released
    end(cause, scene, &events)
    if wasReleased { scene.tell(.locked, &events, cause: cause) }
  }

  /// The present release is over without a passage.
  @_noLocks
  mutating func end(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    phase = .locked
    since = scene.now
    guard !(current.passage == 0) else { return }
    scene.tell(.noEntry, &events, cause: cause, passage: current.passage, side: current.side)
    current.passage = 0
  }

  @_noLocks
  func status(_ scene: Scene) -> PointStatus {
    var status = PointStatus()
    status.state = state(scene)
    status.fault = isStuck ? .sensorStuck : .none
    status.passage = phase == .locked && !pending.isEmpty ? pending.first.passage : current.passage
    status.cycles = cycles
    status.since = since
    return status
  }

  @_noLocks
  private func state(_ scene: Scene) -> PointState {
    if phase == .freed { return .released }
    if scene.outOfService { return .outOfService }
    if isStuck { return .faulted }
    if isForced { return .forced }
    return phase == .released ? .unlocked : .locked
  }
}
