import ControlCore

/// Checks from outside, on images, events and settings alone, what must hold after every scan.
struct Oracle {
  private var last: [Bool]
  /// When each output was last on.
  private var lastOn: [Instant?]
  private var openBefore: Set<Int> = []
  private var lastReleased: [Int: Instant] = [:]
  /// Photocells told to be blind, by point.
  private var blind: Set<Int> = []
  private var arrivals: [Int: Int] = [:]
  /// Turnstiles: people whom it may still let through.
  private var owed: [Int: Int] = [:]
  /// Points that a person closes with a button.
  private var heldClosed: Set<Int> = []
  /// Pulses between the limits since a step drive was closed from its open limit.
  private var stepped: [Int: Int] = [:]
  private(set) var breach: String?

  init(_ setting: ControllerSetting) {
    last = setting.outputs.map(\.safe)
    lastOn = setting.outputs.map { _ in nil }
  }

  mutating func look(_ rig: Rig) {
    let rulings = rig.rulings()
    let released = Set(rulings.filter { $0.value == .release }.keys)
    followStuck(rig)
    followTravels(rig)
    for (position, point) in rig.setting.points.enumerated() {
      switch point {
      case .barrier(let barrier):
        look(barrier, position, released.contains(position), rulings[position] == .holdOpen, rig)
      case .gate(let gate):
        look(gate, position, released.contains(position), rulings[position] == .holdOpen, rig)
      case .door(let door):
        lock(door, position, released.contains(position), rig)
      case .turnstile(let turnstile): turn(turnstile, position, released.contains(position), rig)
      }
    }
    interlocks(released, rig)
    planOutputs(rig)
    for position in last.indices {
      last[position] = rig[position]
      if rig[position] { lastOn[position] = rig.now }
    }
    for point in released { lastReleased[point] = rig.now }
  }

  private mutating func lock(_ door: DoorSetting, _ point: Int, _ released: Bool, _ rig: Rig) {
    let energised = rig[door.lock.position]
    let opens = energised == (door.fail == .secure)
    if released && !opens { breach = "a released door is locked" }
    guard isLockedDown(point, rig), !released else { return }
    let status = rig.status(point)
    if status.access != .controlled || status.isPropped { breach = "a door is for all in a lockdown" }
    if opens, energised != last[door.lock.position], !door.exitInLockdown, !rig.inMaintenance {
      breach = "a door is unlocked in a lockdown"
    }
  }

  /// Never both ways, free in a release, and no more releases than people who may go through.
  private mutating func turn(_ turnstile: TurnstileSetting, _ point: Int, _ released: Bool, _ rig: Rig) {
    let ways = [turnstile.releaseIn, turnstile.releaseOut].compactMap { $0?.position }
    if let free = turnstile.free, !rig.inMaintenance,
      (rig[free.position] == (turnstile.fail == .secure)) != released
    {
      breach = released ? "a released turnstile is locked" : "a turnstile is free without a release"
    }
    for event in rig.log where event.point?.position == point {
      switch event.kind {
      case .exitRequested: owed[point, default: 0] += 1
      case .accepted where event.passage != 0 || event.cause == .none: owed[point, default: 0] += 1
      default: break
      }
    }
    if ways.count(where: { rig[$0] }) > 1 { breach = "a turnstile is released both ways" }
    guard !rig.inMaintenance else { return }
    for way in ways where rig[way] && !last[way] {
      owed[point, default: 0] -= 1
      if owed[point, default: 0] < 0 { breach = "a turnstile lets somebody through for nothing" }
    }
  }

