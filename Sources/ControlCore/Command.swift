/// Which way through a point.
public enum Side: UInt8, Sendable, Equatable {
  case `in`
  case out

  @_noLocks public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

/// What a decision allows: one passage through one point.
public struct Grant: Sendable, Equatable {
  /// The number of the passage; it returns in every event that this grant causes.
  public var passage: UInt64
  public var side: Side
  /// More time for those marked so (`extended_unlock_ms`).
  public var extended: Bool
  /// A plan that locks the point down does not hold it back.
  public var passesLockdown: Bool

  @_noLocks
  public init(passage: UInt64, side: Side, extended: Bool = false, passesLockdown: Bool = false) {
    self.passesLockdown = passesLockdown
    self.passage = passage
    self.side = side
    self.extended = extended
  }
}

/// What a person who holds orders.
public enum HoldWay: UInt8, Sendable, Equatable {
  case open, close
  /// No longer: it stops at once.
  case letGo

  @_noLocks public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

/// An order to the controller. A machine may still refuse it; the refusal is an event.
public struct Command: Sendable, Equatable {
  public enum Action: Sendable, Equatable {
    /// A credential was granted at the point.
    case grant(PointIndex, Grant)
    /// An operator opens the point; it closes by the point's own rules.
    case open(PointIndex)
    /// An operator closes the point, as far as that is safe.
    case close(PointIndex)
    /// A person who sees the arm or leaf drives it although a sensor has failed: repeated within ``Limits/holdOrder`` for
    /// as long as it shall move.
    case hold(PointIndex, HoldWay)
    /// A person has looked: a latched fault or alarm of the point ends.
    case reset(PointIndex)
    /// The motor was replaced: its counts and its learned travel begin anew.
    case resetWear(PointIndex)
    /// The point takes no grant and starts no motion of its own until it is put back.
    case setOutOfService(PointIndex, Bool)
    /// A door stays unlocked for all, or is controlled again.
    case setAccess(PointIndex, DoorAccess)
    /// A door may stand open without an alarm, or may no longer.
    case setPropped(PointIndex, Bool)
    case startEmergency(PlanIndex, drill: Bool)
    case resetEmergency(PlanIndex)
    /// The outputs of the plan that may be silenced go off; the plan holds on.
    case silenceEmergency(PlanIndex)
    /// A technician tests outputs: only in maintenance does `testOutput` work, and nothing else moves.
    case setMaintenance(Bool)
    case testOutput(OutputIndex, level: Bool, for: Interval)
  }

  public var action: Action
  /// Given by who orders; returned in the events that answer the command.
  public var token: UInt64
  public var issued: Instant
  /// From here on the command is stale: it is refused, it moves nothing.
  public var expires: Instant

  var letsGo: Bool {
    @_noLocks get {
      if case .hold(_, let way) = action { return way == .letGo }
      return false
    }
  }

  public init(_ action: Action, token: UInt64, issued: Instant, expires: Instant) {
    self.action = action
    self.token = token
    self.issued = issued
    self.expires = expires
  }
}
