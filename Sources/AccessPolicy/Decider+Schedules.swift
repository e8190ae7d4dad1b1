extension Decider {
  /// Whether the schedule covers the instant on the site's clocks. How far the clock can be believed is the caller's
  /// question.
  @_noLocks
  public borrowing func covers(_ schedule: Int, atUnixMilliseconds at: Int64) -> Bool {
    let local = zone.local(atUnixMilliseconds: at)
    return schedules.covers(schedule, day: local.day, minute: local.minuteOfDay)
  }

  /// Whether who was granted belongs to one of the groups.
  public borrowing func isMember(_ decision: AccessDecision, of wanted: [Int], list: ListSnapshot) -> Bool {
    guard decision.isGrant, let entry = decision.entry else { return false }
    let terms = list.store.entryTerms(list.store.found(at: entry))
    return wanted.contains { terms.groups.has($0) }
  }
}
