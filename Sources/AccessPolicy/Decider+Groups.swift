import ControlCore

extension Decider {
  /// How far a group came; the furthest one's reason is told.
  private enum Progress {
    @_noLocks static func isFurther(_ left: Int, _ right: Int) -> Bool { left > right }
    static var withoutPoint: Int { @_noLocks get { 0 } }
    static var withoutClock: Int { @_noLocks get { 1 } }
    static var closed: Int { @_noLocks get { 2 } }
    static var withoutSpace: Int { @_noLocks get { 3 } }
  }

  /// Any group that grants is enough: see ``GroupChoice``; otherwise the reason of the one that came furthest.
  @_noLocks
  borrowing func judgeGroups(
    _ rules: Judgement, _ local: (day: Int, minuteOfDay: Int), _ terms: EntryTerms, _ way: PassageWay,
    _ state: borrowing PassageState, _ decision: inout AccessDecision
  ) -> Reason? {
    var furthest = -1
    var choice = GroupChoice()
    var group = -1
    while true {
      group = terms.groups.next(after: group)
      guard group < groups.count else { break }
      if choice.isOutright && !mayBeBetter(group, rules) { continue }
      var reached = judgeGroup(group, rules, terms, local, &decision)
      if reached == nil && quotas.count > 0 && !judgeQuotas(group, way, state, &decision) {
        reached = Progress.withoutSpace
      }
      if let reached {
        if Progress.isFurther(reached, furthest) { furthest = reached }
        continue
      }
      if choose(group, rules, state, &choice, &decision) { break }
    }
    if choice.isMade {
      decision.group = choice.group
      decision.passesLockdown = groups[choice.group].passesLockdown
      if choice.weighed > 1 && !groups[choice.group].company.asksNothing {
        decision.waitsForEither = choice.mayWaitForFactor && choice.mayWaitForSecond
        decision.trace.noteGroup(.rights, .pass, .groupLacksLeast, Int64(choice.group))
      }
      return nil
    }
    switch furthest {
    case Progress.withoutSpace: return .deniedUpperOccupancyLimit
    case Progress.closed: return .deniedOutOfTimeRange
    case Progress.withoutClock: return .deniedAuthenticationUnavailable
    case Progress.withoutPoint: return .deniedPointNoAccessRights
    default:
      decision.trace.note(.rights, .fail, .withoutGroup)
      return .deniedPointNoAccessRights
    }
  }

  /// Nil: the group grants.
  @_noLocks
  private borrowing func judgeGroup(
    _ group: Int, _ rules: Judgement, _ terms: EntryTerms, _ local: (day: Int, minuteOfDay: Int),
    _ decision: inout AccessDecision
  ) -> Int? {
    let setting = groups[group]
    let name = Int64(group)
    guard setting.points & (1 << UInt64(rules.reader.point.position)) != 0 else {
      decision.trace.noteGroup(.rights, .fail, .pointNotInGroup, name)
      return Progress.withoutPoint
    }
    decision.trace.noteGroup(.rights, .pass, .pointInGroup, name)
    guard rules.isClockTrusted else {
      return judgeWithoutClock(group, setting, terms, &decision)
    }
    let schedule = Int64(setting.schedule)
    if schedules.isAlways(setting.schedule) {
      decision.trace.noteGroup(.schedule, .pass, .alwaysOpen, name, schedule)
      return nil
    }
    guard schedules.covers(setting.schedule, day: local.day, minute: local.minuteOfDay) else {
      decision.trace.noteGroup(.schedule, .fail, .closed, name, schedule)
      return Progress.closed
    }
    decision.trace.noteGroup(.schedule, .pass, .open, name, schedule)
    return nil
  }

  @_noLocks
  private borrowing func judgeWithoutClock(
    _ group: Int, _ setting: CompiledGroup, _ terms: EntryTerms, _ decision: inout AccessDecision
  ) -> Int? {
    let name = Int64(group)
    switch setting.withoutClock {
    case .allow:
      decision.trace.noteGroup(.clock, .pass, .groupAllowsWithoutClock, name)
      return nil
    case .deny:
      decision.trace.noteGroup(.clock, .fail, .groupDeniesWithoutClock, name)
      return Progress.withoutClock
    case .onlyAlways:
      let isAlways =
        schedules.isAlways(setting.schedule) && terms.validFrom == nil && terms.validUntil == nil
      decision.trace.noteGroup(
        .clock, isAlways ? .pass : .fail, isAlways ? .groupAlwaysWithoutClock : .groupTimedWithoutClock, name)
      return isAlways ? nil : Progress.withoutClock
    }
  }

  /// Whether the group's members, and the credential's holder, have room left where the passage leads.
  @_noLocks
  private borrowing func judgeQuotas(
    _ group: Int, _ way: PassageWay, _ state: borrowing PassageState, _ decision: inout AccessDecision
  ) -> Bool {
    for index in groups[group].quotas..<groups[group].quotasEnd {
      let quota = quotas[index]
      guard way.entered & ~way.place.inside & (1 << UInt64(quota.area)) != 0 else { continue }
      let name = Int64(quota.area << 16 | group)
      if quota.ofHolder != .max && decision.member.holder != 0 {
        let inside = state.expected(of: decision.member.holder, in: quota.area, way.rivals)
        let hasRoom = inside < quota.ofHolder
        decision.trace.noteGroup(
          .quota, hasRoom ? .pass : .fail, hasRoom ? .holderRoom : .holderFull, name, Int64(inside),
          Int64(quota.ofHolder))
        if !hasRoom { return false }
      }
      if quota.ofGroup != .max {
        let inside = state.expected(
          ofGroup: quota.groupBit.trailingZeroBitCount, in: quota.area, way.rivals)
        let hasRoom = inside < quota.ofGroup
        decision.trace.noteGroup(
          .quota, hasRoom ? .pass : .fail, hasRoom ? .groupRoom : .groupFull, name, Int64(inside),
          Int64(quota.ofGroup))
        if !hasRoom { return false }
      }
    }
    return true
  }
}
