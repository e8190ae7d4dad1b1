import ControlCore
import TestSupport

/// Two barriers, two gates, four doors and a turnstile, or lanes of every other drive and role; with interlocks and some
/// emergency plans.
struct MixedSite {
  enum Kind: CaseIterable {
    case mixed
    case lanes
    var points: Range<Int> { self == .mixed ? 0..<9 : 0..<5 }
  }

  private(set) var setting = ControllerSetting()
  private(set) var leaves: [(point: Int, leaf: Leaf)] = []
  /// Inputs that a limit switch drives; the others are free for mischief.
  private(set) var limits: Set<Int> = []
  private(set) var fire = 0
  private(set) var wire = 0
  private(set) var mains = 0

  init(_ kind: Kind = .mixed, debounce: Interval) {
    switch kind {
    case .mixed: addMixed(debounce)
    case .lanes: addLanes(debounce)
    }
  }

  private mutating func addLanes(_ debounce: Interval) {
    addHeldBarrier(debounce)
    addStepBarrier(.stops, debounce)
    addStepGate(debounce)
    addHeldGate(debounce)
    addStepBarrier(.ignored, debounce)
    fire = input(.zero).position
    wire = input(.zero).position
    setting.interlocks = [
      InterlockSetting(points: [0, 2].map { PointIndex($0) }, wait: .seconds(2)),
      InterlockSetting(points: [1, 3].map { PointIndex($0) }),
    ]
    setting.emergencies = [
      EmergencySetting(inputs: [InputIndex(fire)], release: [0, 1, 2].map { PointIndex($0) }),
      EmergencySetting(inputs: [InputIndex(wire)], lostCounts: true, release: [3, 4].map { PointIndex($0) }),
      EmergencySetting(lock: [0, 1, 2, 3].map { PointIndex($0) }),
    ]
  }

  private mutating func addMixed(_ debounce: Interval) {
    addBarrier(.held, debounce)
    addBarrier(.pulse, debounce)
    addGate(.held, debounce)
    addGate(.pulse, debounce)
    addDoor(.secure, .onClose, debounce)
    addDoor(.safe, .onOpen, debounce)
    addDoor(.secure, .onTime, debounce)
    addTurnstile(debounce)
    addDoorWithoutContact(debounce)
    fire = input(.zero).position
    wire = input(.zero).position
    mains = input(.zero).position
    let siren = output()
    let lamp = output()
    setting.interlocks = [
      InterlockSetting(points: [4, 6].map { PointIndex($0) }, wait: .seconds(2)),
      InterlockSetting(points: [0, 2].map { PointIndex($0) }),
      InterlockSetting(points: [1, 3, 5].map { PointIndex($0) }, atMost: 2),
      InterlockSetting(points: [7, 8].map { PointIndex($0) }, wait: .seconds(3)),
    ]
    setting.emergencies = [
      EmergencySetting(
        kind: .fire, inputs: [InputIndex(fire)], release: [0, 2, 4, 5, 7].map { PointIndex($0) },
        outputs: [
          PlanOutputSetting(siren, flashes: true, time: .seconds(20), canSilence: true),
          PlanOutputSetting(lamp),
        ]),
      EmergencySetting(
        inputs: [InputIndex(wire)], lostCounts: true, release: [1, 3, 6].map { PointIndex($0) }),
      EmergencySetting(
        kind: .lockdown, lock: [0, 3, 4, 5, 7, 8].map { PointIndex($0) },
        outputs: [PlanOutputSetting(lamp, flashes: true)]),
      EmergencySetting(
        kind: .power, inputs: [InputIndex(mains)], after: .milliseconds(500), untilInput: true,
        holdOpen: [0, 1, 2].map { PointIndex($0) }),
      EmergencySetting(
        kind: .evacuation, precedence: -1, release: [PointIndex(3)], holdOpen: [PointIndex(0), PointIndex(6)]),
    ]
  }

  private mutating func input(_ debounce: Interval) -> InputIndex {
    setting.inputs.append(InputSetting(debounce: debounce))
    return InputIndex(setting.inputs.count - 1)
  }