  private func isLockedDown(_ point: Int, _ rig: Rig) -> Bool { rig.rulings()[point] == .lock }
  private mutating func look(
    _ barrier: BarrierSetting, _ position: Int, _ released: Bool, _ held: Bool, _ rig: Rig
  ) {
    let sensors = believed(
      loops: [barrier.closingLoop, barrier.interruptLoop, barrier.shadowLoop], barrier.photocell,
      barrier.detectorFault, rig)
    lights(barrier.red, barrier.green, position, rig)
    test(barrier.sensorTest, [barrier.raise, barrier.lower], rig)
    guard barrier.style != .step else {
      let limits = (barrier.up, barrier.down)
      return pulse(barrier.raise, limits, sensors, released || held, barrier.deadTime, position, rig)
    }
    pair(barrier.raise, barrier.lower, barrier.deadTime, rig)
    let isHeld = isHeldClosed(barrier.holdToClose, barrier.lower, position, rig)
    if !isHeld { blindClosing(barrier.lower, position, rig) }
    closing(barrier.lower, isHeld ? [] : sensors, released, held: held, rig)
  }

  private mutating func look(
    _ gate: GateSetting, _ position: Int, _ released: Bool, _ held: Bool, _ rig: Rig
  ) {
    let isReversing = rig.status(position).state == .reversing
    var sensors = believed(
      loops: [gate.closingLoop, gate.interruptLoop, gate.shadowLoop], gate.photocell, gate.detectorFault, rig)
    if let edge = gate.safetyEdge, !isReversing { sensors.append(isPresent(edge, rig)) }
    lights(gate.red, gate.green, position, rig)
    test(gate.sensorTest, [gate.open, gate.close], rig)
    if let stop = gate.emergencyStop, isPresent(stop, rig),
      rig[gate.open.position] || rig[gate.close.position]
    {
      breach = "a gate moves in an emergency stop"
    }
    if let stop = gate.stop, rig[stop.position], rig[gate.open.position] || rig[gate.close.position] {
      breach = "a gate is stopped and moved together"
    }
    guard gate.style != .step else {
      let limits = (gate.openLimit, gate.closedLimit)
      return pulse(gate.open, limits, sensors, released || held, gate.deadTime, position, rig)
    }
    pair(gate.open, gate.close, gate.deadTime, rig)
    let isHeld = isHeldClosed(gate.holdToClose, gate.close, position, rig)
    if !isReversing && !isHeld { blindClosing(gate.close, position, rig) }
    closing(gate.close, isHeld ? [] : sensors, released, held: held && !isReversing, rig)
  }

  /// Whether each sensor sees somebody; a loop whose detector does not work does.
  private func believed(
    loops: [InputIndex?], _ photocell: InputIndex?, _ detector: InputIndex?, _ rig: Rig
  ) -> [Bool] {
    let isFaulty = detector.map { isPresent($0, rig) } ?? false
    var seen = loops.compactMap { $0 }.map { isFaulty || isPresent($0, rig) }
    if let photocell { seen.append(isPresent(photocell, rig)) }
    return seen
  }

  private mutating func test(_ test: OutputIndex?, _ drives: [OutputIndex], _ rig: Rig) {
    guard let test, rig[test.position], !rig.inMaintenance else { return }
    if drives.contains(where: { rig[$0.position] }) { breach = "a photocell is tested while the point moves" }
  }

  /// A person who sees it closes it, as far as nothing else forbids that.
  private mutating func isHeldClosed(
    _ button: InputIndex?, _ close: OutputIndex, _ point: Int, _ rig: Rig
  ) -> Bool {
    for event in rig.log where event.point?.position == point {
      switch event.kind {
      case .closing where event.cause == .holdToRun: heldClosed.insert(point)
      // What is told of a sensor stops nothing that a person holds.
      case .fault where event.input != nil: continue
      case .opening, .opened, .closing, .closed, .stopped, .fault: heldClosed.remove(point)
      default: continue
      }
    }
    guard heldClosed.contains(point) else { return false }
    let isPressed = button.map { isKnownOn($0, rig) } ?? false
    let isOrdered = rig.heldClosed[point].map { rig.now.since($0) < .milliseconds(500) } ?? false
    if rig[close.position], !isPressed, !isOrdered { breach = "a held motion goes on and nobody holds it" }
    return isPressed || isOrdered
  }

