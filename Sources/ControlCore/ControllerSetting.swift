public struct InputSetting: Sendable, Equatable {
  /// A change must hold for so long before the machines see it.
  public var debounce: Interval

  public init(debounce: Interval = .zero) {
    self.debounce = debounce
  }
}

public struct OutputSetting: Sendable, Equatable {
  /// The level when the controller is gone: at start, in the guard's hands, after the last scan.
  public var safe: Bool

  public init(safe: Bool = false) {
    self.safe = safe
  }
}

/// One emergency plan. It starts on any of its inputs or by command and holds until a person resets it.
public struct EmergencySetting: Sendable, Equatable {
  /// Any of these true, or lost where `lostCounts`, starts the plan.
  public var inputs: [InputIndex]
  public var lostCounts: Bool
  /// Unlocked or opened within the scan, and held so until the reset.
  public var release: [PointIndex]
  /// Locked down: no grant and no exit reader opens them; an exit button still does.
  public var lock: [PointIndex]
  /// The plan held when the controller last stopped: it holds from the first scan on, and no event tells it again.
  public var startsActive: Bool
  public var startsAsDrill: Bool

  public init(
    inputs: [InputIndex] = [], lostCounts: Bool = false, release: [PointIndex] = [],
    lock: [PointIndex] = [], startsActive: Bool = false, startsAsDrill: Bool = false
  ) {
    self.inputs = inputs
    self.lostCounts = lostCounts
    self.release = release
    self.lock = lock
    self.startsActive = startsActive
    self.startsAsDrill = startsAsDrill
  }
}

/// An airlock or mantrap: of its points at most so many are opened at a time.
public struct InterlockSetting: Sendable, Equatable, ExpressibleByArrayLiteral {
  public var points: [PointIndex]
  public var atMost: Int
  /// A grant that the interlock holds back waits so long for another point to close; zero: it is refused at once.
  public var wait: Interval

  public init(points: [PointIndex], atMost: Int = 1, wait: Interval = .zero) {
    self.points = points
    self.atMost = atMost
    self.wait = wait
  }

  public init(arrayLiteral points: PointIndex...) {
    self.init(points: points)
  }
}

/// All that the controller is told about its site, names already resolved to places.
///
/// A position in an array is the index that commands and events speak of.
public struct ControllerSetting: Sendable, Equatable {
  public var inputs: [InputSetting]
  public var outputs: [OutputSetting]
  public var points: [PointSetting]
  public var interlocks: [InterlockSetting]
  public var emergencies: [EmergencySetting]

  public init(
    inputs: [InputSetting] = [], outputs: [OutputSetting] = [], points: [PointSetting] = [],
    interlocks: [InterlockSetting] = [], emergencies: [EmergencySetting] = []
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.points = points
    self.interlocks = interlocks
    self.emergencies = emergencies
  }
}
