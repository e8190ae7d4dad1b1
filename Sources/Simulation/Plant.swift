public import ControlCore

/// The whole site as it is in steel: every arm, leaf and door, the cars and the people.
///
/// It knows the wires' meaning from the controller's setting and nothing of the controller: it takes output levels,
/// moves on by a time step, and says what the sensors see.
public struct Plant: Sendable {
  public enum Piece: Sendable {
    case lane(LanePlant)
    case door(DoorPlant)
    case turnstile(TurnstilePlant)
  }

  /// A car whose plate a camera at the point reads now.
  public struct Sighting: Sendable, Equatable {
    public var point: PointIndex
    public var vehicle: Vehicle
  }

  private let setting: ControllerSetting
  public private(set) var pieces: [Piece]
  /// What each input's sensor says; position is the input's.
  public private(set) var levels: [Bool]
  private var sightings: [Sighting] = []

  public init(setting: ControllerSetting) {
    self.setting = setting
    pieces = setting.points.map { point in
      switch point {
      case .barrier(let barrier): .lane(LanePlant(drive: Drive(style: barrier.style, travel: barrier.travel)))
      case .gate(let gate): .lane(LanePlant(drive: Drive(style: gate.style, travel: gate.travel)))
      case .door(let door): .door(DoorPlant(door))
      case .turnstile(let turnstile): .turnstile(TurnstilePlant(turnstile))
      }
    }
    levels = Array(repeating: false, count: setting.inputs.count)
    sense()
  }

  /// Nothing moves and nobody is there.
  public var isQuiet: Bool {
    pieces.allSatisfy { piece in
      switch piece {
      case .lane(let lane): lane.isQuiet
      case .door(let door): door.isQuiet
      case .turnstile(let turnstile): turnstile.isQuiet
      }
    }
  }

  public func lane(_ point: PointIndex) -> LanePlant? {
    if case .lane(let lane) = pieces[point.position] { lane } else { nil }
  }

  public func door(_ point: PointIndex) -> DoorPlant? {
    if case .door(let door) = pieces[point.position] { door } else { nil }
  }

  public func turnstile(_ point: PointIndex) -> TurnstilePlant? {
    if case .turnstile(let turnstile) = pieces[point.position] { turnstile } else { nil }
  }

  // MARK: What the outside does

  /// - Parameter front: where the front bumper is, in metres before the arm (negative) or behind it.
  public mutating func arrive(_ vehicle: Vehicle, at point: PointIndex, front: Double = -9) {
    changeLane(point) { $0.lane.arrive(vehicle, front: front) }
  }

  public mutating func giveUp(at point: PointIndex) {
    changeLane(point) { $0.lane.giveUp() }
  }

  /// - Parameter side: the way through a turnstile; a door does not ask.
  public mutating func visit(_ person: Person, at point: PointIndex, side: Side = .in) {
    changeDoor(point) { $0.visit(person) }
    changeTurnstile(point) { $0.visit(person, side: side) }
  }

  /// The magnet holds nothing, or holds again.
  public mutating func setLoose(_ on: Bool, at point: PointIndex) {
    changeDoor(point) { $0.isLoose = on }
  }

  public mutating func setTamper(_ on: Bool, at point: PointIndex) {
    changeDoor(point) { $0.isTampered = on }
    changeTurnstile(point) { $0.isTampered = on }
  }

  public mutating func setTrouble(_ trouble: Drive.Trouble, at point: PointIndex) {
    changeLane(point) { $0.drive.trouble = trouble }
  }

  public mutating func moveByHand(_ point: PointIndex, to position: Double) {
    changeLane(point) { $0.drive.moveByHand(to: position) }
  }

  public mutating func press(edge: Bool, at point: PointIndex) {
    changeLane(point) { $0.edgePressed = edge }
  }

  public mutating func press(emergencyStop: Bool, at point: PointIndex) {
    changeLane(point) { $0.stopPressed = emergencyStop }
  }

  /// An input that belongs to no point: the fire panel's contact.
  public mutating func set(_ input: InputIndex, _ level: Bool) {
    levels[input.position] = level
  }

  /// The cars that cameras read since the last call.
  public mutating func takeSightings() -> [Sighting] {
    defer { sightings.removeAll(keepingCapacity: true) }
    return sightings
  }

