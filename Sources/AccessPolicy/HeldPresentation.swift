public import ControlCore

/// A credential that was good, and waits for what must come with it: a second factor of the same holder, or a
/// second person.
struct HeldPresentation: Sendable {
  enum Stage: UInt8, Sendable {
    case factor, person
  }

  var stage: Stage
  var reader: ReaderIndex
  var point: PointIndex
  var side: Side
  /// What passes in the end.
  var credential: CredentialKey
  /// Bits of the kinds shown so far.
  var kinds: UInt8
  var member: Membership
  var until: Instant
  var validFrom: Int64?
  var countsUses: Bool
  var extended: Bool
  var duress: Bool
  /// The same presentation waits in the other stage too, and is told there when its time is over.
  var isTwin = false

  func isSamePresentation(as other: HeldPresentation) -> Bool {
    point == other.point && side == other.side && until == other.until && credential == other.credential
  }

  @_noLocks
  func waits(_ stage: Stage, at point: PointIndex, _ side: Side, _ now: Instant) -> Bool {
    self.stage.rawValue == stage.rawValue && self.point.raw == point.raw
      && self.side.rawValue == side.rawValue && until > now
  }
}

/// A credential whose second factor, or second person, did not come in time: to be logged.
public struct ExpiredPresentation: Sendable {
  public var reader: ReaderIndex
  public var credential: CredentialKey
  public var reason: Reason
}

extension PassageState {
  /// The place of the first factor that waits, or -1.
  @_noLocks
  func heldFactor(_ point: PointIndex, _ side: Side, _ now: Instant) -> Int {
    for place in 0..<held.count where held[place].waits(.factor, at: point, side, now) {
      return place
    }
    return -1
  }

  /// The place of somebody else who waits for a second person, or -1.
  @_noLocks
  func heldPerson(
    _ point: PointIndex, _ side: Side, _ now: Instant, otherThan member: Membership,
    _ credential: CredentialKey
  ) -> Int {
    for place in 0..<held.count where held[place].waits(.person, at: point, side, now) {
      let other = held[place].member.holder
      let differs =
        other != 0 && member.holder != 0
        ? other != member.holder : !(held[place].credential == credential)
      if differs { return place }
    }
    return -1
  }

  /// Takes note of a credential that waits.
  mutating func hold(_ request: AccessRequest, _ decision: AccessDecision) {
    guard let credential = decision.credential, decision.waits != .nothing else { return }
    let reader = readers[request.reader.position]
    let stage: HeldPresentation.Stage = decision.waits == .factor ? .factor : .person
    let earlier = decision.heldFactor >= 0 ? held[Int(decision.heldFactor)] : nil
    var waiting = HeldPresentation(
      stage: stage, reader: request.reader, point: reader.point, side: reader.side, credential: credential,
      kinds: decision.kinds, member: decision.member, until: request.now + reader.secondWithin,
      validFrom: decision.validFrom, countsUses: decision.countsUses, extended: decision.extended,
      duress: decision.duress)
    if stage == .factor, let earlier, decision.keepsHeld {
      waiting.credential = earlier.credential
      waiting.validFrom = earlier.validFrom
      waiting.countsUses = earlier.countsUses
    }
    let before = heldFactor(reader.point, reader.side, request.now)
    let kinds = before >= 0 && held[before].member.holder == decision.member.holder ? held[before].kinds : 0
    held.removeAll { other in
      guard other.point == reader.point, other.side == reader.side else { return false }
      return other.stage == .factor
        || (stage == .person || decision.waitsForEither) && other.member.holder == decision.member.holder
          && (other.member.holder != 0 || other.credential == credential)
    }
    keep(waiting)
    guard decision.waitsForEither else { return }
    waiting.stage = stage == .factor ? .person : .factor
    waiting.kinds |= kinds
    waiting.isTwin = true
    keep(waiting)
  }

  private mutating func keep(_ waiting: HeldPresentation) {
    if held.count == PolicyLimits.held { held.removeFirst() }
    held.append(waiting)
  }

  /// The other credentials that a grant was given for, before ``granted(passage:request:decision:)``: the other
  /// factors and the other person.
  public func others(of decision: AccessDecision, read: CredentialKey?) -> [CredentialKey] {
    var found: [CredentialKey] = []
    if decision.heldFactor >= 0, Int(decision.heldFactor) < held.count {
      let other = held[Int(decision.heldFactor)].credential
      found.append(other == read ? decision.credential ?? other : other)
    }
    if decision.heldPerson >= 0, Int(decision.heldPerson) < held.count {
      found.append(held[Int(decision.heldPerson)].credential)
    }
    return found
  }

  /// The grant used what was held for it.
  /// - Returns: the other person, who passes with the same grant.
  mutating func release(_ decision: AccessDecision) -> HeldPresentation? {
    let mate = decision.heldPerson >= 0 ? held[Int(decision.heldPerson)] : nil
    let used = [Int(decision.heldFactor), Int(decision.heldPerson)].filter { $0 >= 0 }.sorted(by: >)
    let gone = used.map { held.remove(at: $0) }
    held.removeAll { other in gone.contains { $0.isSamePresentation(as: other) } }
    return mate
  }

  /// Those that waited too long; each is told once.
  public mutating func expireHeld(now: Instant) -> [ExpiredPresentation] {
    guard held.contains(where: { $0.until <= now }) else { return [] }
    let expired = held.filter { $0.until <= now && !$0.isTwin }.map { waiting in
      ExpiredPresentation(
        reader: waiting.reader, credential: waiting.credential,
        reason: waiting.stage == .factor ? .deniedVerificationTimeout : .deniedNoAccompaniment)
    }
    held.removeAll { $0.until <= now }
    return expired
  }

  /// When the next one has waited too long; nil: nobody waits.
  public var nextExpiry: Instant? {
    held.map(\.until).min { $0 < $1 }
  }
}
