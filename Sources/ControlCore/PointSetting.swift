/// How the drive of a barrier or gate is told to move.
public enum DriveStyle: UInt8, Sendable, Equatable {
  /// One pulse starts the motion; the operator's own electronics end it.
  case pulse
  /// The output holds while the motion lasts; the limit, the travel time or a stop ends it.
  case held
  /// One output: each pulse does the next of open, stop, close, stop. Both limits must be fitted.
  case step

  @_noLocks public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

/// What a step-by-step operator does with a pulse while it closes.
public enum StepAnswer: UInt8, Sendable, Equatable {
  /// It stops; the next pulse opens. The operator must not turn round by itself.
  case stops
  /// It turns round.
  case opens
  /// It takes none, or turns round by its own sensors: no pulse is sent.
  case ignored

  @_noLocks public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

/// A barrier arm. `raise` and `lower` never hold together; `deadTime` lies between them. A step drive has one output,
/// which is both.
public struct BarrierSetting: Sendable, Equatable {
  public var direction: Side = .in
  public var raise: OutputIndex
  public var lower: OutputIndex
  /// Lights of the lane: green only while it stands open for somebody who may drive in; red flashes on a fault.
  public var red: OutputIndex?
  public var green: OutputIndex?
  /// Puts out the photocell's emitter, to test it before the point closes by itself.
  public var sensorTest: OutputIndex?
  /// On while nobody is let through: out of service, locked down, in maintenance; flashing while a fault waits.
  public var sign: OutputIndex?
  /// On while a fault waits for a person, and for ``Limits/alarm`` after somebody followed another one through.
  public var alarm: OutputIndex?
  public var style: DriveStyle = .pulse
  public var stepAnswer: StepAnswer = .stops
  public var up: InputIndex?
  public var down: InputIndex?
  /// Covered by who waits for the point to open.
  public var armingLoop: InputIndex?
  public var closingLoop: InputIndex?
  /// Covered while it closes: it opens again, which is no obstruction. Forbids closing.
  public var interruptLoop: InputIndex?
  /// Covered from inside: it opens, for one passage out.
  public var exitLoop: InputIndex?
  /// Lies where the arm or leaf moves: forbids closing, and has no part in opening.
  public var shadowLoop: InputIndex?
  public var photocell: InputIndex?
  /// On while the loop detector does not work: then nobody knows what its loops say.
  public var detectorFault: InputIndex?
  /// On while a person holds a button in sight of the arm: what a failed sensor leaves. It must have been seen off.
  public var holdToClose: InputIndex?
  /// On while the motor runs.
  public var moving: InputIndex?
  public var pulse = Interval.milliseconds(300)
  public var travel = Interval.milliseconds(1_500)
  /// A travel longer than `travel + margin` is a fault.
  public var margin = Interval.milliseconds(1_000)
  public var deadTime = Interval.milliseconds(200)
  /// Open and clear for so long, with no grant waiting: it closes. Zero: it never closes by time alone.
  public var autoClose = Interval.seconds(5)
  /// A grant that nobody used for so long after the arm is up is taken back, and the arm closes.
  public var entry = Interval.seconds(15)
  /// Grants that wait keep it open from one vehicle to the next; else it closes behind each.
  public var holdBetween = true
  /// A vehicle that left the arming loop, and was not seen further on for so long, has turned back: its grant is taken
  /// back. Zero: grants end by ``entry`` alone.
  public var turnBack = Interval.zero
  /// All sensors clear for so long before an automatic closing.
  public var settle = Interval.milliseconds(500)
  /// A sensor covered for longer is told as stuck, and so is a photocell that misses a vehicle on the closing loop.
  /// Zero: sensors are not watched.
  public var stuck = Interval.zero
  /// A travel that takes so many percent longer than the first ones did is told as `slow`; 0: none is.
  public var driftPercent: UInt64 = 0

  public init(raise: OutputIndex, lower: OutputIndex) {
    self.raise = raise
    self.lower = lower
  }

