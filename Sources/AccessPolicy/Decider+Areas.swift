import ControlCore

extension Decider {
  /// Passback of every area that the passage would enter or leave, then the room in those that it would
  /// enter.
  @_noLocks
  borrowing func judgeAreas(
    _ rules: Judgement, _ credential: CredentialKey, _ state: borrowing PassageState,
    _ decision: inout AccessDecision
  ) -> Reason? {
    let entered = doors.entered(rules.reader.point, rules.reader.side)
    let left = doors.left(rules.reader.point, rules.reader.side)
    guard entered | left != 0 else {
      decision.trace.note(.passback, .skip, .noArea)
      return nil
    }
    let place = state.place(of: credential, elsewhereThan: rules.reader.point)
    if decision.passbackExempt {
      decision.trace.note(.passback, .skip, .passbackExempt)
    } else {
      for area in 0..<areas.count where (entered | left) & (1 << UInt64(area)) != 0 {
        let isEntry = entered & (1 << UInt64(area)) != 0
        if let reason = judgePassback(area, isEntry, rules, place, &decision) { return reason }
      }
    }
    for area in 0..<areas.count where entered & ~place.inside & (1 << UInt64(area)) != 0 {
      guard let capacity = areas[area].capacity else { continue }
      let inside = state.expected(in: area, besides: rules.reader.point, credential)
      guard inside < capacity else {
        decision.trace.note(.occupancy, .fail, .full, Int64(area), Int64(inside), Int64(capacity))
        return .deniedUpperOccupancyLimit
      }
      decision.trace.note(.occupancy, .pass, .roomLeft, Int64(area), Int64(inside), Int64(capacity))
    }
    return nil
  }

  @_noLocks
  private borrowing func judgePassback(
    _ area: Int, _ isEntry: Bool, _ rules: Judgement, _ place: CredentialPlace,
    _ decision: inout AccessDecision
  ) -> Reason? {
    let bit = UInt64(1) << UInt64(area)
    let number = Int64(area)
    guard place.known & bit != 0 else {
      decision.trace.note(.passback, .pass, .placeUnknown, number)
      return nil
    }
    guard (place.inside & bit != 0) == isEntry else {
      decision.trace.note(.passback, .pass, .placeFits, number)
      return nil
    }
    switch areas[area].passback {
    case .off:
      decision.trace.note(.passback, .skip, .passbackOff, number)
    case .soft:
      decision.passbackViolated = true
      decision.trace.note(
        .passback, .pass, isEntry ? .insideAlreadySoft : .outsideAlreadySoft, number)
    case .hard:
      decision.trace.note(.passback, .fail, isEntry ? .insideAlready : .outsideAlready, number)
      return .deniedPassback
    case .timed:
      guard isEntry, place.isWithin(areas[area].forgetsAfter, of: rules) else {
        decision.trace.note(.passback, .pass, .forgottenByTime, number)
        return nil
      }
      decision.trace.note(.passback, .fail, .insideAlready, number)
      return .deniedPassback
    }
    return nil
  }

  /// What holds the point back, whoever asks.
  @_noLocks
  borrowing func judgePoint(_ rules: Judgement, _ decision: inout AccessDecision) -> Reason? {
    let condition = rules.condition
    if condition.has(.outOfService) {
      decision.trace.note(.service, .fail, .outOfService)
      return .outOfService
    }
    decision.trace.note(.service, .pass, .inService)
    if condition.has(.lockedDown) {
      decision.trace.note(.lockdown, .fail, .lockedDown)
      return .deniedThreatLevel
    }
    decision.trace.note(.lockdown, .pass, .notLockedDown)
    if condition.has(.interlockBusy) {
      decision.trace.note(.interlock, .fail, .interlockBusy)
      return .deniedInterlock
    }
    decision.trace.note(.interlock, .pass, .interlockFree)
    return nil
  }
}

/// Where a credential is taken to be, and since when.
struct CredentialPlace {
  var inside: UInt64 = 0
  var known: UInt64 = 0
  var at: Int64 = 0
  var instant: Instant?

  @_noLocks init() {}

  /// Whether the last passage is less than `time` ago: by the monotonic clock, or over a restart by the wall
  /// clock, and then in doubt yes.
  @_noLocks
  func isWithin(_ time: Interval, of rules: Judgement) -> Bool {
    if let instant { return rules.now.since(instant) < time }
    guard rules.isClockTrusted, rules.at >= at else { return true }
    return rules.at - at < Int64(time.milliseconds)
  }
}
