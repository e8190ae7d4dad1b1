/// The scan: input image, commands and the instant go in; output image and events come out.
///
/// A value with fixed capacity that knows no clock, does no I/O and allocates nothing after `init`: `step` carries
/// `@_noLocks`, so that the compiler refuses an allocation, a lock or a C call anywhere below it.
public struct Controller: ~Copyable, Sendable {
  // What the site file said.
  let inputCount: Int
  let outputCount: Int
  let pointCount: Int
  let planCount: Int
  let interlocks: InterlockTable

  // What stands from scan to scan.
  var inputs = InputTable()
  var outputs = OutputTable()
  var machines = PointTable()
  var plans = PlanTable()
  var planOutputs = PlanOutputTable()
  var reactions = ReactionTable()
  var outOfService: UInt64 = 0
  var tests = TestTable()
  var waiting = WaitingGrants()
  /// Points with a test that runs, one bit each; and those whose interlock must know of it.
  var underTest: UInt64 = 0
  public internal(set) var inMaintenance = false
  /// Held open by a plan: the opening has begun; it was refused, and that was told; it held before this start.
  var holdServed: UInt64 = 0
  var holdRefused: UInt64 = 0
  var resumingHold: UInt64 = 0

  // What this scan found.
  /// Points open, unlocked, moving, or not known to be closed; one bit each.
  var open: UInt64 = 0
  var openBefore: UInt64 = 0
  /// What the highest plan that holds says of a point; a point stands in one of them at most.
  var released: UInt64 = 0
  var heldOpen: UInt64 = 0
  var lockedDown: UInt64 = 0
  /// Points that a drill has left in this scan: what they do about it is still the drill's.
  var leftByDrill: UInt64 = 0

  /// Checks the limits and the indices of `setting`; a breach traps, since the site file was checked before.
  public init(setting: ControllerSetting) {
    setting.checkLimits()
    inputCount = setting.inputs.count
    outputCount = setting.outputs.count
    pointCount = setting.points.count
    planCount = setting.emergencies.count
    interlocks = InterlockTable(setting.interlocks)
    for position in setting.inputs.indices {
      inputs[position] = SensedInput(debounce: setting.inputs[position].debounce)
    }
    for position in setting.outputs.indices {
      outputs[position].safe = setting.outputs[position].safe
      outputs[position].last = setting.outputs[position].safe
      outputs[position].operations = setting.outputs[position].operations
    }
    for position in setting.points.indices { place(setting.points[position], at: position) }
    for position in setting.wear.indices where position < pointCount {
      restore(setting.wear[position], at: position)
    }
    placePlans(setting)
  }

  private mutating func placePlans(_ setting: ControllerSetting) {
    var doors: UInt64 = 0
    for (position, point) in setting.points.enumerated() {
      switch point {
      case .door, .turnstile: doors |= UInt64(1) << UInt64(position)
      case .barrier, .gate: break
      }
    }
    plans.rank(setting.emergencies)
    for (position, plan) in setting.emergencies.enumerated() {
      plans[position] = EmergencyPlan(plan, doors: doors)
      for (place, output) in plan.outputs.enumerated() { planOutputs[position, place] = PlanOutput(output) }
      for (point, kind) in setting.points.enumerated() {
        reactions[position, point].limit = plan.reactionTime(of: kind)
      }
      guard plan.startsActive else { continue }
      for point in plan.release { resumeRelease(of: point.position) }
      resumingHold |= plans[position].holdOpen
    }
    gatherPoints()
  }

  private mutating func resumeRelease(of position: Int) {
    switch machines[position] {
    case .barrier(var barrier):
      barrier.core.wasReleased = true
      barrier.core.isResuming = true
      machines[position] = .barrier(barrier)
    case .gate(var gate):
      gate.core.wasReleased = true
      gate.core.isResuming = true
      machines[position] = .gate(gate)
    case .door, .turnstile, .none: break
    }
  }

