/// Where a barrier, gate or door stands, as a person would say it.
public enum PointState: UInt8, Sendable, CaseIterable {
  /// Not yet sensed: nothing closes.
  case unknown
  case closed, opening, open, warning, closing, reversing, stopped
  // Doors.
  case locked, unlocked, openDoor, held, forced
  /// Released by an emergency plan, held until a reset.
  case released
  case faulted
  case outOfService

  @_noLocks public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

/// One point's state for status, display and log; plain data, copied out once a scan.
public struct PointStatus: Sendable, Equatable {
  public var state: PointState = .unknown
  public var fault: Cause = .none
  /// The passage that holds the point open, or 0.
  public var passage: UInt64 = 0
  public var presence = false
  public var outOfService = false
  /// The plan that holds the point, if any.
  public var released = false
  public var heldOpen = false
  public var lockedDown = false
  /// The plan that rules the point is a drill.
  public var drill = false
  /// An interlock would hold a grant back now; whether it may wait for that to end.
  public var interlocked = false
  public var interlockWaits = false
  /// Doors: who may open it, and whether it may stand open without an alarm.
  public var access: DoorAccess = .controlled
  public var isPropped = false
  /// Whole motions or unlockings.
  public var cycles: UInt32 = 0
  /// Motions that were turned round before they had ended.
  public var reversals: UInt32 = 0
  /// Vehicles that went through without a grant of their own.
  public var tailgates: UInt32 = 0
  /// The mean of the first ``Limits/travelsLearned`` travels from limit to limit; zero while it is learned.
  public var openingTravel = Interval.zero
  public var closingTravel = Interval.zero
  /// The last whole travel of each direction since the start; zero where there was none.
  public var lastOpening = Interval.zero
  public var lastClosing = Interval.zero
  /// The last such travel of one direction drifted from its mean by more than the site allows.
  public var isSlow = false
  public var since = Instant.zero

  @_noLocks public init() {}
}