  private mutating func output() -> OutputIndex {
    setting.outputs.append(OutputSetting())
    return OutputIndex(setting.outputs.count - 1)
  }

  private mutating func addBarrier(_ style: DriveStyle, _ debounce: Interval) {
    var barrier = BarrierSetting(raise: output(), lower: output())
    barrier.style = style
    if style == .held {
      barrier.red = output()
      barrier.green = output()
    }
    let up = input(debounce)
    let down = input(debounce)
    barrier.up = up
    barrier.down = down
    barrier.closingLoop = input(debounce)
    barrier.photocell = input(debounce)
    barrier.stuck = .seconds(10)
    barrier.driftPercent = 5
    if style == .pulse {
      barrier.interruptLoop = input(debounce)
      barrier.exitLoop = input(debounce)
      barrier.shadowLoop = input(debounce)
    }
    limits.formUnion([up.position, down.position])
    leaves.append(
      (
        setting.points.count,
        Leaf(
          open: barrier.raise.position, close: barrier.lower.position, openLimit: up.position,
          closedLimit: down.position, travel: 1_300, style: style)
      ))
    setting.points.append(.barrier(barrier))
  }

  /// All roles of a held barrier that the mixed site's have not.
  private mutating func addHeldBarrier(_ debounce: Interval) {
    var barrier = BarrierSetting(raise: output(), lower: output())
    barrier.style = .held
    barrier.red = output()
    barrier.green = output()
    barrier.sign = output()
    barrier.alarm = output()
    barrier.sensorTest = output()
    barrier.holdBetween = false
    barrier.turnBack = .seconds(2)
    barrier.stuck = .seconds(10)
    barrier.up = limit(debounce)
    barrier.down = limit(debounce)
    barrier.armingLoop = input(debounce)
    barrier.closingLoop = input(debounce)
    barrier.photocell = input(debounce)
    barrier.shadowLoop = input(debounce)
    barrier.detectorFault = input(debounce)
    barrier.holdToClose = input(debounce)
    barrier.moving = input(debounce)
    add(.barrier(barrier), (barrier.raise, barrier.lower, nil), (barrier.up, barrier.down), 1_300, .held)
  }

  private mutating func addStepBarrier(_ answer: StepAnswer, _ debounce: Interval) {
    var barrier = BarrierSetting(step: output())
    barrier.stepAnswer = answer
    barrier.sign = output()
    barrier.holdBetween = answer == .stops
    barrier.up = limit(debounce)
    barrier.down = limit(debounce)
    barrier.closingLoop = input(debounce)
    barrier.photocell = input(debounce)
    barrier.exitLoop = input(debounce)
    barrier.interruptLoop = input(debounce)
    if answer == .stops { barrier.moving = input(debounce) }
    add(
      .barrier(barrier), (barrier.raise, barrier.raise, nil), (barrier.up, barrier.down), 1_300, .step, answer
    )
  }

  private mutating func addStepGate(_ debounce: Interval) {
    var gate = GateSetting(step: output())
    gate.stepAnswer = .opens
    setTimes(&gate)
    gate.stop = output()
    gate.warning = output()
    gate.alarm = output()
    gate.openLimit = limit(debounce)
    gate.closedLimit = limit(debounce)
    gate.photocell = input(debounce)
    gate.safetyEdge = input(debounce)
    gate.emergencyStop = input(.zero)
    gate.interruptLoop = input(debounce)
    gate.detectorFault = input(debounce)
    add(
      .gate(gate), (gate.open, gate.open, gate.stop), (gate.openLimit, gate.closedLimit), 2_800, .step, .opens
    )
  }

