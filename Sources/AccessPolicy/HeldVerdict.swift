import ControlCore

/// What becomes of a presentation that waits, by all that holds when the one comes that it has waited for.
struct HeldVerdict: Sendable {
  /// Nil: it would be good if it were shown now.
  var reason: Reason?
  /// What fails, or what passes.
  var kind: UInt8 = 0
  var credential: CredentialKey?
  /// Of all that its holder has shown.
  var extended = false
  var duress = false
  var escortRequired = false
  var twoPerson = false
  /// Of what passes.
  var terms = PassingTerms()

  @_noLocks init() {}

  @_noLocks
  mutating func add(_ again: borrowing AccessDecision, twoPerson: Bool) {
    if again.extended { extended = true }
    if again.duress { duress = true }
    if again.escortRequired { escortRequired = true }
    if twoPerson { self.twoPerson = true }
  }
}

/// What is counted of a credential when it has passed.
struct PassingTerms: Sendable {
  /// The entry's `valid_from` and `uses`.
  var validFrom: Int64?
  var countsUses = false
  var member = Membership()

  @_noLocks init() {}
}

extension Decider {
  /// Judges what waits once more, wholly, as if it were shown now: by the list, the state and the point as they are.
  ///
  /// At most five entries, one of each kind, and nothing but the company it waits for is left out.
  /// - Parameter without: bits of the kinds that the one who comes now has shown himself, in place of what waits.
  @inline(never)
  @_noLocks
  borrowing func judgeHeld(
    _ place: Int, without own: UInt8, holder: UInt64, _ rules: Judgement, _ list: ListSnapshot,
    _ state: borrowing PassageState
  ) -> HeldVerdict {
    if let known = state.held[place].verdict { return known }
    var then = rules
    then.position = state.held[place].reader
    then.reader = readers[then.position.position]
    var again = AccessDecision()
    var verdict = HeldVerdict()
    for part in 0..<HeldPresentation.parts {
      guard let credential = state.held[place].part(part), own >> credential.kind.code & 1 == 0 else {
        continue
      }
      verdict.credential = credential
      verdict.kind = credential.kind.code
      if let reason = judgeAgain(place, credential, own, then, list, state, &again) {
        verdict.reason = reason
        return verdict
      }
      if let reason = judgeTogether(place, again, holder, then, state) {
        verdict.reason = reason
        return verdict
      }
      verdict.add(again, twoPerson: groups[again.group].company.twoPerson)
      verdict.terms.validFrom = again.validFrom
      verdict.terms.countsUses = again.countsUses
      verdict.terms.member = again.member
    }
    return verdict
  }

  @_noLocks
  private borrowing func judgeAgain(
    _ place: Int, _ credential: CredentialKey, _ own: UInt8, _ rules: Judgement, _ list: ListSnapshot,
    _ state: borrowing PassageState, _ again: inout AccessDecision
  ) -> Reason? {
    again.reset()
    again.judgedAgain = Int32(truncatingIfNeeded: place)
    again.kinds = own
    guard let found = list.store.find(credential) else { return .deniedUnknownCredential }
    let flags = list.store.flags(found)
    if flags.has(.deny) { return .deniedCredentialManualDisable }
    again.duress = flags.has(.duress)
    again.entry = found.place
    again.credential = credential
    let local = zone.local(atUnixMilliseconds: rules.at)
    return judgeFound(
      found, credential, state.table.place(of: credential), rules, local, list, state, &again)
  }

  /// Whose it is by the list of now: factors are one holder's, persons are two holders.
  @_noLocks
  private borrowing func judgeTogether(
    _ place: Int, _ again: borrowing AccessDecision, _ holder: UInt64, _ rules: Judgement,
    _ state: borrowing PassageState
  ) -> Reason? {
    let other = again.member.holder
    switch state.held[place].stage {
    case .factor: return other == holder ? nil : .deniedAuthenticationFactorError
    case .person:
      if again.escortRequired { return .deniedNoAccompaniment }
      if other != 0 && other == holder { return .deniedNoAccompaniment }
      if other != state.held[place].member.holder && state.held[place].hasOthers {
        return .deniedAuthenticationFactorError
      }
      let wanted = rules.reader.company.factors | groups[again.group].company.factors
      return wanted & ~state.held[place].kinds == 0 ? nil : .verificationRequired
    }
  }

  /// Takes note of one that waited in vain, since it does not pass any more.
  @_noLocks
  borrowing func noteLapse(
    _ place: Int, _ verdict: HeldVerdict, _ reason: Reason, _ rule: Rule, _ list: ListSnapshot,
    _ decision: inout AccessDecision
  ) {
    decision.lapsedHeld = Int32(truncatingIfNeeded: place)
    decision.lapsed = verdict.credential
    decision.lapsedReason = reason
    var entry = -1
    if let credential = verdict.credential, !Decider.isPin(credential) {
      entry = list.store.find(credential)?.place ?? -1
    }
    decision.trace.note(
      rule, .fail, .heldLapsed, Int64(entry), Int64(reason.code), Int64(verdict.kind))
  }
}
