extension Actuator {
  enum RestChange: UInt8 {
    case none
    /// A place is known that was not.
    case found
    /// The limit that was on has left, and nobody drove.
    case left
    case bothLimits
    @_noLocks static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
  }

  /// At rest: where the limits say it is. A limit that is lost makes the place unknown, not moved.
  @_noLocks
  mutating func watchRest(_ limits: LimitReadings) -> RestChange {
    if limits.open.isOn && limits.closed.isOn {
      place = .unknown
      return .bothLimits
    }
    if limits.open.isUnknown || limits.closed.isUnknown {
      place = .unknown
      return .none
    }
    if limits.open.isOn { return find(.open) }
    if limits.closed.isOn { return find(.closed) }
    if place == .open && limits.open.isFitted || place == .closed && limits.closed.isFitted {
      place = .unknown
      return .left
    }
    return .none
  }

  @_noLocks
  private mutating func find(_ found: Place) -> RestChange {
    if place == found { return .none }
    let moved = place == .unknown ? RestChange.found : .left
    place = found
    return moved
  }
}
