/// What was decided, why, and what the grant is worth.
public struct AccessDecision: Sendable {
  public enum Outcome: UInt8, Sendable, Equatable {
    case grant
    case deny
  }

  public internal(set) var outcome: Outcome = .deny
  public internal(set) var reason: Reason = .deniedUnknownCredential
  /// The place of the entry in the ``ListSnapshot`` that was asked.
  public internal(set) var entry: Int?
  /// The entry's credential: what passback, occupancy and uses are counted for.
  public internal(set) var credential: CredentialKey?
  /// The reading was not the entry's own text but near enough: tell both in the record.
  public internal(set) var isTolerant = false
  /// Two entries that a plate is near to, where neither won.
  var near: (first: Int32, second: Int32) = (-1, -1)
  /// The longer unlock time.
  public internal(set) var extended = false
  /// Whoever shows the entry signals that he is forced to: told whatever was decided, and of a repeat where
  /// another factor of it says so.
  public internal(set) var duress = false
  public internal(set) var passbackExempt = false
  /// Granted although soft passback was broken: log `passback-detected` beside the grant.
  public internal(set) var passbackViolated = false
  /// The same presence or track as before: outcome and reason are those of the first time. Log nothing and
  /// move nothing.
  public internal(set) var isRepeat = false
  /// Of a repeat the earlier read, or -1.
  var repeated: Int32 = -1
  /// Of the areas that would be entered the one with the least room, and how much that is.
  var room = (area: 0, places: Int.max)
  /// The passage that the same credential was granted here and has not made yet, or 0: a repeat, judged anew and good
  /// still, for which a lock may stay open longer.
  public internal(set) var renews: UInt64 = 0
  /// The granting group lets it pass a lockdown.
  public internal(set) var passesLockdown = false
  /// Good, and yet refused for now: something must come with it.
  public enum Waiting: UInt8, Sendable {
    case nothing
    /// Another credential of the same holder.
    case factor
    /// Another person.
    case person
  }
  public internal(set) var waits = Waiting.nothing
  /// One of its groups would be content with a second person, another with one more factor.
  var waitsForEither = false
  /// Places among those held, or -1: the first factor, and the other person.
  var heldFactor: Int32 = -1
  var heldPerson: Int32 = -1
  /// The place of another person who waits and was looked at, or -1.
  var mate: Int32 = -1
  var mateTerms = PassingTerms()
  /// What was shown before and waited, but does not pass any more: nothing is granted on it, and it waits no longer.
  public internal(set) var lapsed: CredentialKey?
  public internal(set) var lapsedReason = Reason.granted
  var lapsedHeld: Int32 = -1
  /// The place of what waits where that is judged again, or -1.
  var judgedAgain: Int32 = -1
  /// Where factors are wanted: what was shown now, which need not be what passes.
  var shown: CredentialKey?
  /// Bits of the kinds of credential that the holder has shown.
  var kinds: UInt8 = 0
  /// The held credential is the one that passes.
  var keepsHeld = false
  /// A factor of somebody else than the one before.
  var isWrongFactor = false
  var group = 0
  var member = Membership()
  /// The entry's `valid_from` and `uses`, for the count of uses.
  var validFrom: Int64?
  var countsUses = false
  var escortRequired = false
  public internal(set) var trace = Trace()

  @inline(__always)
  @_noLocks public init() {}

  /// As new, without clearing the trace's room, which is most of it.
  @_noLocks
  mutating func reset() {
    outcome = .deny
    reason = .deniedUnknownCredential
    entry = nil
    credential = nil
    isTolerant = false
    near = (-1, -1)
    extended = false
    duress = false
    passbackExempt = false
    passbackViolated = false
    isRepeat = false
    repeated = -1
    room = (0, .max)
    renews = 0
    passesLockdown = false
    waits = .nothing
    waitsForEither = false
    heldFactor = -1
    heldPerson = -1
    mate = -1
    mateTerms = PassingTerms()
    lapsed = nil
    lapsedReason = .granted
    lapsedHeld = -1
    judgedAgain = -1
    shown = nil
    kinds = 0
    keepsHeld = false
    isWrongFactor = false
    group = 0
    member = Membership()
    validFrom = nil
    countsUses = false
    escortRequired = false
    trace.reset()
  }

  public var isGrant: Bool {
    @_noLocks get {
      switch outcome {
      case .grant: true
      case .deny: false
      }
    }
  }

  /// Refused because a plate could be either of two entries.
  public var isAmbiguous: Bool { near.second >= 0 }

  /// Their credentials, of the list that was asked; empty where nothing was ambiguous.
  public func candidates(in list: ListSnapshot) -> [CredentialKey] {
    isAmbiguous ? [near.first, near.second].map { list.row(at: Int($0)).credential } : []
  }

  /// The credential of the entry that a tolerant match took the reading for.
  public var takenFor: CredentialKey? { isTolerant ? credential : nil }
}