  public init(step: OutputIndex) {
    self.init(raise: step, lower: step)
    style = .step
  }
}

/// A sliding or swinging gate, with its limits and its safety devices.
public struct GateSetting: Sendable, Equatable {
  public var direction: Side = .in
  public var open: OutputIndex
  public var close: OutputIndex
  public var stop: OutputIndex?
  public var warning: OutputIndex?
  /// Lights of the lane: green only while it stands open for somebody who may drive in; red flashes on a fault.
  public var red: OutputIndex?
  public var green: OutputIndex?
  /// Puts out the photocell's emitter, to test it before the point closes by itself.
  public var sensorTest: OutputIndex?
  /// On while nobody is let through: out of service, locked down, in maintenance; flashing while a fault waits.
  public var sign: OutputIndex?
  /// On while a fault waits for a person, and for ``Limits/alarm`` after somebody followed another one through.
  public var alarm: OutputIndex?
  public var style: DriveStyle = .held
  public var stepAnswer: StepAnswer = .stops
  public var openLimit: InputIndex?
  public var closedLimit: InputIndex?
  /// Covered by who waits for the point to open.
  public var armingLoop: InputIndex?
  public var closingLoop: InputIndex?
  /// Covered while it closes: it opens again, which is no obstruction. Forbids closing.
  public var interruptLoop: InputIndex?
  /// Covered from inside: it opens, for one passage out.
  public var exitLoop: InputIndex?
  /// Lies where the arm or leaf moves: forbids closing, and has no part in opening.
  public var shadowLoop: InputIndex?
  public var photocell: InputIndex?
  /// On while the loop detector does not work: then nobody knows what its loops say.
  public var detectorFault: InputIndex?
  /// On while a person holds a button in sight of the leaf: what a failed sensor leaves. It must have been seen off.
  public var holdToClose: InputIndex?
  public var holdToOpen: InputIndex?
  public var safetyEdge: InputIndex?
  public var emergencyStop: InputIndex?
  /// On while the motor runs.
  public var moving: InputIndex?
  public var pulse = Interval.milliseconds(500)
  public var travel = Interval.seconds(15)
  public var margin = Interval.seconds(3)
  public var deadTime = Interval.milliseconds(500)
  /// Light or sound before an unattended closing (UL 325: at least 5 s).
  public var closingWarning = Interval.seconds(5)
  public var autoClose = Interval.seconds(20)
  public var entry = Interval.seconds(30)
  /// Grants that wait keep it open from one vehicle to the next; else it closes behind each.
  public var holdBetween = true
  /// A vehicle that left the arming loop, and was not seen further on for so long, has turned back: its grant is taken
  /// back. Zero: grants end by ``entry`` alone.
  public var turnBack = Interval.zero
  /// All sensors clear for so long before an automatic closing.
  public var settle = Interval.milliseconds(500)
  /// A sensor covered for longer is told as stuck, and so is a photocell that misses a vehicle on the closing loop.
  /// Zero: sensors are not watched.
  public var stuck = Interval.zero
  /// A travel that takes so many percent longer than the first ones did is told as `slow`; 0: none is.
  public var driftPercent: UInt64 = 0
  /// An opening leaf that meets something goes back for so long, then stops.
  public var reversal = Interval.seconds(2)

  public init(open: OutputIndex, close: OutputIndex) {
    self.open = open
    self.close = close
  }

  public init(step: OutputIndex) {
    self.init(open: step, close: step)
    style = .step
  }
}

/// What a lock does without power.
public enum FailMode: UInt8, Sendable, Equatable {
  /// Locked without power (a strike): energised to unlock.
  case secure
  /// Unlocked without power (a magnet on an escape route): energised to lock.
  case safe

  @_noLocks public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

public enum Relock: UInt8, Sendable, Equatable {
  /// As soon as the door is seen to open.
  case onOpen
  /// When the door has opened and closed again.
  case onClose
  /// Only when the unlock time has run out.
  case onTime

  @_noLocks public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

/// A door with a lock. The output is true while the lock is energised; ``FailMode`` says what that means.
public struct DoorSetting: Sendable, Equatable {
  public var lock: OutputIndex
  /// On while the door is closed, so that a cut wire reads as an open door.
  public var contact: InputIndex?
  /// The same of a second leaf: the door is closed only where both are.
  public var passiveContact: InputIndex?
  /// On while the magnet holds its armature.
  public var bond: InputIndex?
  /// On while the bolt is thrown.
  public var lockPosition: InputIndex?
  public var exitButton: InputIndex?
  public var tamper: InputIndex?
  public var fail: FailMode = .secure
  public var relock: Relock = .onClose
  public var unlock = Interval.seconds(5)
  public var extendedUnlock = Interval.seconds(15)
  /// Open for so long after a permitted opening: `heldOpen`.
  public var held = Interval.seconds(30)
  /// `heldWarning` comes so long before `heldOpen`; zero: no warning.
  public var heldWarning = Interval.seconds(5)
  /// Bond and bolt that do not follow the lock for so long are a fault.
  public var lockFeedback = Interval.seconds(2)
  /// The exit button works in lockdown.
  public var exitInLockdown = true

  public init(lock: OutputIndex) {
    self.lock = lock
  }
}

/// Who may open a door.
public enum DoorAccess: UInt8, Sendable, Equatable, CaseIterable {
  /// Grants, orders, the exit button.
  case controlled
  /// Everybody: it stays unlocked, as a schedule says.
  case free
  /// Everybody: it stays unlocked, as somebody who may has latched it.
  case office

  @_noLocks public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

public enum PointSetting: Sendable, Equatable {
  case barrier(BarrierSetting)
  case gate(GateSetting)
  case door(DoorSetting)
  case turnstile(TurnstileSetting)
}
