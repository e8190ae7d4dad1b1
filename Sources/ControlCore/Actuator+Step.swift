/// Where a step-by-step drive is between its pulses.
///
/// One output, and each pulse does the next of open, stop, close, stop: which one, only the limits tell. At the closed
/// limit it opens, at the open limit it closes. In between a pulse is sent for one purpose alone: to turn a closing
/// round that began here, with what the site file says of the operator's answer (``StepAnswer``).
enum StepPhase: UInt8 {
  /// Waits for the dead time, and for the limit to stand as it must.
  case ready
  /// Under way; the pulse may still be on.
  case travelling
  /// To be turned round: it has to leave the open limit first, or nobody knows that it closes.
  case leaving
  /// To be turned round: waits for the dead time since the pulse that closed it.
  case pausing
  /// The pulse that turns it round, or stops it, is on.
  case turning
  /// It ought to stand: only what does is sent the pulse that opens it.
  case looking
  /// Turned round: the closed limit now would be the wrong way.
  case returning

  @_noLocks static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

extension Actuator {
  /// A pulse now is one of those that turn a closing round.
  var isTurning: Bool { @_noLocks get { phase == .turning || phase == .returning } }

  @_noLocks
  mutating func beginStep(_ direction: Direction, _ now: Instant) {
    guard isClosing, let _ = startedAt else {
      enter(.ready, now)
      return
    }
    precondition(direction == .opening, "a closing begins anew while it lasts")
    enter(.leaving, now)
  }

  @_noLocks
  private mutating func enter(_ next: StepPhase, _ now: Instant) {
    phase = next
    phaseSince = now
  }

  @_noLocks
  mutating func stepByStep(_ direction: Direction, _ limits: LimitReadings, _ now: Instant) -> Outcome {
    switch phase {
    case .ready: return pulseFromLimit(direction, limits, now)
    case .travelling: return travel(direction, limits, now)
    case .leaving: return leave(limits, now)
    case .pausing:
      if let outcome = turned(limits, now) { return outcome }
      guard isFree(.opening, now) else { return .nothing }
      energise(.opening)
      enter(.turning, now)
      return .nothing
    case .turning: return turn(now)
    case .looking: return look(limits, now)
    case .returning:
      if limits.stands(.closed) { return pulseBack(limits, now) }
      return travel(direction, limits, now)
    }
  }

  /// From a limit the next pulse leads away from it: the one thing that is certain of a step drive.
  @_noLocks
  private mutating func pulseFromLimit(
    _ direction: Direction, _ limits: LimitReadings, _ now: Instant
  ) -> Outcome {
    if limits.stands(direction == .opening ? .open : .closed) {
      return arrive(direction, .zero, known: true, now)
    }
    guard limits.stands(direction == .opening ? .closed : .open) else { return fail(.positionUnknown, now) }
    guard isFree(direction, now) else { return .nothing }
    energise(direction)
    startedAt = now
    enter(.travelling, now)
    return .nothing
  }

  @_noLocks
  private mutating func travel(
    _ direction: Direction, _ limits: LimitReadings, _ now: Instant
  ) -> Outcome {
    endPulse(now)
    guard let started = startedAt else { return .nothing }
    return feedback(direction, now.since(started), limits, now)
  }

  @_noLocks
  private mutating func endPulse(_ now: Instant) {
    if let _ = energised, now.since(phaseSince) >= times.pulse { release(now) }
  }

  /// It has not left the open limit: either it will, or it never began to close.
  @_noLocks
  private mutating func leave(_ limits: LimitReadings, _ now: Instant) -> Outcome {
    if limits.stands(.open) {
      let gone = now.since(phaseSince)
      return gone >= times.margin ? arrive(.opening, gone, known: true, now) : .nothing
    }
    if limits.open.isUnknown || limits.closed.isUnknown { return fail(.positionUnknown, now) }
    if times.answer == .ignored {
      startedAt = now
      enter(.returning, now)
    } else {
      enter(.pausing, now)
    }
    return .nothing
  }

  @_noLocks
  private mutating func turn(_ now: Instant) -> Outcome {
    guard now.since(phaseSince) >= times.pulse else { return .nothing }
    release(now)
    startedAt = phaseSince
    enter(times.answer == .opens ? .returning : .looking, now)
    return .nothing
  }

  /// What a limit says while it is turned round: it is at one, and no pulse is needed, or the next one opens for sure.
  @_noLocks
  private mutating func turned(_ limits: LimitReadings, _ now: Instant) -> Outcome? {
    if limits.open.isUnknown || limits.closed.isUnknown { return fail(.positionUnknown, now) }
    if limits.stands(.open) { return arrive(.opening, now.since(phaseSince), known: true, now) }
    if limits.stands(.closed) {
      startedAt = nil
      enter(.ready, now)
      return .nothing
    }
    return nil
  }

  @_noLocks
  private mutating func look(_ limits: LimitReadings, _ now: Instant) -> Outcome {
    if let outcome = turned(limits, now) { return outcome }
    guard isFree(.opening, now) else { return .nothing }
    if limits.moving.isUnknown { return fail(.positionUnknown, now) }
    if limits.moving.isOn {
      return now.since(lastOffAt) >= times.margin ? fail(.notStopped, now) : .nothing
    }
    energise(.opening)
    startedAt = now
    enter(.returning, now)
    return .nothing
  }

  /// It came down though it was turned round: what the site file says of the operator is not so. From here a pulse
  /// opens for sure.
  @_noLocks
  private mutating func pulseBack(_ limits: LimitReadings, _ now: Instant) -> Outcome {
    release(now)
    startedAt = nil
    enter(.ready, now)
    return times.answer == .ignored ? .nothing : .failed(.wrongWay)
  }
}
