/// What a plan is for. Fire outranks every other plan; the others are words for people and records.
public enum EmergencyKind: UInt8, Sendable, CaseIterable {
  case fire, evacuation, lockdown, flood, power

  @_noLocks public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

/// An output that a plan switches on: a siren, a lamp, a sign. It belongs to no point.
public struct PlanOutputSetting: Sendable, Equatable {
  public var output: OutputIndex
  /// On and off at 1 Hz instead of steadily on.
  public var flashes: Bool
  /// On for so long from the plan's start; zero: while the plan holds.
  public var time: Interval
  /// A person may silence it while the plan holds on.
  public var canSilence: Bool

  public init(
    _ output: OutputIndex, flashes: Bool = false, time: Interval = .zero, canSilence: Bool = false
  ) {
    self.output = output
    self.flashes = flashes
    self.time = time
    self.canSilence = canSilence
  }
}

/// One emergency plan. It starts on any of its inputs or by command, and holds until a person resets it.
public struct EmergencySetting: Sendable, Equatable {
  public var kind: EmergencyKind
  /// Of two plans that name one point the lower number rules it, then the one that stands first. Fire stands above
  /// every number, and a real emergency above every drill.
  public var precedence: Int
  /// Any of these true, or lost where `lostCounts`, starts the plan.
  public var inputs: [InputIndex]
  public var lostCounts: Bool
  /// An input must call for so long; a command starts the plan at once.
  public var after: Interval
  /// The plan ends by itself when all its inputs are seen off, if an input had started it.
  public var untilInput: Bool
  /// Unlocked or opened within the scan, whatever else holds.
  public var release: [PointIndex]
  /// Opened as by an operator, as soon as nothing forbids it, and not closed again; a door is released.
  public var holdOpen: [PointIndex]
  /// Locked down: no grant and no exit reader opens them; an exit button still does.
  public var lock: [PointIndex]
  public var outputs: [PlanOutputSetting]
  /// A point that shows no reaction for so long has not reacted; nil: as its kind and its travel say.
  public var reaction: Interval?
  /// The plan held when the controller last stopped: it holds from the first scan on, and no event tells it again.
  public var startsActive: Bool
  public var startsAsDrill: Bool
  /// An input had called for it before that stop.
  public var startsCalled: Bool

  public init(
    kind: EmergencyKind = .evacuation, precedence: Int = 0, inputs: [InputIndex] = [],
    lostCounts: Bool = false, after: Interval = .zero, untilInput: Bool = false, release: [PointIndex] = [],
    holdOpen: [PointIndex] = [], lock: [PointIndex] = [], outputs: [PlanOutputSetting] = [],
    reaction: Interval? = nil, startsActive: Bool = false, startsAsDrill: Bool = false,
    startsCalled: Bool = false
  ) {
    self.kind = kind
    self.precedence = precedence
    self.inputs = inputs
    self.lostCounts = lostCounts
    self.after = after
    self.untilInput = untilInput
    self.release = release
    self.holdOpen = holdOpen
    self.lock = lock
    self.outputs = outputs
    self.reaction = reaction
    self.startsActive = startsActive
    self.startsAsDrill = startsAsDrill
    self.startsCalled = startsCalled
  }

  /// How long `point` may take to show that it has followed this plan.
  public func reactionTime(of point: PointSetting) -> Interval {
    reaction ?? point.reactionTime
  }
}

extension PointSetting {
  /// A lock or a rotor reacts at once, its bolt and its leaf soon after; an arm or leaf needs its travel.
  public var reactionTime: Interval {
    switch self {
    case .door, .turnstile: Limits.lockReaction
    case .barrier(let barrier): barrier.deadTime + barrier.travel + barrier.margin
    case .gate(let gate): gate.pulse + gate.deadTime + gate.travel + gate.margin
    }
  }
}

/// How a plan stands after a scan; plain data, copied out once a scan.
public struct PlanStatus: Sendable, Equatable {
  public var active = false
  public var drill = false
  /// An input has called for the plan since it began to hold.
  public var called = false
  public var silenced = false
  /// When it began to hold; after a restart of the controller the first scan.
  public var startedAt = Instant.zero

  @_noLocks public init() {}
}
