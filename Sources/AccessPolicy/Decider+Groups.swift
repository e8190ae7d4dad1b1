import ControlCore

extension Decider {
  /// How far a group came; the furthest one's reason is told.
  private enum Progress {
    @_noLocks static func isFurther(_ left: Int, _ right: Int) -> Bool { left > right }
    static var withoutPoint: Int { @_noLocks get { 0 } }
    static var withoutClock: Int { @_noLocks get { 1 } }
    static var closed: Int { @_noLocks get { 2 } }
  }

  /// Any group that grants is enough; otherwise the reason of the one that came furthest.
  @_noLocks
  borrowing func judgeGroups(
    _ rules: Judgement, _ terms: EntryTerms, _ decision: inout AccessDecision
  ) -> Reason? {
    var furthest = -1
    let local = zone.local(atUnixMilliseconds: rules.at)
    for group in 0..<groups.count where terms.groups.has(group) {
      let reached = judgeGroup(group, rules, local, &decision)
      if reached == nil { return nil }
      if let reached, Progress.isFurther(reached, furthest) { furthest = reached }
    }
    switch furthest {
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
    _ group: Int, _ rules: Judgement, _ local: (day: Int, minuteOfDay: Int),
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
      if setting.deniesWithoutClock {
        decision.trace.noteGroup(.clock, .fail, .groupDeniesWithoutClock, name)
        return Progress.withoutClock
      }
      decision.trace.noteGroup(.clock, .pass, .groupAllowsWithoutClock, name)
      return nil
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
}
