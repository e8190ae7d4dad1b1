/// The times that rule an open barrier or gate.
struct PassageTimes {
  var settle: Interval
  var autoClose: Interval
  var entry: Interval
  /// The way that an opening without a grant is taken to lead.
  var direction: Side

  @_noLocks
  init(settle: Interval, autoClose: Interval, entry: Interval, direction: Side) {
    self.settle = settle
    self.autoClose = autoClose
    self.entry = entry
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

  @_noLocks init(times: PassageTimes) {
    self.times = times
  }

  /// The point opens: by a grant, or for everybody.
  @_noLocks
  mutating func begin(free: Bool, _ now: Instant) {
    closesItself = true
    isFree = free
    passed = false
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
      scene.tell(.tailgating, &events, passage: lastPassage, side: times.direction)
    }
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
      guard quiet >= times.entry, !covered, sensor.isOff else { return .none }
      pending.takeBack(.none, scene, &events)
      return .autoClose
    }
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
    guard !pending.isEmpty else { return lastPassage }
    let grant = pending.removeFirst()
    pending.removeAll()
    return grant.passage
  }
}
