import AccessPolicy
import ControlCore
import Site

/// The decisions of the twin: the real policy, with the list of ``TwinList`` and a wall clock that may jump.
struct TwinGatekeeper: ~Copyable {
  private let site: SiteDescription
  private let decider: Decider
  private var state: PassageState
  let list: TwinList
  private var passage: UInt64 = 0
  /// Unix milliseconds at the virtual instant zero.
  var wallOffset: Int64 = 1_772_409_600_000
  var clock = ClockTrust.synced
  /// Cars struck so far at each point, and up to when that is excused.
  var struck: [Int]
  var excuses: [Instant]

  init(site: SiteDescription, random: inout SeededRandom) {
    self.site = site
    decider = Decider(setting: site.policy)
    state = PassageState(setting: site.policy)
    list = TwinList(site.policy, &random)
    struck = site.control.points.map { _ in 0 }
    excuses = site.control.points.map { _ in .zero }
  }

  mutating func decide(plate: String, confidence: Double, at point: PointIndex, _ now: Instant) -> Grant? {
    decide("plate:\(plate)", .plate, confidence, point, nil, now)
  }

  mutating func decide(card: String, at point: PointIndex, _ side: Side, _ now: Instant) -> Grant? {
    decide("card:\(card)", .card, nil, point, side, now)
  }

  private mutating func decide(
    _ text: String, _ kind: CredentialKind, _ confidence: Double?, _ point: PointIndex, _ side: Side?,
    _ now: Instant
  ) -> Grant? {
    let readers = site.policy.readers
    let mine = readers.indices.filter { readers[$0].point == point && readers[$0].kind == kind }
    guard let place = mine.first(where: { readers[$0].side == side }) ?? mine.first else { return nil }
    let request = AccessRequest(
      reader: ReaderIndex(place), credential: try? CredentialKey.parse(text), confidence: confidence,
      at: wall(now), clock: clock, now: now)
    let decision = decider.decide(request, list: list.snapshot, state: state)
    state.noteRead(request, decision)
    guard decision.isGrant, !decision.isRepeat else { return nil }
    passage += 1
    state.granted(passage: passage, request: request, decision: decision)
    return Grant(passage: passage, side: readers[place].side, extended: decision.extended)
  }

  func wall(_ now: Instant) -> Int64 { wallOffset + Int64(now.nanoseconds / 1_000_000) }

  mutating func follow(_ event: Event) {
    switch event.kind {
    case .passage:
      if event.passage == 0 || !state.passed(passage: event.passage, at: wall(event.at), now: event.at),
        let point = event.point
      {
        state.passedUnnamed(point: point, side: event.side ?? .in)
      }
    case .noEntry: state.takenBack(passage: event.passage)
    case .refused where event.passage != 0: state.takenBack(passage: event.passage)
    default: break
    }
  }
}
