import AccessPolicy
import ControlCore
import Journal
import Site

/// The decision and the state that it reads, with the way of that state into the journal and back.
struct PolicyDesk: ~Copyable {
  private let decider: Decider
  private var state: AccessPolicy.PassageState

  init(site: SiteDescription, past: PastState) {
    decider = Decider(setting: site.policy)
    state = AccessPolicy.PassageState(setting: site.policy, rows: Self.rows(past))
  }

  /// Decides, and remembers the reading. A grant must be told by ``granted(_:_:passage:)`` before the next decision.
  mutating func decide(_ request: AccessRequest, _ list: ListSnapshot) -> AccessDecision {
    let decision = decider.decide(request, list: list, state: state)
    state.noteRead(request, decision)
    return decision
  }

  /// Decides for the verb `why`: as if nothing had been read before, and nothing is remembered.
  func judge(_ request: AccessRequest, _ list: ListSnapshot) -> AccessDecision {
    decider.judge(request, list: list, state: state)
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
    return [
      .entered(credential: row.credential, area: row.areas, at: row.at),
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
    return areas + people
  }
}
