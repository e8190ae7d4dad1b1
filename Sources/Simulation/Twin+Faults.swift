import AccessPolicy
import ControlCore
import Site

/// What ends a fault.
enum Mending {
  case wire(InputIndex)
  case allWires
  case motor(PointIndex)
  case edge(PointIndex)
  case stop(PointIndex)
  case tamper(PointIndex)
  case magnet(PointIndex)
  case input(InputIndex)
  case maintenance
}

extension Twin {
  mutating func breakSomething(_ kind: FaultPlan.Kind) {
    let lasts = FaultPlan.duration(kind, &random)
    switch kind {
    case .sensorLost:
      guard let input = anyInput() else { return }
      field.lost.insert(input)
      agenda.put(.mend(.wire(input)), at: now + lasts)
    case .busSilent:
      for place in site.control.inputs.indices { field.lost.insert(InputIndex(place)) }
      agenda.put(.mend(.allWires), at: now + lasts)
    case .noise:
      guard let input = anyInput() else { return }
      noise[input] = now + lasts
    case .loose:
      let points = site.control.points
      let magnet = any { point in
        if case .door(let door) = points[point.position] { door.bond != nil } else { false }
      }
      guard let magnet else { return }
      field.plant.setLoose(true, at: magnet)
      agenda.put(.mend(.magnet(magnet)), at: now + lasts)
    case .jammed, .welded, .movedByHand: breakMotor(kind, lasts)
    case .edgePressed, .stopPressed: press(kind, lasts)
    case .doorForced, .tampered: breakDoor(kind, lasts)
    case .controllerKilled: kill(lasts)
    case .fire, .lockdown: startPlan(kind, lasts)
    case .staleCommand: staleOrder()
    case .wildOrder: wildOrder()
    case .maintenance:
      order(.setMaintenance(true))
      agenda.put(.mend(.maintenance), at: now + lasts)
    case .clockJump:
      gatekeeper.wallOffset += Int64(random.next() % 172_800_000) - 86_400_000
      gatekeeper.clock = random.pick([.synced, .holdover, .untrusted])
    }
  }

  mutating func mend(_ mending: Mending) {
    switch mending {
    case .wire(let input): field.lost.remove(input)
    case .allWires: field.lost.removeAll()
    case .motor(let point): field.plant.setTrouble(.none, at: point)
    case .edge(let point): field.plant.press(edge: false, at: point)
    case .stop(let point): field.plant.press(emergencyStop: false, at: point)
    case .tamper(let point): field.plant.setTamper(false, at: point)
    case .magnet(let point): field.plant.setLoose(false, at: point)
    case .input(let input): field.plant.set(input, false)
    case .maintenance: order(.setMaintenance(false))
    }
  }

  /// Wrong levels with good quality, for as long as the noise lasts.
  mutating func disturb(_ image: inout InputImage) {
    guard !noise.isEmpty else { return }
    for input in noise.keys.sorted() {
      if now < noise[input]! {
        image.level[input.position].toggle()
      } else {
        noise[input] = nil
      }
    }
  }

  // MARK: Pieces

  private mutating func anyInput() -> InputIndex? {
    guard !site.control.inputs.isEmpty else { return nil }
    return InputIndex(Int(random.next() % UInt64(site.control.inputs.count)))
  }

  private mutating func any(_ fits: (PointIndex) -> Bool) -> PointIndex? {
    let found = site.control.points.indices.map { PointIndex($0) }.filter(fits)
    return found.isEmpty ? nil : random.pick(found)
  }

  private mutating func anyLane() -> PointIndex? {
    let plant = field.plant
    return any { plant.lane($0) != nil }
  }

  private mutating func breakMotor(_ kind: FaultPlan.Kind, _ lasts: Interval) {
    guard let point = anyLane() else { return }
    excuse(point.position, for: lasts + .seconds(10))
    if kind == .movedByHand {
      let before = field.plant.lane(point)?.drive
      field.plant.moveByHand(point, to: Double(random.next() % 101) / 100)
      let stoodOpen = before.map { $0.isOpen && !$0.isMoving } == true
      if stoodOpen, field.plant.lane(point)?.drive.isOpen == false { oracle.movedByHand(point) }
      return
    }
    field.plant.setTrouble(kind == .jammed ? .jammed : .weldedOpen, at: point)
    agenda.put(.mend(.motor(point)), at: now + lasts)
  }

  private mutating func press(_ kind: FaultPlan.Kind, _ lasts: Interval) {
    let points = site.control.points
    let gate = any { point in
      guard case .gate(let gate) = points[point.position] else { return false }
      return (kind == .edgePressed ? gate.safetyEdge : gate.emergencyStop) != nil
    }
    guard let gate else { return }
    if kind == .edgePressed {
      field.plant.press(edge: true, at: gate)
      agenda.put(.mend(.edge(gate)), at: now + lasts)
    } else {
      field.plant.press(emergencyStop: true, at: gate)
      agenda.put(.mend(.stop(gate)), at: now + lasts)
    }
  }

  private mutating func breakDoor(_ kind: FaultPlan.Kind, _ lasts: Interval) {
    let plant = field.plant
    guard let door = any({ plant.door($0) != nil || plant.turnstile($0) != nil }) else { return }
    if kind == .doorForced {
      field.plant.visit(Person(intent: .force, holds: random.seconds(1, 60)), at: door)
    } else {
      field.plant.setTamper(true, at: door)
      agenda.put(.mend(.tamper(door)), at: now + lasts)
    }
  }

  /// The guard has made the outputs safe within its 50 ms; the motors' own electronics may still move.
  private mutating func kill(_ lasts: Interval) {
    deadUntil = now + lasts
    field.makeSafe(site.control)
    for place in site.control.points.indices { excuse(place, for: lasts + .seconds(10)) }
  }

  mutating func excuse(_ place: Int, for time: Interval) {
    gatekeeper.excuses[place] = max(gatekeeper.excuses[place], now + time)
  }

  private mutating func startPlan(_ kind: FaultPlan.Kind, _ lasts: Interval) {
    let plans = site.control.emergencies
    let places = plans.indices.filter { (kind == .fire) == !plans[$0].release.isEmpty }
    guard !places.isEmpty else { return }
    let plan = random.pick(Array(places))
    if let input = plans[plan].inputs.first, kind == .fire || plans[plan].kind == .power {
      field.plant.set(input, true)
      agenda.put(.mend(.input(input)), at: now + lasts)
    } else {
      order(.startEmergency(PlanIndex(plan), drill: random.oneIn(2)))
    }
  }

  /// An order from before a reconnect: it moves nothing.
  private mutating func staleOrder() {
    guard let point = any({ _ in true }) else { return }
    order(.open(point), age: .seconds(30), life: random.seconds(1, 20))
  }

  private mutating func wildOrder() {
    guard let point = any({ _ in true }) else { return }
    switch random.next() % 7 {
    case 0, 1: order(.open(point))
    case 5: order(.setAccess(point, random.oneIn(2) ? .free : .office))
    case 6: order(.setPropped(point, true))
    case 2: order(.close(point))
    case 3: order(.reset(point))
    default: order(.setOutOfService(point, true))
    }
  }
}
