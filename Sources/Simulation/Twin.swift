import AccessPolicy
public import ControlCore
import Runtime
public import Site

/// A site on a virtual clock: the real controller and the real decision, played traffic and faults, and an oracle.
///
/// All of it follows from the seed. Where something happens the clock goes in steps of 10 ms, else of 200 ms.
public struct Twin: ~Copyable {
  /// Something that somebody does, or that breaks or is mended.
  enum Happening {
    case car(PointIndex), person(PointIndex), leaver(PointIndex)
    case fault(FaultPlan.Kind)
    case mend(Mending)
    case technician
  }

  static let step = Interval.milliseconds(10)
  static let idleStep = Interval.milliseconds(200)

  let site: SiteDescription
  let seed: UInt64
  let length: Interval
  let plan: FaultPlan
  /// Puts words into the controller's mouth, so that a test sees the oracle find them.
  let mutation: ((_ outputs: inout OutputImage, _ now: Instant) -> Void)?

  /// Told in words what happens, for a person who looks for the cause of a violation.
  public var witness: ((_ now: Instant, _ text: String) -> Void)?

  var random: SeededRandom
  var field: VirtualField
  var controller: Controller
  var oracle: Oracle
  var gatekeeper: TwinGatekeeper
  var agenda = Agenda<Happening>()
  var commands: [Command] = []
  var hash = TraceHash()
  var now = Instant(nanoseconds: 1_000_000_000)
  /// The controller is dead up to here; the guard has made the outputs safe.
  var deadUntil: Instant?
  var noise: [InputIndex: Instant] = [:]
  var token: UInt64 = 0
  var events = 0
  var faults = 0

  /// - Parameters:
  ///   - length: virtual time, at most ``SimulationLimits/hours`` hours.
  ///   - mutation: changes the controller's outputs before they reach the field; for tests of the oracle.
  public init(
    site: SiteDescription, seed: UInt64, length: Interval, plan: FaultPlan = .harsh,
    mutation: ((_ outputs: inout OutputImage, _ now: Instant) -> Void)? = nil
  ) {
    precondition(.seconds(UInt64(SimulationLimits.hours) * 3_600) >= length, "a run longer than the limit")
    self.site = site
    self.seed = seed
    self.length = length
    self.plan = plan
    self.mutation = mutation
    random = SeededRandom(seed: seed)
    field = VirtualField(setting: site.control)
    controller = Controller(setting: site.control)
    oracle = Oracle(setting: site.control)
    gatekeeper = TwinGatekeeper(site: site, random: &random)
  }

  /// Plays it to the end.
  public consuming func run() -> TwinReport {
    begin()
    let end = now + length
    var image = InputImage()
    var outputs = OutputImage()
    var buffer = EventBuffer()
    var quiet = 0
    while now < end {
      while let happening = agenda.take(upTo: now) {
        witness?(now, "\(happening)")
        happen(happening)
      }
      field.read(into: &image, now: now)
      disturb(&image)
      for sighting in field.plant.takeSightings() { decide(sighting) }
      let changed = scan(image, &outputs, &buffer)
      quiet = changed || !field.plant.isQuiet ? 0 : quiet + 1
      advance(isQuiet: quiet > 20)
    }
    return TwinReport(
      seed: seed, length: length, events: events, faults: faults, violations: oracle.count,
      details: oracle.violations, traceHash: hash.text)
  }

  /// One scan and all that watches it; true where an output or an event changed something.
  private mutating func scan(
    _ image: InputImage, _ outputs: inout OutputImage, _ buffer: inout EventBuffer
  ) -> Bool {
    if let deadUntil {
      guard now >= deadUntil else { return true }
      self.deadUntil = nil
      controller = Controller(setting: site.control)
      oracle.restarted()
      commands = []
    }
    let taken = Array(commands.prefix(Limits.commandsOfScan))
    commands.removeFirst(taken.count)
    controller.step(image, commands: taken.span, now: now, outputs: &outputs, events: &buffer)
    mutation?(&outputs, now)
    let levels = site.control.outputs.indices.map { outputs.level[$0] }
    let told = (0..<buffer.count).map { buffer[$0] }
    oracle.observe(image, commands: taken, outputs: levels, events: told, now: now)
    let changed = levels != field.outputs || !told.isEmpty
    field.write(outputs, now: now)
    follow(told)
    if changed { trace(levels) }
    if let witness, changed { bear(witness, levels, told, taken) }
    checkStruck()
    return changed
  }

  private func bear(
    _ witness: (Instant, String) -> Void, _ levels: [Bool], _ told: [Event], _ taken: [Command]
  ) {
    for command in taken { witness(now, "order \(command.token): \(command.action)") }
    for event in told {
      let point = event.point.map { site.pointNames[$0.position] } ?? "-"
      witness(now, "\(event.kind) \(point) \(event.cause) passage \(event.passage) token \(event.token)")
    }
    let on = site.outputNames.indices.filter { levels[$0] }.map { site.outputNames[$0] }
    witness(now, "on: \(on.joined(separator: " "))")
  }

  private mutating func follow(_ told: [Event]) {
    events += told.count
    for event in told {
      hash.add(event)
      gatekeeper.follow(event)
    }
  }

  private mutating func trace(_ levels: [Bool]) {
    hash.add(now.nanoseconds)
    for (place, level) in levels.enumerated() where level { hash.add(UInt64(place)) }
  }

  private mutating func advance(isQuiet: Bool) {
    var next = now + (isQuiet && commands.isEmpty ? Self.idleStep : Self.step)
    if let soonest = agenda.next, soonest < next { next = max(soonest, now + .milliseconds(1)) }
    now = next
  }

  /// An arm on a car is the worst there is; only a dead controller or a broken motor excuses it.
  private mutating func checkStruck() {
    for place in site.control.points.indices {
      let point = PointIndex(place)
      guard let struck = field.plant.lane(point)?.lane.struck, struck > gatekeeper.struck[place] else {
        continue
      }
      gatekeeper.struck[place] = struck
      if gatekeeper.excuses[place] < now { oracle.reportStruck(place) }
    }
  }

  mutating func order(_ action: Command.Action, age: Interval = .zero, life: Interval = .seconds(2)) {
    token += 1
    let issued = Instant(nanoseconds: now.nanoseconds - min(now.nanoseconds, age.nanoseconds))
    commands.append(Command(action, token: token, issued: issued, expires: issued + life))
  }

  private mutating func decide(_ sighting: Plant.Sighting) {
    if let grant = gatekeeper.decide(
      plate: sighting.vehicle.plate, confidence: sighting.vehicle.confidence, at: sighting.point, now)
    {
      order(.grant(sighting.point, grant))
    }
  }
}