  private mutating func place(_ setting: PointSetting, at position: Int) {
    switch setting {
    case .barrier(let barrier): machines[position] = .barrier(BarrierMachine(setting: barrier))
    case .gate(let gate): machines[position] = .gate(GateMachine(setting: gate))
    case .door(let door): machines[position] = .door(DoorMachine(setting: door))
    case .turnstile(let turnstile):
      machines[position] = .turnstile(TurnstileMachine(setting: turnstile))
    }
    for output in setting.outputs { outputs[output.position].owner = position }
  }

  /// One scan. `commands` are taken in order; `outputs` is written for every output of the setting; `events` is emptied first.
  ///
  /// The order is fixed: inputs are debounced, emergency plans follow them, commands are obeyed or refused, every
  /// point's machine runs once, technician's tests are laid over, and the invariants are checked on what results.
  @_noLocks
  public mutating func step(
    _ field: InputImage, commands: Span<Command>, now: Instant, outputs image: inout OutputImage,
    events: inout EventBuffer
  ) {
    let commandCount = commands.count
    precondition(commandCount <= Limits.commandsOfScan, "too many commands for one scan")
    events.removeAll()
    sense(field, now, &events)
    findOpenPoints()
    followEmergencyInputs(now, &events)
    followWaiting(now, &events)
    for position in 0..<commandCount { take(commands[position], now, &events) }
    followHolds(now, &events)
    runMachines(now, &events)
    for position in 0..<outputCount { image.level[position] = outputs[position].safe }
    writeMachines(&image, now)
    writePlanOutputs(&image, now)
    followTests(now, &image, &events)
    followReactions(image, now, &events)
    leftByDrill = 0
    checkInvariants(image)
    for position in 0..<outputCount { note(image.level[position], at: position) }
    events.seal(at: now)
  }

  @_noLocks
  private mutating func sense(_ field: InputImage, _ now: Instant, _ events: inout EventBuffer) {
    for position in 0..<inputCount {
      switch inputs[position].sense(field.level[position], field.quality[position], now) {
      case .none: continue
      case .lost:
        let cause = Self.cause(of: field.quality[position])
        events.append(Event(.inputLost, at: now, input: InputIndex(position), cause: cause))
      case .returned: events.append(Event(.inputReturned, at: now, input: InputIndex(position)))
      }
    }
  }

  @_noLocks
  private static func cause(of quality: Quality) -> Cause {
    switch quality {
    case .cut: return .wireCut
    case .short: return .wireShort
    case .unknown, .good, .bad: return .none
    }
  }

  @_noLocks
  private mutating func note(_ level: Bool, at position: Int) {
    var slot = outputs[position]
    guard level != slot.last else { return }
    if level { slot.operations &+= 1 }
    slot.last = level
    outputs[position] = slot
  }

  @_noLocks
  private mutating func findOpenPoints() {
    open = 0
    for point in 0..<pointCount where isOpen(point) { open |= UInt64(1) << UInt64(point) }
    openBefore = open
  }

  @_noLocks
  private mutating func runMachines(_ now: Instant, _ events: inout EventBuffer) {
    for point in 0..<pointCount {
      run(point, scene(point, now), &events)
      noteOpen(point)
    }
  }

  @_noLocks
  mutating func noteOpen(_ point: Int) {
    let bit = UInt64(1) << UInt64(point)
    open = isOpen(point) || released & bit != 0 ? open | bit : open & ~bit
  }

  @_noLocks
  func scene(_ point: Int, _ now: Instant) -> Scene {
    let bit = UInt64(1) << UInt64(point)
    var scene = Scene(point: PointIndex(point), now: now)
    scene.inMaintenance = inMaintenance
    scene.outOfService = outOfService & bit != 0
    scene.released = released & bit != 0
    scene.heldOpen = heldOpen & bit != 0
    scene.lockedDown = lockedDown & bit != 0
    scene.interlocked = interlocks.isFull(for: point, open: open | underTest)
    if scene.interlocked { scene.patience = interlocks.patience(of: point, open: open | underTest) }
    scene.countsAsOpen = open & bit != 0
    scene.underTest = underTest & bit != 0
    if (released | heldOpen | lockedDown | leftByDrill) & bit != 0 { setPlan(bit, &scene) }
    return scene
  }
}
