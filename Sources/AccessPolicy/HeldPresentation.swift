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
  /// What the same holder has shown besides it.
  var others = InlineArray<4, CredentialKey?>(repeating: nil)
  var hasOthers = false
  /// Bits of the kinds shown so far.
  var kinds: UInt8
  var member: Membership
  var until: Instant
  /// The same presentation waits in the other stage too, and is told there when its time is over.
  var isTwin = false

  func isSamePresentation(as other: HeldPresentation) -> Bool {
    point == other.point && side == other.side && until == other.until && credential == other.credential
  }

  /// Only where a past decision is made once more: what came of it then.
  var verdict: HeldVerdict?

  /// Credentials that one holder may have shown: one of each kind.
  static var parts: Int { @_noLocks get { 5 } }

  /// The others, and at last what passes.
  @_noLocks
  func part(_ number: Int) -> CredentialKey? { number < 4 ? others[number] : credential }

  mutating func add(_ other: CredentialKey?) {
    guard let other, other != credential, let free = (0..<4).first(where: { others[$0] == nil }) else {
      return
    }
    others[free] = other
    hasOthers = true
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

  /// Takes note of a credential that waits; what does not pass any more waits no longer.
  mutating func hold(_ request: AccessRequest, _ decision: AccessDecision) {
    let earlier = decision.heldFactor >= 0 ? held[Int(decision.heldFactor)] : nil
    if decision.lapsedHeld >= 0 {
      let gone = held.remove(at: Int(decision.lapsedHeld))
      held.removeAll { $0.isSamePresentation(as: gone) }
    }
    guard let credential = decision.credential, decision.waits != .nothing else { return }
    let reader = readers[request.reader.position]
    let stage: HeldPresentation.Stage = decision.waits == .factor ? .factor : .person
    var waiting = HeldPresentation(
      stage: stage, reader: request.reader, point: reader.point, side: reader.side,
      credential: decision.keepsHeld ? earlier?.credential ?? credential : credential, kinds: decision.kinds,
      member: decision.member, until: request.now + reader.secondWithin)
    if let earlier, let shown = decision.shown {
      waiting.add(shown)
      for part in 0..<HeldPresentation.parts {
        if let other = earlier.part(part), other.kind != shown.kind { waiting.add(other) }
      }
    }
    let before = heldFactor(reader.point, reader.side, request.now)
    let first = before >= 0 && held[before].member.holder == decision.member.holder ? held[before] : nil
    held.removeAll { other in
      guard other.point == reader.point, other.side == reader.side else { return false }
      return other.stage == .factor
        || (stage == .person || decision.waitsForEither) && other.member.holder == decision.member.holder
          && (other.member.holder != 0 || other.credential == credential)
    }
    keep(waiting)
    guard decision.waitsForEither else { return }
    waiting.stage = stage == .factor ? .person : .factor
    if let first {
      for part in 0..<HeldPresentation.parts {
        if let other = first.part(part), waiting.kinds >> other.kind.code & 1 == 0 { waiting.add(other) }
      }
      waiting.kinds |= first.kinds
    }
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
    guard decision.isGrant else { return found }
    if decision.heldFactor >= 0, Int(decision.heldFactor) < held.count {
      let first = held[Int(decision.heldFactor)]
      found += (0..<HeldPresentation.parts).reversed().compactMap { first.part($0) }.filter {
        $0.kind != decision.shown?.kind
      }
    }
    if decision.heldPerson >= 0, Int(decision.heldPerson) < held.count {
      found.append(held[Int(decision.heldPerson)].credential)
    }
    return found
  }

  /// The grant used what was held for it.
  /// - Returns: the other person, who passes with the same grant.
  mutating func release(_ decision: AccessDecision) -> (credential: CredentialKey, terms: PassingTerms)? {
    let mate = decision.heldPerson >= 0 ? held[Int(decision.heldPerson)].credential : nil
    let used = [Int(decision.heldFactor), Int(decision.heldPerson)].filter { $0 >= 0 }.sorted(by: >)
    let gone = used.map { held.remove(at: $0) }
    held.removeAll { other in gone.contains { $0.isSamePresentation(as: other) } }
    return mate.map { ($0, decision.mateTerms) }
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
