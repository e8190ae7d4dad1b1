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
  /// How often it was switched on before this start.
  public var operations: UInt32

  public init(safe: Bool = false, operations: UInt32 = 0) {
    self.safe = safe
    self.operations = operations
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
  /// What each point did before this start; empty where nothing is known.
  public var wear: [PointWear] = []

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
