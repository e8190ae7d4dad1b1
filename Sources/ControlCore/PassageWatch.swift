/// The times that rule an open barrier or gate.
struct PassageTimes {
  var settle: Interval
  var autoClose: Interval
  var entry: Interval
  /// Zero: nobody turns back.
  var turnBack: Interval
  /// Grants that wait keep the point open from one vehicle to the next.
  var holdBetween: Bool
  /// The way that an opening without a grant is taken to lead.
  var direction: Side

  @_noLocks
  init(
    settle: Interval, autoClose: Interval, entry: Interval, turnBack: Interval, holdBetween: Bool,
    direction: Side
  ) {
    self.settle = settle
    self.autoClose = autoClose
    self.entry = entry
    self.turnBack = turnBack
    self.holdBetween = holdBetween
    self.direction = direction
  }
}

/// Who may go through an open barrier or gate, who does, and when it is time to close.
///
/// A passage is the passage sensor (the closing loop, or without it the photocell) covered and clear again. Each
/// takes the oldest grant that waits; without one it is tailgating, except where a person or a plan holds the
/// point open for all.
struct PassageWatch {
  let times: PassageTimes
  var pending = GrantQueue()
  /// Opened by a grant or an order since it was last closed: it closes by itself.
  var closesItself = false
  /// Opened by an operator: everybody may go through.
  var isFree = false
  /// The newest passage told; 0 where there was none.
  private(set) var lastPassage: UInt64 = 0
  private var covered = false
  private var passed = false
  /// Open since, or the newest grant or passage since.
  private var quietSince = Instant.zero
  private var clearSince: Instant?
  private var blockedTold = Cause.none
  /// It closes behind one vehicle though others wait with their grants: each of them has it opened anew.
  private(set) var closesBetween = false
  /// Vehicles that went through without a grant of their own.
  var tailgates: UInt32 = 0
  private var onArming = false
  /// The arming loop was left, and nothing was seen further on since.
  private var armingLeftAt: Instant?
  /// The last grant that waited was taken back: nobody comes.
  private var turnedBack = false

  @_noLocks init(times: PassageTimes) {
    self.times = times
  }

  /// The point opens: by a grant, or for everybody.
  @_noLocks
  mutating func begin(free: Bool, _ now: Instant) {
    closesItself = true
    isFree = free
    passed = false
    turnedBack = false
    closesBetween = false
    lastPassage = 0
    quietSince = now
    blockedTold = .none
  }

  @_noLocks
  mutating func admit(_ grant: Grant, _ now: Instant) {
    if !(grant.side == .out && pending.replaceExit(with: grant, after: covered ? 1 : 0)) {
      pending.append(grant)
    }
    quietSince = now
    // A vehicle between arming loop and arm may be the one that this grant is for.
    armingLeftAt = nil
    turnedBack = false
    closesItself = true
  }

  /// Whether a vehicle on the exit loop of an open point needs leave of its own: not where all may go, not where
  /// it has leave already, and not where it is the one that has just come in.
  var needsExit: Bool {
    @_noLocks get {
      if isFree { return false }
      guard covered else { return pending.countOut == 0 }
      let side = pending.isEmpty ? times.direction : pending.first.side
      return side == .out && pending.countOut <= (pending.isEmpty ? 0 : 1)
    }
  }

  /// Whether the next vehicle may drive through the way that the point leads: on a grant that no vehicle uses yet,
  /// or where an operator has opened for all.
  var letsIn: Bool {
    @_noLocks get {
      guard closesItself else { return false }
      if isFree { return true }
      guard let side = pending.side(at: covered ? 1 : 0) else { return false }
      return side == times.direction
    }
  }

  @_noLocks
  mutating func openReached(_ now: Instant) {
    quietSince = now
  }

  /// Nothing closes by itself until the point is opened anew.
  @_noLocks
  mutating func hold() {
    closesItself = false
  }

  @_noLocks
  mutating func closed() {
    closesItself = false
    isFree = false
    covered = false
    passed = false
    turnedBack = false
    closesBetween = false
    blockedTold = .none
  }

  /// Open or opening: follows the passage sensor.
  @_noLocks
  mutating func watch(_ sensor: Reading, _ scene: Scene, _ events: inout EventBuffer) {
    if sensor.isOn { covered = true }
    guard sensor.isOff, covered else { return }
    covered = false
    passed = true
    quietSince = scene.now
    if !pending.isEmpty {
      let grant = pending.removeFirst()
      lastPassage = grant.passage
      let cause = grant.passage == 0 ? Cause.exitLoop : .credential
      scene.tell(.passage, &events, cause: cause, passage: grant.passage, side: grant.side)
    } else if scene.released || scene.heldOpen || isFree {
      let cause = scene.released || scene.heldOpen ? Cause.emergencyPlan : .operatorOrder
      scene.tell(.passage, &events, cause: cause, side: times.direction)
    } else {
      tailgates &+= 1
      scene.tell(.tailgating, &events, passage: lastPassage, side: times.direction)
    }
  }