  private mutating func addHeldGate(_ debounce: Interval) {
    var gate = GateSetting(open: output(), close: output())
    setTimes(&gate)
    gate.holdBetween = false
    gate.turnBack = .seconds(2)
    gate.sign = output()
    gate.alarm = output()
    gate.openLimit = limit(debounce)
    gate.closedLimit = limit(debounce)
    gate.armingLoop = input(debounce)
    gate.closingLoop = input(debounce)
    gate.photocell = input(debounce)
    gate.safetyEdge = input(debounce)
    gate.emergencyStop = input(.zero)
    gate.detectorFault = input(debounce)
    gate.holdToClose = input(debounce)
    gate.holdToOpen = input(debounce)
    gate.moving = input(debounce)
    add(.gate(gate), (gate.open, gate.close, nil), (gate.openLimit, gate.closedLimit), 2_800, .held)
  }

  private func setTimes(_ gate: inout GateSetting) {
    gate.travel = .seconds(3)
    gate.margin = .seconds(1)
    gate.autoClose = .seconds(2)
    gate.closingWarning = .seconds(1)
    gate.stuck = .seconds(10)
    gate.driftPercent = 5
  }

  private mutating func limit(_ debounce: Interval) -> InputIndex {
    let limit = input(debounce)
    limits.insert(limit.position)
    return limit
  }

  private mutating func add(
    _ point: PointSetting, _ outputs: (open: OutputIndex, close: OutputIndex, stop: OutputIndex?),
    _ limits: (open: InputIndex?, closed: InputIndex?), _ travel: Int, _ style: DriveStyle,
    _ answer: StepAnswer = .stops
  ) {
    let leaf = Leaf(
      open: outputs.open.position, close: outputs.close.position, stop: outputs.stop?.position,
      openLimit: limits.open?.position ?? 0, closedLimit: limits.closed?.position ?? 0, travel: travel,
      style: style, answer: answer)
    leaves.append((setting.points.count, leaf))
    setting.points.append(point)
  }

  private mutating func addGate(_ style: DriveStyle, _ debounce: Interval) {
    var gate = GateSetting(open: output(), close: output())
    gate.style = style
    gate.travel = .seconds(3)
    gate.margin = .seconds(1)
    gate.autoClose = .seconds(2)
    gate.closingWarning = .seconds(1)
    let stop = output()
    gate.stop = stop
    gate.warning = output()
    gate.red = output()
    if style == .held { gate.green = output() } else { gate.sensorTest = output() }
    let open = input(debounce)
    let closed = input(debounce)
    gate.openLimit = open
    gate.closedLimit = closed
    gate.closingLoop = input(debounce)
    gate.photocell = input(debounce)
    gate.stuck = .seconds(10)
    gate.driftPercent = 5
    if style == .held {
      gate.interruptLoop = input(debounce)
      gate.exitLoop = input(debounce)
      gate.shadowLoop = input(debounce)
    }
    gate.safetyEdge = input(debounce)
    gate.emergencyStop = input(.zero)
    limits.formUnion([open.position, closed.position])
    leaves.append(
      (
        setting.points.count,
        Leaf(
          open: gate.open.position, close: gate.close.position, stop: stop.position, openLimit: open.position,
          closedLimit: closed.position, travel: 2_800, style: style)
      ))
    setting.points.append(.gate(gate))
  }

  private mutating func addDoor(_ fail: FailMode, _ relock: Relock, _ debounce: Interval) {
    var door = DoorSetting(lock: output())
    door.fail = fail
    door.relock = relock
    door.contact = input(debounce)
    door.exitButton = input(debounce)
    door.tamper = input(debounce)
    switch (fail, relock) {
    case (.secure, .onClose):
      door.lockPosition = input(debounce)
      door.exitInLockdown = false
    case (.safe, _):
      door.bond = input(debounce)
      door.passiveContact = input(debounce)
    default: break
    }
    setting.points.append(.door(door))
  }

  /// A magnet that nothing watches, with an exit button.
  private mutating func addDoorWithoutContact(_ debounce: Interval) {
    var door = DoorSetting(lock: output())
    door.fail = .safe
    door.relock = .onTime
    door.exitButton = input(debounce)
    setting.points.append(.door(door))
  }

  private mutating func addTurnstile(_ debounce: Interval) {
    var turnstile = TurnstileSetting(releaseIn: output(), releaseOut: output())
    turnstile.free = output()
    turnstile.rotationIn = input(debounce)
    turnstile.rotationOut = input(debounce)
    turnstile.exitButton = input(debounce)
    turnstile.tamper = input(debounce)
    turnstile.stuck = .seconds(2)
    setting.points.append(.turnstile(turnstile))
  }
}

