extension Actuator {
  enum RestChange: UInt8 {
    case none
    /// A place is known that was not.
    case found
    /// The limit that was on has left, and nobody drove.
    case left
    /// As ``left``, so soon after the motor stopped that it can only have settled or sprung back.
    case drifted
    case bothLimits
    /// It moved as only its motor moves it, and no output was on.
    case ranByItself
    @_noLocks static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
  }

  /// At rest: where the limits say it is. A limit that is lost makes the place unknown, not moved.
  @_noLocks
  mutating func watchRest(_ limits: LimitReadings, _ now: Instant) -> RestChange {
    let change = watchLimits(limits, now)
    guard change == .none, style == .held, limits.moving.isOn else { return change }
    return now.since(lastOffAt) >= times.margin ? .ranByItself : .none
  }

  @_noLocks
  private mutating func watchLimits(_ limits: LimitReadings, _ now: Instant) -> RestChange {
    if limits.open.isOn && limits.closed.isOn {
      place = .unknown
      return .bothLimits
    }
    if limits.open.isUnknown || limits.closed.isUnknown {
      place = .unknown
      rest.forget()
      return .none
    }
    if limits.open.isOn { return find(.open, now) }
    if limits.closed.isOn { return find(.closed, now) }
    if place == .open && limits.open.isFitted || place == .closed && limits.closed.isFitted {
      rest.leave(place, now)
      place = .unknown
      return rest.isFresh(now) ? .drifted : .left
    }
    return .none
  }

  @_noLocks
  private mutating func find(_ found: Place, _ now: Instant) -> RestChange {
    if place == found { return .none }
    let ran = wentOn(to: found, now) || ranAcross(to: found, now)
    let moved = place == .unknown ? RestChange.found : .left
    place = found
    rest.forget()
    return ran ? .ranByItself : moved
  }

  /// Stopped half-way, and yet it reached the limit that it was driven to, later than anything coasts. An operator
  /// with electronics of its own may have gone on by itself.
  @_noLocks
  private func wentOn(to found: Place, _ now: Instant) -> Bool {
    guard style == .held, let direction = rest.stopped else { return false }
    guard found == (direction == .opening ? .open : .closed) else { return false }
    let gone = now.since(rest.since)
    return gone >= times.margin && !(gone >= times.travel + times.margin)
  }

  /// From limit to limit in the time that the motor takes. An operator with electronics of its own takes orders from
  /// others too, unless it comes back from where it was just sent.
  @_noLocks
  private func ranAcross(to found: Place, _ now: Instant) -> Bool {
    guard !(rest.left == .unknown), !(rest.left == found) else { return false }
    let cameBack = rest.leftAt.since(rest.since)
    guard style == .held || rest.since.nanoseconds > 0 && !(cameBack >= Limits.settling) else { return false }
    let taken = now.since(rest.leftAt)
    return taken + taken >= times.travel && !(taken >= times.travel + times.margin)
  }
}
