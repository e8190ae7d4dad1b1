import AccessPolicy
import ControlCore
import Journal
import Messages
import Platform
import Site

/// The decision and the state that it reads, with the way of that state into the journal and back.
struct PolicyDesk: ~Copyable {
  private let decider: Decider
  private var state: AccessPolicy.PassageState
  /// The version of the list that those inside are counted by; not the list, which others free. 0 while there is none.
  private var counted: UInt64 = 0
  /// Where counting by that list goes on; nil where all are counted.
  private var uncounted: Int?

  init(site: SiteDescription, past: PastState) {
    decider = Decider(setting: site.policy)
    state = AccessPolicy.PassageState(
      setting: site.policy, rows: Self.rows(past), now: Instant(nanoseconds: MonotonicClock.now()))
  }

  /// Decides, and remembers the reading. A grant must be told by ``granted(_:_:passage:)`` before the next decision.
  /// - Returns: with it what it saw; nil for a repeat, which is not logged.
  mutating func decide(_ request: AccessRequest, _ list: ListSnapshot) -> (AccessDecision, saw: SeenState?) {
    recount(list)
    let decision = decider.decide(request, list: list, state: state)
    let seen = decision.isRepeat ? nil : decider.seen(by: request, decision, list: list, state: state)
    state.noteRead(request, decision)
    return (decision, seen)
  }

  /// Decides for the verb `why`: as if nothing had been read before, and nothing is remembered.
  mutating func judge(_ request: AccessRequest, _ list: ListSnapshot) -> AccessDecision {
    recount(list)
    return decider.judge(request, list: list, state: state)
  }

  /// Counts those inside by another list: by the first after a start all at once, since nothing is known of them yet, by
  /// a later one in parts, so that nobody waits before a door for it.
  mutating func recount(_ list: ListSnapshot) {
    if list.version != counted {
      uncounted = counted == 0 ? state.recount(list, from: 0, atMost: .max) : 0
      counted = list.version
    }
    guard let next = uncounted else { return }
    uncounted = state.recount(list, from: next, atMost: PolicyLimits.statesRecounted)
  }

  var isCounting: Bool { uncounted != nil }

  /// What a grant was given for besides what was read; to be asked before ``granted(_:_:passage:)``.
  func others(of decision: AccessDecision, read: CredentialKey?) -> [CredentialKey] {
    state.others(of: decision, read: read)
  }

  mutating func expireHeld(now: Instant) -> [ExpiredPresentation] { state.expireHeld(now: now) }

  var nextExpiry: Instant? { state.nextExpiry }

  mutating func takeLockouts() -> [ReaderIndex] { state.takeLockouts() }

  mutating func takeChanges() -> [PassageChange] { state.takeChanges().flatMap { Self.changes($0) } }

  /// - Returns: why it was not done, or nil.
  mutating func carryOut(
    _ action: PolicyOrder.Action, wall: Int64, isClockTrusted: Bool, now: Instant
  ) -> String? {
    switch action {
    case .suspend(let credential, let until, let lasting):
      if let until, until <= wall, isClockTrusted {
        return "the moment is past: \(Timestamp(milliseconds: until)); 'until' must be a time to come"
      }
      let isDone = state.suspend(
        credential, until: until, lasting: lasting, at: wall, now: now, isClockTrusted: isClockTrusted)
      return isDone ? nil : "\(PolicyLimits.suspensions) credentials are suspended already"
    case .resume(let credential):
      return state.resume(credential) ? nil : "\(credential) is not suspended"
    case .forgetCredential(let credential):
      return state.forgetPlace(of: credential) ? nil : "nothing is known of where \(credential) is"
    case .forgetArea(let area, _):
      state.forgetPlaces(inArea: area)
      return nil
    }
  }

  /// Whether the schedule covers the instant, in Unix milliseconds.
  borrowing func covers(_ schedule: Int, at wall: Int64) -> Bool {
    decider.covers(schedule, atUnixMilliseconds: wall)
  }

  borrowing func isMember(_ decision: AccessDecision, of groups: [Int], list: ListSnapshot) -> Bool {
    decider.isMember(decision, of: groups, list: list)
  }

  mutating func granted(_ decision: AccessDecision, _ request: AccessRequest, passage: UInt64) {
    state.granted(passage: passage, request: request, decision: decision)
  }

  /// Nobody used the grant.
  mutating func takeBack(passage: UInt64) {
    state.takenBack(passage: passage)
  }

  /// The machine refused the grant, or never got it.
  mutating func refused(passage: UInt64) {
    state.refused(passage: passage)
  }

  /// Somebody went through, `wall` in Unix milliseconds; the changes belong to the record of it.
  mutating func passed(_ event: Event, wall: Int64) -> [PassageChange] {
    let known = event.passage != 0 && state.passed(passage: event.passage, at: wall, now: event.at)
    if !known, let point = event.point { state.passedUnnamed(point: point, side: event.side ?? .in) }
    return state.takeChanges().flatMap { Self.changes($0) }
  }

  // The journal keeps the row's areas as they are written, those known to be outside with a dash before them.

  private static func changes(_ row: PassageRow) -> [PassageChange] {
    if row.credential.hasPrefix("area:") {
      return [.occupied(area: String(row.credential.dropFirst(5)), count: Int64(row.uses))]
    }
    if row.credential.hasPrefix(PassageRow.suspendedPrefix) {
      return [.used(credential: row.credential, count: row.at)]
    }
    if row.credential.hasPrefix(PassageRow.lockoutPrefix) {
      return [.used(credential: row.credential, count: Int64(row.uses))]
    }
    let isKnown = !row.areas.isEmpty || row.uses != 0
    return [
      isKnown
        ? .entered(credential: row.credential, area: row.areas, at: row.at)
        : .left(credential: row.credential),
      .used(credential: row.credential, count: Int64(row.uses)),
    ]
  }

  private static func rows(_ past: PastState) -> [PassageRow] {
    let areas = past.passage.occupancy.map { name, count in
      PassageRow(credential: "area:\(name)", areas: name, at: 0, uses: Int(count))
    }
    let people = past.passage.presences.map { presence in
      PassageRow(
        credential: presence.credential, areas: presence.area, at: presence.at,
        uses: Int(past.passage.uses[presence.credential] ?? 0))
    }
    let suspended = past.passage.uses.filter { $0.key.hasPrefix(PassageRow.suspendedPrefix) }.map {
      PassageRow(credential: $0.key, areas: "", at: $0.value, uses: 0)
    }
    let locked = past.passage.uses.filter { $0.key.hasPrefix(PassageRow.lockoutPrefix) }.map {
      PassageRow(credential: $0.key, areas: "", at: 0, uses: Int($0.value))
    }
    return areas + people + suspended.sorted { $0.credential < $1.credential } + locked
  }
}
