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

/// Both limits, as read.
struct LimitReadings {
  var open = Reading.absent
  var closed = Reading.absent

  @_noLocks init() {}

  @_noLocks
  func target(_ direction: Direction) -> Reading { direction == .opening ? open : closed }

  @_noLocks
  func origin(_ direction: Direction) -> Reading { direction == .opening ? closed : open }
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
    /// Feedback and command disagree: the motor is stopped.
    case failed(Cause)
  }

  let style: DriveStyle
  let pulse: Interval
  let travel: Interval
  let margin: Interval
  let deadTime: Interval

  /// Where it is wanted to go; nil at rest.
  private(set) var wanted: Direction?
  /// The output that is on.
  private(set) var energised: Direction?
  /// When the wanted direction's output came on; nil while the dead time lasts.
  private(set) var startedAt: Instant?
  private var lastDirection: Direction?
  private var lastOffAt = Instant.zero
  /// Motions turned round before they had ended.
  var reversals: UInt32 = 0
  /// The motion began at the other limit; the last one to arrive was sensed from limit to limit.
  private var beganAtLimit = false
  private(set) var cameWhole = false
  /// Where it rests, as far as it is known.
  var place = Place.unknown

  @_noLocks
  init(style: DriveStyle, pulse: Interval, travel: Interval, margin: Interval, deadTime: Interval) {
    self.style = style
    self.pulse = pulse
    self.travel = travel
    self.margin = margin
    self.deadTime = deadTime
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

  @_noLocks
  func drives(_ direction: Direction) -> Bool {
    if let energised { return energised == direction }
    return false
  }

  /// The output goes on in the next ``step(_:_:)`` that the dead time allows.
  @_noLocks
  mutating func move(_ direction: Direction, _ now: Instant) {
    if let wanted, !(wanted == direction) { reversals &+= 1 }
    beganAtLimit = place == (direction == .opening ? .closed : .open)
    release(now)
    wanted = direction
    startedAt = nil
    place = .unknown
  }

  @_noLocks
  mutating func stop(_ now: Instant) {
    release(now)
    wanted = nil
    startedAt = nil
  }

  /// A technician's test drives this direction now.
  @_noLocks
  mutating func noteTest(_ direction: Direction, _ now: Instant) {
    lastDirection = direction
    lastOffAt = now
  }

  /// The dead time since the other direction has passed.
  @_noLocks
  func isFree(_ direction: Direction, _ now: Instant) -> Bool {
    guard let last = lastDirection, !(last == direction) else { return true }
    return now.since(lastOffAt) >= deadTime
  }

  @_noLocks
  private mutating func release(_ now: Instant) {
    guard let direction = energised else { return }
    energised = nil
    lastDirection = direction
    lastOffAt = now
  }

  @_noLocks
  mutating func step(_ limits: LimitReadings, _ now: Instant) -> Outcome {
    guard let direction = wanted else { return .nothing }
    guard let started = startedAt else {
      guard isFree(direction, now) else { return .nothing }
      energised = direction
      startedAt = now
      return .nothing
    }
    let elapsed = now.since(started)
    if style == .pulse && elapsed >= pulse { release(now) }
    return feedback(direction, elapsed, limits, now)
  }

  @_noLocks
  private mutating func feedback(
    _ direction: Direction, _ elapsed: Interval, _ limits: LimitReadings, _ now: Instant
  ) -> Outcome {
    let target = limits.target(direction)
    let origin = limits.origin(direction)
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
  private mutating func arrive(
    _ direction: Direction, _ elapsed: Interval, known: Bool, _ now: Instant
  ) -> Outcome {
    stop(now)
    place = known ? (direction == .opening ? .open : .closed) : .unknown
    return .arrived(travel: elapsed)
  }

  @_noLocks
  private mutating func fail(_ cause: Cause, _ now: Instant) -> Outcome {
    stop(now)
    return .failed(cause)
  }
}