extension SplitMix64 {
  mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &self) == 0 }
  mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }
}

extension MixedSite {
  /// What tells of a shut and locked door is on at rest, all else is off.
  func restLevel(_ input: Int) -> Bool {
    setting.points.contains { point in
      guard case .door(let door) = point else { return false }
      return [door.contact, door.passiveContact, door.bond, door.lockPosition].contains(InputIndex(input))
    }
  }

  func outputs(of point: Int) -> [OutputIndex] {
    switch setting.points[point] {
    case .barrier(let barrier):
      (barrier.style == .step ? [barrier.raise] : [barrier.raise, barrier.lower])
        + [barrier.red, barrier.green, barrier.sensorTest, barrier.sign, barrier.alarm].compactMap { $0 }
    case .gate(let gate):
      (gate.style == .step ? [gate.open] : [gate.open, gate.close])
        + [gate.stop, gate.warning, gate.red, gate.green, gate.sensorTest, gate.sign, gate.alarm]
        .compactMap { $0 }
    case .door(let door): [door.lock]
    case .turnstile(let turnstile):
      [turnstile.releaseIn, turnstile.releaseOut, turnstile.free].compactMap { $0 }
    }
  }

  func inputs(of point: Int) -> [Int] {
    let inputs: [InputIndex?] =
      switch setting.points[point] {
      case .barrier(let barrier):
        [
          barrier.up, barrier.down, barrier.closingLoop, barrier.photocell, barrier.interruptLoop,
          barrier.exitLoop, barrier.shadowLoop, barrier.armingLoop, barrier.detectorFault,
          barrier.holdToClose, barrier.moving,
        ]
      case .gate(let gate):
        [
          gate.openLimit, gate.closedLimit, gate.closingLoop, gate.photocell, gate.safetyEdge,
          gate.emergencyStop, gate.interruptLoop, gate.exitLoop, gate.shadowLoop, gate.armingLoop,
          gate.detectorFault, gate.holdToClose, gate.holdToOpen, gate.moving,
        ]
      case .door(let door):
        [door.contact, door.passiveContact, door.bond, door.lockPosition, door.exitButton, door.tamper]
      case .turnstile(let turnstile):
        [turnstile.rotationIn, turnstile.rotationOut, turnstile.exitButton, turnstile.tamper]
      }
    return inputs.compactMap { $0?.position }
  }

  func exitButton(of point: Int) -> InputIndex? {
    switch setting.points[point] {
    case .door(let door): door.exitButton
    case .turnstile(let turnstile): turnstile.exitButton
    case .barrier, .gate: nil
    }
  }

  /// A sensor that forbids closing.
  func sensor(of point: Int) -> Int? {
    switch setting.points[point] {
    case .barrier(let barrier): barrier.photocell?.position
    case .gate(let gate): (gate.safetyEdge ?? gate.photocell)?.position
    case .door, .turnstile: nil
    }
  }

  /// Holds a limit at a level, whatever the leaf does; other inputs are not held.
  func hold(_ input: Int, of point: Int, at level: Bool) {
    guard limits.contains(input), let leaf = leaves.first(where: { $0.point == point })?.leaf else { return }
    leaf.suffer(input == leaf.openLimit ? .openLimitStuck(level) : .closedLimitStuck(level))
  }
}

extension MixedSite {
  /// A photocell, and the button that closes the point while a person holds it.
  func cellAndButton(of point: Int) -> (cell: Int, button: Int)? {
    let pair: (InputIndex?, InputIndex?) =
      switch setting.points[point] {
      case .barrier(let barrier): (barrier.photocell, barrier.holdToClose)
      case .gate(let gate): (gate.photocell, gate.holdToClose)
      case .door, .turnstile: (nil, nil)
      }
    guard let cell = pair.0, let button = pair.1 else { return nil }
    return (cell.position, button.position)
  }
}