  private mutating func changeLane(_ point: PointIndex, _ change: (inout LanePlant) -> Void) {
    guard case .lane(var lane) = pieces[point.position] else { return }
    change(&lane)
    pieces[point.position] = .lane(lane)
  }

  private mutating func changeDoor(_ point: PointIndex, _ change: (inout DoorPlant) -> Void) {
    guard case .door(var door) = pieces[point.position] else { return }
    change(&door)
    pieces[point.position] = .door(door)
  }

  private mutating func changeTurnstile(_ point: PointIndex, _ change: (inout TurnstilePlant) -> Void) {
    guard case .turnstile(var turnstile) = pieces[point.position] else { return }
    change(&turnstile)
    pieces[point.position] = .turnstile(turnstile)
  }

  // MARK: Time

  /// Moves everything on by `interval`; `outputs` holds the level of each output, by its position.
  public mutating func step(_ outputs: [Bool], by interval: Interval) {
    for place in pieces.indices {
      switch pieces[place] {
      case .lane(var lane):
        let (open, close, stop) = drives(place, outputs)
        let seen = lane.step(open: open, close: close, stop: stop, by: interval)
        sightings += seen.map { Sighting(point: PointIndex(place), vehicle: $0) }
        pieces[place] = .lane(lane)
      case .door(var door):
        door.step(lock: outputs[door.setting.lock.position], by: interval)
        pieces[place] = .door(door)
      case .turnstile(var turnstile):
        turnstile.step(outputs, by: interval)
        pieces[place] = .turnstile(turnstile)
      }
    }
    sense()
  }

  private func drives(_ place: Int, _ outputs: [Bool]) -> (open: Bool, close: Bool, stop: Bool) {
    switch setting.points[place] {
    case .barrier(let barrier):
      (outputs[barrier.raise.position], outputs[barrier.lower.position], false)
    case .gate(let gate):
      (
        outputs[gate.open.position], outputs[gate.close.position],
        gate.stop.map { outputs[$0.position] } ?? false
      )
    case .door, .turnstile: (false, false, false)
    }
  }

  private mutating func sense() {
    for place in pieces.indices {
      switch (setting.points[place], pieces[place]) {
      case (.barrier(let barrier), .lane(let plant)):
        put(barrier.up, plant.drive.isOpen)
        put(barrier.down, plant.drive.isClosed)
        put(barrier.armingLoop, plant.lane.onApproach)
        put(barrier.closingLoop, plant.lane.onLoop)
        put(barrier.interruptLoop, plant.lane.onInterruptLoop)
        put(barrier.shadowLoop, plant.lane.underArm)
        put(barrier.photocell, plant.lane.inBeam)
      case (.gate(let gate), .lane(let plant)):
        put(gate.openLimit, plant.drive.isOpen)
        put(gate.closedLimit, plant.drive.isClosed)
        put(gate.armingLoop, plant.lane.onApproach)
        put(gate.closingLoop, plant.lane.onLoop)
        put(gate.interruptLoop, plant.lane.onInterruptLoop)
        put(gate.shadowLoop, plant.lane.underArm)
        put(gate.photocell, plant.lane.inBeam)
        put(gate.safetyEdge, plant.edgePressed)
        put(gate.emergencyStop, plant.stopPressed)
      case (.door(let door), .door(let plant)):
        put(door.contact, !plant.isOpen)
        put(door.exitButton, plant.exitPressed)
        put(door.tamper, plant.isTampered)
        put(door.passiveContact, !plant.isPassiveOpen)
        put(door.bond, plant.isHeld)
        put(door.lockPosition, !plant.isUnlocked)
      case (.turnstile(let turnstile), .turnstile(let plant)):
        put(turnstile.rotationIn, plant.senses(.in))
        put(turnstile.rotationOut, plant.senses(.out))
        put(turnstile.rotation, plant.senses(.in) || plant.senses(.out))
        put(turnstile.exitButton, plant.exitPressed)
        put(turnstile.tamper, plant.isTampered)
      default: continue
      }
    }
  }

  private mutating func put(_ input: InputIndex?, _ level: Bool) {
    if let input { levels[input.position] = level }
  }
}
