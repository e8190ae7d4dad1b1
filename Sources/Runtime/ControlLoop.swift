public import ControlCore
public import Platform
import Synchronization

/// What joins the scan to the other threads; shared by reference, each part with its own rule for who touches it.
public struct ScanPorts: Sendable {
  public let commands: CommandQueue
  public let events: Ring<Event>
  public let snapshot: SnapshotBuffer<ScanSnapshot>
  public let gauges: ScanGauges
  /// Called after events were put into the ring; must neither wait nor allocate.
  public let wakeListener: @Sendable () -> Void

  public init(wakeListener: @escaping @Sendable () -> Void = {}) {
    commands = CommandQueue()
    events = Ring(capacity: Limits.eventRing, filledWith: Event(.accepted, at: .zero))
    snapshot = SnapshotBuffer(ScanSnapshot())
    gauges = ScanGauges()
    self.wakeListener = wakeListener
  }
}

/// The one cycle that moves steel: read, step, write, beat, sleep until next.
///
/// Owned by one thread as a local value. Nothing here waits for the journal, the list, a socket or a log.
public struct ControlLoop<Field: FieldPort & ~Copyable>: ~Copyable {
  private var field: Field
  private var controller: Controller
  private let ports: ScanPorts
  private let period: UInt64
  private let counts: (inputs: Int, outputs: Int, points: Int, plans: Int)
  private let safeLevels: OutputImage

  private var inputs = InputImage()
  private var outputs = OutputImage()
  private var events = EventBuffer()
  private var commands = InlineArray<16, Command>(
    repeating: Command(.close(PointIndex(0)), token: 0, issued: .zero, expires: .zero))

  public init(field: consuming Field, setting: ControllerSetting, period: Interval, ports: ScanPorts) {
    self.field = field
    self.ports = ports
    self.period = period.nanoseconds
    counts = (
      setting.inputs.count, setting.outputs.count, setting.points.count, setting.emergencies.count
    )
    var safe = OutputImage()
    for (place, output) in setting.outputs.enumerated() { safe.level[place] = output.safe }
    safeLevels = safe
    controller = Controller(setting: setting)
  }

  /// Scans until `goesOn` says no; then every output has its safe level. `beat` follows every scan.
  ///
  /// A scan that comes more than a period late leaves the missed periods out, and counts them.
  public mutating func run(while goesOn: () -> Bool, beat: (Instant) -> Void) {
    var due = MonotonicClock.now()
    while goesOn() {
      let began = MonotonicClock.now()
      ports.gauges.lateness.record(nanoseconds: began >= due ? began - due : 0)
      scan(now: Instant(nanoseconds: began))
      beat(Instant(nanoseconds: began))
      due += period
      let ended = MonotonicClock.now()
      ports.gauges.trace.note(began: began, ended: ended)
      if ended > due {
        ports.gauges.overruns.add(1, ordering: .relaxed)
        let missed = (ended - due) / period
        ports.gauges.skipped.add(missed, ordering: .relaxed)
        due += missed * period
      }
      MonotonicClock.sleep(until: due)
    }
    field.write(safeLevels, now: Instant(nanoseconds: MonotonicClock.now()))
  }

  /// One scan.
  public mutating func scan(now: Instant) {
    field.read(into: &inputs, now: now)
    let taken = takeCommands()
    controller.step(
      inputs, commands: commands.span.extracting(first: taken), now: now, outputs: &outputs, events: &events)
    field.write(outputs, now: now)
    measureGrants(among: taken)
    tellEvents(now: now)
    publish(now: now)
    tellEmergencies()
    ports.gauges.scans.add(1, ordering: .relaxed)
  }

  private mutating func takeCommands() -> Int {
    var taken = 0
    while taken < Limits.commandsOfScan, let command = ports.commands.take() {
      commands[taken] = command
      taken += 1
    }
    return taken
  }

  /// A grant's `issued` is when its credential arrived: the time to here is the time to the output.
  private func measureGrants(among taken: Int) {
    guard taken > 0 else { return }
    let written = MonotonicClock.now()
    for place in 0..<taken {
      guard case .grant = commands[place].action, accepted(commands[place].token) else { continue }
      let issued = commands[place].issued.nanoseconds
      ports.gauges.eventToOutput.record(nanoseconds: written > issued ? written - issued : 0)
    }
  }

  private func accepted(_ token: UInt64) -> Bool {
    for place in 0..<events.count where events[place].kind == .accepted && events[place].token == token {
      return true
    }
    return false
  }

  private func tellEvents(now: Instant) {
    guard events.count > 0 || events.lost > 0 else { return }
    var lost = UInt64(events.lost)
    for place in 0..<events.count where !ports.events.push(events[place]) { lost += 1 }
    if lost > 0 { ports.gauges.eventsLost.add(lost, ordering: .relaxed) }
    ports.wakeListener()
  }

  private func tellEmergencies() {
    var held = HeldEmergencies()
    for place in 0..<counts.plans {
      let plan = controller.status(of: PlanIndex(place))
      if plan.active { held.hold(PlanIndex(place), drill: plan.drill, called: plan.called) }
    }
    ports.gauges.emergencies.store(held.word, ordering: .releasing)
  }

  private func publish(now: Instant) {
    ports.snapshot.publish { snapshot in
      snapshot.at = now
      snapshot.inputs = inputs
      snapshot.outputs = outputs
      snapshot.inMaintenance = controller.inMaintenance
      for place in 0..<counts.inputs {
        let (level, quality) = controller.sensed(InputIndex(place))
        snapshot.sensedLevel[place] = level
        snapshot.sensedQuality[place] = quality
      }
      for place in 0..<counts.points {
        snapshot.points[place] = controller.status(of: PointIndex(place))
        snapshot.wear[place] = controller.wear(of: PointIndex(place))
      }
      for place in 0..<counts.outputs {
        snapshot.operations[place] = controller.operations(of: OutputIndex(place))
      }
      for place in 0..<counts.plans {
        snapshot.plans[place] = controller.status(of: PlanIndex(place))
      }
    }
  }
}
