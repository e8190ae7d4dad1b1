import ControlCore

/// What the oracle remembers of one point.
struct OraclePoint {
  /// An opening output may come on up to here: an order, a grant or an obstruction is that young.
  var mayOpenUntil: Instant?
  /// It was opened by an order, or told to close: it may close.
  var mayClose = false
  /// A closing has begun and the closed limit has not come.
  var isClosing = false
  var isOpening = false
  /// The closing output gives way from something that the opening leaf has met.
  var goesBack = false
  var openOffAt: Instant?
  var closeOffAt: Instant?
  /// Doors: since when it stands unlocked with nobody in it, and how long it may.
  var unlockedSince: Instant?
  var mayUnlock = false
  var openSince: Instant?
  var heldTold = false
  var forcedTold = false
  /// Doors: a schedule or a person holds it unlocked for all; it may stand open.
  var isForAll = false
  var isPropped = false
  /// Grants and exit buttons that wait for another point of an interlock, each with its end.
  var waiting: [Instant] = []
  /// Turnstiles: people who may still be let through.
  var owed = 0
}

extension Oracle {
  /// How long an accepted order may wait for the dead time.
  private static var patience: Interval { .seconds(3) }

  /// The plan that rules a point: a real one before a drill, then fire, then by precedence, then by place.
  func ruler(of point: Int) -> EmergencySetting? {
    let index = PointIndex(point)
    var found: (rank: (Int, Int, Int, Int), plan: EmergencySetting)?
    for (place, plan) in setting.emergencies.enumerated() where plans[place].active {
      guard plan.release.contains(index) || plan.holdOpen.contains(index) || plan.lock.contains(index) else {
        continue
      }
      let rank = (plans[place].drill ? 1 : 0, plan.kind == .fire ? 0 : 1, plan.precedence, place)
      if found.map({ rank < $0.rank }) ?? true { found = (rank, plan) }
    }
    return found?.plan
  }

  /// A door or turnstile that is held open is released.
  func isReleased(_ point: Int) -> Bool {
    guard let plan = ruler(of: point) else { return false }
    if plan.release.contains(PointIndex(point)) { return true }
    switch setting.points[point] {
    case .door, .turnstile: return plan.holdOpen.contains(PointIndex(point))
    case .barrier, .gate: return false
    }
  }

  func isHeldOpen(_ point: Int) -> Bool {
    ruler(of: point)?.holdOpen.contains(PointIndex(point)) == true
  }

  func isLocked(_ point: Int) -> Bool {
    ruler(of: point)?.lock.contains(PointIndex(point)) == true
  }

  mutating func watch(_ place: Int, _ next: [Bool]) {
    switch setting.points[place] {
    case .barrier(let barrier):
      watchExit(place, barrier.exitLoop)
      watchLeaf(
        place, next,
        OracleLeaf(
          open: barrier.raise, close: barrier.lower, deadTime: barrier.deadTime,
          presence: [barrier.closingLoop, barrier.photocell, barrier.interruptLoop, barrier.shadowLoop]
            .compactMap { $0 }, edges: [],
          closedLimit: barrier.down))
    case .gate(let gate):
      watchExit(place, gate.exitLoop)
      watchLeaf(
        place, next,
        OracleLeaf(
          open: gate.open, close: gate.close, deadTime: gate.deadTime,
          presence: [gate.closingLoop, gate.photocell, gate.interruptLoop, gate.shadowLoop].compactMap { $0 },
          edges: [gate.safetyEdge].compactMap { $0 }, closedLimit: gate.closedLimit))
      watchStop(place, gate, next)
    case .door(let door): watchDoor(place, door, next)
    case .turnstile(let turnstile): watchTurnstile(place, turnstile, next)
    }
  }

  // MARK: Arms and leaves

  private mutating func watchLeaf(_ place: Int, _ next: [Bool], _ leaf: OracleLeaf) {
    let opens = next[leaf.open.position]
    let closes = next[leaf.close.position]
    let opened = opens && !outputs[leaf.open.position]
    let closed = closes && !outputs[leaf.close.position]
    if opens && closes { say("both directions are energised", point: place) }
    checkDeadTime(place, leaf, opens, closes)
    let isMet = leaf.presence.contains { inputs[$0.position].isPresence }
    let isPressed = leaf.edges.contains { inputs[$0.position].isPresence }
    if points[place].isClosing && (isMet || isPressed) { points[place].mayOpenUntil = now + Self.patience }
    // An opening leaf that meets something goes back a little.
    let goesBack = points[place].isOpening && isPressed
    if opened { checkOpening(place) }
    if closed {
      points[place].goesBack = goesBack
      if !goesBack { checkClosing(place) }
    }
    if closes && !points[place].goesBack {
      if isMet { say("closing on a presence", point: place) }
      if isReleased(place) { say("closing while released", point: place) }
      if closed, isHeldOpen(place) { say("closing while a plan holds it open", point: place) }
    }
    if opened { (points[place].isOpening, points[place].isClosing) = (true, false) }
    if closed && !goesBack { (points[place].isOpening, points[place].isClosing) = (false, true) }
    if let limit = leaf.closedLimit, inputs[limit.position].believed == true, points[place].isClosing {
      points[place].isClosing = false
      points[place].mayClose = false
    }
  }

  /// A vehicle from inside may open it, unless it is locked down.
  private mutating func watchExit(_ place: Int, _ loop: InputIndex?) {
    guard let loop, inputs[loop.position].believed == true, !isLocked(place) else { return }
    points[place].mayOpenUntil = now + Self.patience
    points[place].mayClose = true
  }

  private mutating func checkDeadTime(_ place: Int, _ leaf: OracleLeaf, _ opens: Bool, _ closes: Bool) {
    if outputs[leaf.open.position] && !opens { points[place].openOffAt = now }
    if outputs[leaf.close.position] && !closes { points[place].closeOffAt = now }
    if closes && !outputs[leaf.close.position], let off = points[place].openOffAt,
      !(now.since(off) >= leaf.deadTime)
    {
      say("closing within the dead time", point: place)
    }
    if opens && !outputs[leaf.open.position], let off = points[place].closeOffAt,
      !(now.since(off) >= leaf.deadTime)
    {
      say("opening within the dead time", point: place)
    }
  }

  private mutating func checkOpening(_ place: Int) {
    if let until = points[place].mayOpenUntil, until >= now {
      points[place].mayClose = true
      return
    }
    guard !isReleased(place), !isHeldOpen(place) else { return }
    say("opening without an order, a grant, a release or an obstruction", point: place)
  }

  private mutating func checkClosing(_ place: Int) {
    guard !points[place].mayClose else { return }
    say("closing although nobody has opened it or told it to close", point: place)
  }

  private mutating func watchStop(_ place: Int, _ gate: GateSetting, _ next: [Bool]) {
    guard let stop = gate.emergencyStop, inputs[stop.position].isPresence else { return }
    if next[gate.open.position] || next[gate.close.position] {
      say("moving with the emergency stop", point: place)
    }
  }

  // MARK: Orders

  mutating func allowOpening(_ place: Int, byGrant: Bool) {
    if byGrant && isLocked(place) { say("a grant was accepted in lockdown", point: place) }
    points[place].mayOpenUntil = now + Self.patience
    points[place].mayUnlock = true
    points[place].owed += 1
    points[place].mayClose = true
    points[place].unlockedSince = nil
  }
}

/// The wires of an arm or leaf.
struct OracleLeaf {
  var open: OutputIndex
  var close: OutputIndex
  var deadTime: Interval
  var presence: [InputIndex]
  var edges: [InputIndex]
  var closedLimit: InputIndex?
}
