import ControlCore
import Site

extension Twin {
  /// Mean seconds between two cars at a barrier or gate, and between two people at a door.
  private static var traffic: UInt64 { 45 }

  mutating func begin() {
    for place in site.control.points.indices { plan(traffic: PointIndex(place)) }
    for kind in FaultPlan.Kind.allCases where plan.everySeconds[kind] != nil { plan(fault: kind) }
    agenda.put(.technician, at: now + .seconds(60))
  }

  private mutating func plan(traffic point: PointIndex) {
    let gap = random.seconds(3, Self.traffic * 2)
    let isDoor = field.plant.door(point) != nil || field.plant.turnstile(point) != nil
    let leaves = isDoor && random.oneIn(3)
    agenda.put(leaves ? .leaver(point) : isDoor ? .person(point) : .car(point), at: now + gap)
  }

  private mutating func plan(fault kind: FaultPlan.Kind) {
    guard let every = plan.everySeconds[kind] else { return }
    agenda.put(.fault(kind), at: now + random.seconds(1, every * 2))
  }

  mutating func happen(_ happening: Happening) {
    switch happening {
    case .car(let point):
      car(point)
      plan(traffic: point)
    case .person(let point):
      person(point)
      plan(traffic: point)
    case .leaver(let point):
      field.plant.visit(Person(intent: .leave, holds: random.seconds(1, 3)), at: point)
      plan(traffic: point)
    case .fault(let kind):
      faults += 1
      hash.add(now.nanoseconds)
      breakSomething(kind)
      plan(fault: kind)
    case .mend(let mending): mend(mending)
    case .technician:
      technician()
      agenda.put(.technician, at: now + random.seconds(20, 90))
    }
  }

  private mutating func car(_ point: PointIndex) {
    var vehicle = Vehicle(plate: random.pick(gatekeeper.list.plates))
    vehicle.speed = 2 + Double(random.next() % 200) / 100
    vehicle.length = 3.5 + Double(random.next() % 300) / 100
    vehicle.confidence = 0.78 + Double(random.next() % 220) / 1_000
    if random.oneIn(15) { vehicle.intent = .turnBack(after: random.seconds(1, 12)) }
    let rushes = random.oneIn(20) && (field.plant.lane(point)?.drive.direction == -1)
    if rushes { vehicle.intent = .rush }
    field.plant.arrive(vehicle, at: point, front: rushes ? -1.5 : -9)
  }

  private mutating func person(_ point: PointIndex) {
    let card = random.pick(gatekeeper.list.cards)
    var person = Person()
    person.holds = random.oneIn(15) ? random.seconds(20, 60) : random.seconds(1, 3)
    let side: Side = field.plant.turnstile(point) != nil && random.oneIn(2) ? .out : .in
    if let grant = gatekeeper.decide(card: card, at: point, side, now) { order(.grant(point, grant)) }
    // One in ten does not go through after all.
    if !random.oneIn(10) { field.plant.visit(person, at: point, side: side) }
  }

  /// Somebody looks every minute or so: resets faults, ends emergencies, puts back what was taken out, closes what
  /// an emergency or a fault has left open.
  private mutating func technician() {
    guard deadUntil == nil else { return }
    for place in site.control.emergencies.indices where controller.emergency(PlanIndex(place)).active {
      order(.resetEmergency(PlanIndex(place)))
    }
    for place in site.control.points.indices {
      let point = PointIndex(place)
      let status = controller.status(of: point)
      if status.fault != .none || status.state == .stopped { order(.reset(point)) }
      if status.outOfService { order(.setOutOfService(point, false)) }
      if status.state == .open && random.oneIn(3) { order(.close(point)) }
      if status.state == .unknown { order(.open(point)) }
      if status.access != .controlled && random.oneIn(3) { order(.setAccess(point, .controlled)) }
      if status.isPropped && random.oneIn(3) { order(.setPropped(point, false)) }
    }
  }
}