  /// From the closed limit a pulse opens, from the open limit it closes; between them it may only turn a closing round.
  private mutating func pulse(
    _ output: OutputIndex, _ limits: (open: InputIndex?, closed: InputIndex?), _ sensors: [Bool],
    _ released: Bool, _ dead: Interval, _ point: Int, _ rig: Rig
  ) {
    guard let open = limits.open, let closed = limits.closed else { return }
    let isOpen = isKnownOn(open, rig) && !isPresent(closed, rig)
    let isClosed = isKnownOn(closed, rig) && !isPresent(open, rig)
    let begins = rig[output.position] && !last[output.position]
    if begins, let fell = lastOn[output.position], rig.now.since(fell) < dead {
      breach = "no dead time between two pulses"
    }
    // A pulse from the open limit closes, whoever gives it: the machine itself just before a technician takes over, too.
    if begins && isOpen { stepped[point] = 0 }
    if begins && !isClosed && !rig.inMaintenance {
      if isOpen {
        if released { breach = "a released point is closed" }
        if sensors.contains(true) { breach = "closed on somebody" }
        blindClosing(output, point, rig)
      } else {
        stepped[point, default: 2] += 1
        if stepped[point, default: 3] > 2 { breach = "pulsed where it may stand anywhere" }
      }
    }
    if isClosed { stepped[point] = nil }
  }

  private func isPresent(_ input: InputIndex, _ rig: Rig) -> Bool {
    let sensed = rig.sensed(input.position)
    return sensed.level || sensed.quality != .good
  }

  /// Outside of tests: green only where the point stands open, red wherever it is not green; dark for half a
  /// second at most.
  private mutating func lights(_ red: OutputIndex?, _ green: OutputIndex?, _ point: Int, _ rig: Rig) {
    let isRed = red.map { rig[$0.position] } ?? false
    let isGreen = green.map { rig[$0.position] } ?? false
    if isRed && isGreen { breach = "red and green show together" }
    guard !rig.inMaintenance else { return }
    let status = rig.status(point)
    let waits = status.state == .faulted
    if isGreen, status.state != .open { breach = "green shows and the point is \(status.state)" }
    if red != nil, green != nil, !isRed, !isGreen, !waits, !status.released, status.fault == .none {
      breach = "both lights are dark"
    }
  }

  /// What no plan that holds names is off.
  private mutating func planOutputs(_ rig: Rig) {
    let plans = rig.setting.emergencies
    let live = plans.indices.filter { rig.emergency($0).active }.flatMap { plans[$0].outputs.map(\.output) }
    for output in plans.flatMap({ $0.outputs.map(\.output) }) where !live.contains(output) {
      if rig[output.position], !rig.inMaintenance { breach = "a siren sounds and no plan holds" }
    }
  }

  private mutating func pair(_ open: OutputIndex, _ close: OutputIndex, _ dead: Interval, _ rig: Rig) {
    if rig[open.position] && rig[close.position] { breach = "both directions are on" }
    for (one, other) in [(open.position, close.position), (close.position, open.position)] {
      guard rig[one], !last[one], let fell = lastOn[other] else { continue }
      if rig.now.since(fell) < dead { breach = "no dead time between the directions" }
    }
  }

  private mutating func followTravels(_ rig: Rig) {
    for event in rig.log {
      guard let point = event.point?.position else { continue }
      if event.kind == .opened || event.kind == .closed { arrivals[point, default: 0] += 1 }
      if event.kind == .slow, arrivals[point, default: 0] <= 20 { breach = "slow before it has learned" }
    }
  }

