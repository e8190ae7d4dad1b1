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
        let sensors = [barrier.closingLoop, barrier.photocell, barrier.interruptLoop, barrier.shadowLoop]
          .compactMap { $0 }
        lights(barrier.red, barrier.green, position, rig)
        pair(barrier.raise, barrier.lower, barrier.deadTime, rig)
        blindClosing(barrier.lower, position, rig)
        closing(
          barrier.lower, sensors, released.contains(position), held: rulings[position] == .holdOpen,
          rig)
      case .gate(let gate):
        var sensors = [gate.closingLoop, gate.photocell, gate.interruptLoop, gate.shadowLoop]
          .compactMap { $0 }
        if rig.status(position).state != .reversing { sensors += [gate.safetyEdge].compactMap { $0 } }
        if let test = gate.sensorTest, rig[test.position], !rig.inMaintenance,
          rig[gate.open.position] || rig[gate.close.position]
        {
          breach = "a photocell is tested while the gate moves"
        }
        lights(gate.red, gate.green, position, rig)
        pair(gate.open, gate.close, gate.deadTime, rig)
        if rig.status(position).state != .reversing { blindClosing(gate.close, position, rig) }
        let held = rulings[position] == .holdOpen && rig.status(position).state != .reversing
        closing(gate.close, sensors, released.contains(position), held: held, rig)
        if let stop = gate.emergencyStop, isPresent(stop, rig),
          rig[gate.open.position] || rig[gate.close.position]
        {
          breach = "a gate moves in an emergency stop"
        }
        if let stop = gate.stop, rig[stop.position], rig[gate.open.position] || rig[gate.close.position] {
          breach = "a gate is stopped and moved together"
        }
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
    _ close: OutputIndex, _ sensors: [InputIndex], _ released: Bool, held: Bool, _ rig: Rig
  ) {
    guard rig[close.position] else { return }
    if released { breach = "a released point is closed" }
    if held, !last[close.position] { breach = "a point that a plan holds open is closed" }
    if !last[close.position], sensors.contains(where: { isPresent($0, rig) }) {
      breach = "closed on somebody"
    }
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
