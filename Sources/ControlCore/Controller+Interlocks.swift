extension Controller {
  /// A grant that an interlock holds back waits where the site gives it time. True where it does.
  @_noLocks
  mutating func wait(_ order: Order, _ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) -> Bool {
    guard case .grant(let grant) = order, cause == .interlock, Interval.zero < scene.patience, !waiting.isFull
    else { return false }
    var entry = WaitingGrant()
    entry.point = scene.point.position
    entry.grant = grant
    entry.ends = scene.now + scene.patience
    waiting.append(entry)
    scene.tell(.blocked, &events, cause: .interlock, passage: grant.passage, side: grant.side)
    return true
  }

  /// Before new commands, so that nobody overtakes: lets in whose group is free, takes back what waited too long or
  /// what nothing can come of any more.
  @_noLocks
  mutating func followWaiting(_ now: Instant, _ events: inout EventBuffer) {
    var position = 0
    while position < waiting.count {
      let entry = waiting[position]
      let scene = scene(entry.point, now).eased(for: .grant(entry.grant))
      let cause = refusal(of: .grant(entry.grant), at: entry.point, scene)
      if cause == .interlock && !(now >= entry.ends) {
        position += 1
        continue
      }
      waiting.remove(position)
      if cause == .none {
        obey(.grant(entry.grant), at: entry.point, scene, &events)
        noteOpen(entry.point)
      } else {
        scene.tell(
          .noEntry, &events, cause: cause, passage: entry.grant.passage, side: entry.grant.side)
      }
    }
  }
}
