/// Which way a leaf or arm is driven.
enum Direction: UInt8 {
  case opening
  case closing
  @_noLocks static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

/// Where a leaf or arm stands.
enum Place: UInt8 {
  case unknown
  case closed
  case open
  @_noLocks static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

/// Both limits, as read, and what tells that the motor runs.
struct LimitReadings {
  var open = Reading.absent
  var closed = Reading.absent
  var moving = Reading.absent

  @_noLocks init() {}

  @_noLocks
  func target(_ direction: Direction) -> Reading { direction == .opening ? open : closed }

  @_noLocks
  func origin(_ direction: Direction) -> Reading { direction == .opening ? closed : open }

  /// One limit is on and the other is not: where it stands is certain.
  @_noLocks
  func stands(_ place: Place) -> Bool {
    switch place {
    case .unknown: false
    case .closed: closed.isOn && open.isOff
    case .open: open.isOn && closed.isOff
    }
  }
}

/// The motor of a barrier or gate: two directions, their dead time, their pulses, and what the limits say of them.
///
/// It knows no vehicle and no grant. The machine above says where to move; the actuator says when it has arrived,
/// or why it has not.
struct Actuator {
  enum Outcome {
    case nothing
    /// Arrived; `travel` is the time since the output was energised.
    case arrived(travel: Interval)
    /// Feedback and command disagree: the motor is stopped, but for ``Cause/wrongWay``, which is on its way back.
    case failed(Cause)
  }

  let times: DriveTimes
  var style: DriveStyle { @_noLocks get { times.style } }

  /// Where it is wanted to go; nil at rest.
  var wanted: Direction?
  /// The output that is on.
  private(set) var energised: Direction?
  /// When the wanted direction's output came on; nil while the dead time lasts.
  var startedAt: Instant?
  private var lastDirection: Direction?
  private(set) var lastOffAt = Instant.zero
  /// Motions turned round before they had ended.
  var reversals: UInt32 = 0
  /// The motion began at the other limit; the last one to arrive was sensed from limit to limit.
  private var beganAtLimit = false
  private(set) var cameWhole = false
  /// Where it rests, as far as it is known.
  var place = Place.unknown
  var phase = StepPhase.ready
  var phaseSince = Instant.zero
  var rest = RestWatch()

  @_noLocks
  init(_ times: DriveTimes) {
    self.times = times
  }

  var isOpening: Bool {
    @_noLocks get {
      if let wanted { return wanted == .opening }
      return false
    }
  }

  var isClosing: Bool {
    @_noLocks get {
      if let wanted { return wanted == .closing }
      return false
    }
  }

  var isMoving: Bool { @_noLocks get { isOpening || isClosing } }

  var isOn: Bool {
    @_noLocks get {
      if let _ = energised { return true }
      return false
    }
  }

  @_noLocks
  func drives(_ direction: Direction) -> Bool {
    if let energised { return energised == direction }
    return false
  }

  /// Whether a pulse or a held output would lead that way for sure; always so but for the step drive.
  @_noLocks
  func canMove(_ direction: Direction) -> Bool {
    guard style == .step else { return true }
    if direction == .closing { return place == .open }
    return place == .closed || isMoving
  }

  /// The output goes on in the next ``step(_:_:)`` that the dead time allows. Ask ``canMove(_:)`` first.
  @_noLocks
  mutating func move(_ direction: Direction, _ now: Instant) {
    precondition(canMove(direction), "a step drive is moved from where it may stand anywhere")
    if let wanted {
      if wanted == direction && style == .step { return }
      if !(wanted == direction) { reversals &+= 1 }
    }
    if style == .step { beginStep(direction, now) }
    beganAtLimit = place == (direction == .opening ? .closed : .open)
    release(now)
    wanted = direction
    startedAt = nil
    place = .unknown
  }

  @_noLocks
  mutating func stop(_ now: Instant) {
    rest.begin(stopped: wanted, now)
    release(now)
    wanted = nil
    startedAt = nil
    phase = .ready
  }

  /// A technician's test drives this direction now.
  @_noLocks
  mutating func noteTest(_ direction: Direction, _ now: Instant) {
    lastDirection = direction
    lastOffAt = now
    rest.forget()
  }

  /// The dead time since the other direction has passed; for the step drive, since the last pulse.
  @_noLocks
  func isFree(_ direction: Direction, _ now: Instant) -> Bool {
    guard let last = lastDirection, !(last == direction) || style == .step else { return true }
    return now.since(lastOffAt) >= times.deadTime
  }

  @_noLocks
  mutating func energise(_ direction: Direction) {
    energised = direction
  }

  @_noLocks
  mutating func release(_ now: Instant) {
    guard let direction = energised else { return }
    energised = nil
    lastDirection = direction
    lastOffAt = now
  }

  @_noLocks
  mutating func step(_ limits: LimitReadings, _ now: Instant) -> Outcome {
    guard let direction = wanted else { return .nothing }
    if style == .step { return stepByStep(direction, limits, now) }
    guard let started = startedAt else {
      guard isFree(direction, now) else { return .nothing }
      energised = direction
      startedAt = now
      return .nothing
    }
    let elapsed = now.since(started)
    if style == .pulse && elapsed >= times.pulse { release(now) }
    return feedback(direction, elapsed, limits, now)
  }

  @_noLocks
  mutating func feedback(
    _ direction: Direction, _ elapsed: Interval, _ limits: LimitReadings, _ now: Instant
  ) -> Outcome {
    let target = limits.target(direction)
    let origin = limits.origin(direction)
    let (travel, margin) = (times.travel, times.margin)
    cameWhole = beganAtLimit && origin.isOff && target.isOn
    if target.isOn {
      return origin.isOn ? fail(.limitStuck, now) : arrive(direction, elapsed, known: true, now)
    }
    if origin.isOn && elapsed >= margin { return fail(.notStarted, now) }
    if target.isFitted && !target.isUnknown {
      return elapsed >= travel + margin ? fail(.tooSlow, now) : .nothing
    }
    // Without a limit to believe, the travel time ends the motion; a lost limit leaves the place unknown.
    guard elapsed >= travel else { return .nothing }
    return arrive(direction, elapsed, known: !target.isUnknown, now)
  }

  @_noLocks
  mutating func arrive(
    _ direction: Direction, _ elapsed: Interval, known: Bool, _ now: Instant
  ) -> Outcome {
    stop(now)
    rest.arrived()
    place = known ? (direction == .opening ? .open : .closed) : .unknown
    return .arrived(travel: elapsed)
  }

  @_noLocks
  mutating func fail(_ cause: Cause, _ now: Instant) -> Outcome {
    stop(now)
    return .failed(cause)
  }
}
