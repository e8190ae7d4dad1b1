import ControlCore

extension Decider {
  /// Passback of every area that the passage would enter or leave, then the room in those that it would
  /// enter.
  @_noLocks
  borrowing func judgeAreas(
    _ rules: Judgement, _ way: PassageWay, _ state: borrowing PassageState, _ decision: inout AccessDecision
  ) -> Reason? {
    let (entered, place) = (way.entered, way.place)
    guard entered | way.left != 0 else {
      decision.trace.note(.passback, .skip, .noArea)
      return nil
    }
    if decision.passbackExempt {
      decision.trace.note(.passback, .skip, .passbackExempt)
    } else {
      var rest = entered | way.left
      while rest != 0 {
        let area = rest.trailingZeroBitCount
        rest &= rest &- 1
        let isEntry = entered & (1 << UInt64(area)) != 0
        if let reason = judgePassback(area, isEntry, rules, place, &decision) { return reason }
        let nested =
          isEntry
          ? judgeAround(area, entered, place, &decision) : judgeInner(area, entered, place, &decision)
        if let nested { return nested }
      }
    }
    var guarded = entered & firstInAreas
    while guarded != 0 {
      let area = guarded.trailingZeroBitCount
      guarded &= guarded &- 1
      if let reason = judgeFirstIn(area, state, &decision) { return reason }
    }
    var rest = entered & ~place.inside
    while rest != 0 {
      let area = rest.trailingZeroBitCount
      rest &= rest &- 1
      guard let capacity = areas[area].capacity else { continue }
      let inside = state.expected(in: area, way.rivals)
      guard inside < capacity else {
        decision.trace.note(.occupancy, .fail, .full, Int64(area), Int64(inside), Int64(capacity))
        return .deniedUpperOccupancyLimit
      }
      decision.trace.note(.occupancy, .pass, .roomLeft, Int64(area), Int64(inside), Int64(capacity))
      if capacity - inside < decision.room.places { decision.room = (area, capacity - inside) }
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

  /// Into an area from outside of the one around it: as the area's passback says.
  @_noLocks
  private borrowing func judgeAround(
    _ area: Int, _ entered: UInt64, _ place: CredentialPlace, _ decision: inout AccessDecision
  ) -> Reason? {
    guard let outer = areas[area].within else { return nil }
    let bit = UInt64(1) << UInt64(outer)
    guard place.known & ~place.inside & ~entered & bit != 0 else { return nil }
    return judgeNested(area, outer, of: area, .outsideAround, .outsideAroundSoft, &decision)
  }

  /// Out of an area by one who is still in another one within it: as the inner one's passback says.
  @_noLocks
  private borrowing func judgeInner(
    _ area: Int, _ entered: UInt64, _ place: CredentialPlace, _ decision: inout AccessDecision
  ) -> Reason? {
    guard place.inside != 0 else { return nil }
    let within = doors.inner(1 << UInt64(area)) & place.inside & ~entered
    for inner in 0..<areas.count where within & (1 << UInt64(inner)) != 0 {
      let reason = judgeNested(area, inner, of: inner, .insideInner, .insideInnerSoft, &decision)
      if let reason { return reason }
    }
    return nil
  }

  @_noLocks
  private borrowing func judgeNested(
    _ area: Int, _ other: Int, of judge: Int, _ hard: Finding, _ soft: Finding,
    _ decision: inout AccessDecision
  ) -> Reason? {
    switch areas[judge].passback {
    case .hard:
      decision.trace.note(.passback, .fail, hard, Int64(area), Int64(other))
      return .deniedPassback
    case .soft:
      decision.passbackViolated = true
      decision.trace.note(.passback, .pass, soft, Int64(area), Int64(other))
    case .off, .timed: break
    }
    return nil
  }

  /// Others wait until one of those who go first is inside.
  @_noLocks
  private borrowing func judgeFirstIn(
    _ area: Int, _ state: borrowing PassageState, _ decision: inout AccessDecision
  ) -> Reason? {
    let first = areas[area].firstIn
    if decision.member.groups & first != 0 {
      decision.trace.note(.firstIn, .pass, .leads, Int64(area))
      return nil
    }
    guard state.members.ofGroups(first, in: area) > 0 else {
      decision.trace.note(.firstIn, .fail, .leaderMissing, Int64(area))
      return .deniedNoAccompaniment
    }
    decision.trace.note(.firstIn, .pass, .leaderInside, Int64(area))
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
      guard decision.passesLockdown else {
        decision.trace.note(.lockdown, .fail, .lockedDown)
        return .deniedThreatLevel
      }
      decision.trace.note(.lockdown, .pass, .passesLockdown, Int64(decision.group))
    } else {
      decision.trace.note(.lockdown, .pass, .notLockedDown)
    }
    if condition.has(.interlockBusy) {
      decision.trace.note(.interlock, .fail, .interlockBusy)
      return .deniedInterlock
    }
    decision.trace.note(.interlock, .pass, .interlockFree)
    return nil
  }
}

extension Decider {
  @_noLocks
  borrowing func way(
    _ rules: Judgement, _ credential: CredentialKey, _ known: CredentialPlace, holder: UInt64,
    _ state: borrowing PassageState
  ) -> PassageWay {
    var way = PassageWay()
    let point = rules.reader.point
    way.entered = doors.entered(point, rules.reader.side)
    way.left = doors.left(point, rules.reader.side)
    guard way.entered | way.left != 0 else { return way }
    way.place = state.place(of: credential, known, elsewhereThan: point)
    way.rivals = state.rivals(of: credential, holder: quotas.count > 0 ? holder : 0)
    return way
  }
}

/// Where a passage leads, whence its credential comes, and who else is on his way there.
struct PassageWay {
  var entered: UInt64 = 0
  var left: UInt64 = 0
  var place = CredentialPlace()
  var rivals = Rivals()

  @_noLocks init() {}
}

/// Where a credential is taken to be, and since when.
struct CredentialPlace {
  var inside: UInt64 = 0
  var known: UInt64 = 0
  var at: Int64 = 0
  /// Passages counted.
  var uses: UInt32 = 0
  var instant: Instant?

  @_noLocks init() {}

  /// An entry issued anew, valid only from after the last passage, starts at none.
  @_noLocks
  func usesCounted(since validFrom: Int64?) -> UInt32 {
    if let validFrom, at < validFrom { return 0 }
    return uses
  }

  /// Whether the last passage is less than `time` ago: by the monotonic clock, or over a restart by the wall
  /// clock, and then in doubt yes.
  @_noLocks
  func isWithin(_ time: Interval, of rules: Judgement) -> Bool {
    if let instant { return rules.now.since(instant) < time }
    guard rules.isClockTrusted else { return true }
    // Written by a clock that was ahead: nobody knows when, and the time that the machine runs is the most to wait.
    guard rules.at >= at else { return rules.now.since(.zero) < time }
    return rules.at - at < Int64(time.milliseconds)
  }
}