  /// Every scan: a vehicle that stood on the arming loop with a grant and left the way it came.
  ///
  /// It was on the loop, left it, and nothing was on the passage sensor since. What is lost may hide it: then its
  /// grant ends by time.
  @_noLocks
  mutating func watchArming(
    _ arming: Reading, _ sensor: Reading, _ scene: Scene, _ events: inout EventBuffer
  ) {
    guard Interval.zero < times.turnBack, arming.isFitted, sensor.isFitted else { return }
    if sensor.isPresence || !arming.isOff { armingLeftAt = nil }
    guard arming.isOff else {
      onArming = arming.isOn
      return
    }
    if onArming && sensor.isOff { armingLeftAt = scene.now }
    onArming = false
    guard let left = armingLeftAt, scene.now.since(left) >= times.turnBack else { return }
    armingLeftAt = nil
    guard let grant = pending.takeOut(times.direction) else { return }
    scene.tell(.noEntry, &events, cause: .turnedBack, passage: grant.passage, side: grant.side)
    turnedBack = pending.isEmpty
  }

  /// Closed though grants wait: why the point opens for the next one now, or waits, or `.none`; those that waited too
  /// long are taken back.
  @_noLocks
  mutating func waitsClosed(_ refusal: Cause, _ scene: Scene, _ events: inout EventBuffer) -> Bool {
    guard !pending.isEmpty else { return false }
    if refusal == .none { return true }
    let waits = refusal == .interlock || refusal == .alreadyBusy
    if !waits || scene.now.since(quietSince) >= times.entry { pending.takeBack(refusal, scene, &events) }
    return false
  }

  /// How long all that forbids closing has been clear; must be told every scan.
  @_noLocks
  mutating func noteObstacle(_ obstacle: Cause, _ now: Instant) {
    guard obstacle == .none else {
      clearSince = nil
      return
    }
    if let _ = clearSince { return }
    clearSince = now
  }

  /// Open at rest: why it should close now, or `.none`. Grants that nobody used are taken back here.
  @_noLocks
  mutating func closingDue(sensor: Reading, _ scene: Scene, _ events: inout EventBuffer) -> Cause {
    guard closesItself else { return .none }
    let quiet = scene.now.since(quietSince)
    if !pending.isEmpty {
      guard sensor.isFitted else { return dueWithoutSensor(quiet) }
      if passed && !times.holdBetween { return quiet >= times.settle ? .passageEnded : .none }
      guard quiet >= times.entry, !covered, sensor.isOff else { return .none }
      pending.takeBack(.none, scene, &events)
      return .autoClose
    }
    if turnedBack { return quiet >= times.settle ? .turnedBack : .none }
    if passed { return quiet >= times.settle ? .passageEnded : .none }
    guard Interval.zero < times.autoClose else { return .none }
    return quiet >= times.autoClose ? .autoClose : .none
  }

  @_noLocks
  private func dueWithoutSensor(_ quiet: Interval) -> Cause {
    let time = Interval.zero < times.autoClose ? times.autoClose : times.entry
    return quiet >= time ? .autoClose : .none
  }

  /// Whether all has been clear for the settle time; what is not is told once a cause.
  @_noLocks
  mutating func mayClose(_ obstacle: Cause, _ scene: Scene, _ events: inout EventBuffer) -> Bool {
    if obstacle == .none {
      guard let clearSince else { return false }
      return scene.now.since(clearSince) >= times.settle
    }
    tellBlocked(obstacle, scene, &events)
    return false
  }

  @_noLocks
  mutating func tellBlocked(_ obstacle: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    guard !(obstacle == blockedTold) else { return }
    blockedTold = obstacle
    scene.tell(.blocked, &events, cause: obstacle, passage: lastPassage)
  }

  /// Closing begins. Without a sensor nobody knows what became of the grant: its number goes with the closing.
  @_noLocks
  mutating func beginClosing() -> UInt64 {
    blockedTold = .none
    if !pending.isEmpty && passed && !times.holdBetween {
      closesBetween = true
      return lastPassage
    }
    guard !pending.isEmpty else { return lastPassage }
    let grant = pending.removeFirst()
    pending.removeAll()
    return grant.passage
  }
}