  private mutating func followStuck(_ rig: Rig) {
    for event in rig.log
    where event.cause == .sensorStuck && (event.kind == .fault || event.kind == .faultEnded) {
      guard let point = event.point?.position, let input = event.input else {
        breach = "a stuck sensor without a name"
        continue
      }
      // One that is covered forbids closing by itself.
      if event.kind == .faultEnded { blind.remove(point) }
      if event.kind == .fault, !isPresent(input, rig) { blind.insert(point) }
    }
  }

  private mutating func blindClosing(_ close: OutputIndex, _ point: Int, _ rig: Rig) {
    if rig[close.position], !last[close.position], blind.contains(point) {
      breach = "closed with a blind photocell"
    }
  }

  private mutating func closing(
    _ close: OutputIndex, _ sensors: [Bool], _ released: Bool, held: Bool, _ rig: Rig
  ) {
    guard rig[close.position] else { return }
    if released { breach = "a released point is closed" }
    if held, !last[close.position] { breach = "a point that a plan holds open is closed" }
    if sensors.contains(true) { breach = "closed on somebody" }
  }

  /// What opens newly finds as many others of its group closed as it must, or open by a plan.
  private mutating func interlocks(_ released: Set<Int>, _ rig: Rig) {
    let open = Set(rig.setting.points.indices.filter { isOpen($0, rig) })
    for group in rig.setting.interlocks {
      for point in group.points.map(\.position) where isDrivenOpen(point, rig) && !openBefore.contains(point)
      {
        if wasClosing(point, rig) { continue }
        let others = group.points.map(\.position).filter { $0 != point && isDrivenOpen($0, rig) }
        // What a plan began comes on after stop pulse and dead time, even when the plan was reset meanwhile.
        let excused = Set(lastReleased.filter { rig.now.since($0.value) < .seconds(2) }.keys).union(released)
        let counted = others.filter { !excused.contains($0) && openBefore.contains($0) }
        if !excused.contains(point), counted.count >= group.atMost {
          breach = "too many points of an interlock group are open"
        }
      }
    }
    openBefore = open
  }

  /// A leaf that met something on its way down or shut goes back, interlock or not.
  private func wasClosing(_ point: Int, _ rig: Rig) -> Bool {
    let close: OutputIndex? =
      switch rig.setting.points[point] {
      case .barrier(let barrier): barrier.lower
      case .gate(let gate): gate.close
      case .door, .turnstile: nil
      }
    guard let close, let on = lastOn[close.position] else { return false }
    return rig.now.since(on) < .seconds(4)
  }

  private func isOpen(_ point: Int, _ rig: Rig) -> Bool {
    if isDrivenOpen(point, rig) { return true }
    switch rig.setting.points[point] {
    case .barrier(let barrier): return barrier.down.map { !isKnownOn($0, rig) } ?? false
    case .gate(let gate): return gate.closedLimit.map { !isKnownOn($0, rig) } ?? false
    case .door(let door): return door.contact.map { !isKnownOn($0, rig) } ?? false
    case .turnstile: return false
    }
  }

  private func isKnownOn(_ input: InputIndex, _ rig: Rig) -> Bool {
    let sensed = rig.sensed(input.position)
    return sensed.level && sensed.quality == .good
  }

  /// A step drive's output is for both ways.
  private func isClosing(_ point: Int, _ rig: Rig) -> Bool {
    switch rig.setting.points[point] {
    case .barrier(let barrier): barrier.style == .step && rig.status(point).state == .closing
    case .gate(let gate): gate.style == .step && rig.status(point).state == .closing
    case .door, .turnstile: false
    }
  }

  private func isDrivenOpen(_ point: Int, _ rig: Rig) -> Bool {
    switch rig.setting.points[point] {
    case .barrier(let barrier): rig[barrier.raise.position]
    case .gate(let gate): rig[gate.open.position]
    case .door(let door): rig[door.lock.position] == (door.fail == .secure)
    case .turnstile(let turnstile):
      [turnstile.releaseIn, turnstile.releaseOut].contains { $0.map { rig[$0.position] } ?? false }
    }
  }
}
