import ControlCore

/// What must come with a credential that is good by itself: more factors of its holder, and another person.
extension Decider {
  @_noLocks
  borrowing func judgeCompany(
    _ rules: Judgement, _ credential: CredentialKey, _ state: borrowing PassageState,
    _ decision: inout AccessDecision
  ) -> Reason? {
    let reader = rules.reader.company
    let group = groups[decision.group].company
    decision.kinds = 1 << credential.kind.code
    let wanted = reader.factors | group.factors
    if wanted != 0 {
      let primary = reader.factors != 0 ? reader.primary : group.primary
      if let reason = judgeFactors(wanted, primary, rules, credential, state, &decision) { return reason }
    }
    guard reader.twoPerson || group.twoPerson, let passing = decision.credential else { return nil }
    let mate = state.heldPerson(
      rules.reader.point, rules.reader.side, rules.now, otherThan: decision.member, passing)
    guard mate >= 0 else {
      decision.waits = .person
      decision.trace.note(.twoPerson, .fail, .secondMissing, rules.secondsForSecond)
      return .authorizationDelayed
    }
    decision.heldPerson = Int32(truncatingIfNeeded: mate)
    if state.held[mate].duress { decision.duress = true }
    decision.trace.note(.twoPerson, .pass, .twoComplete)
    return nil
  }

  @_noLocks
  private borrowing func judgeFactors(
    _ wanted: UInt8, _ primary: UInt8, _ rules: Judgement, _ credential: CredentialKey,
    _ state: borrowing PassageState, _ decision: inout AccessDecision
  ) -> Reason? {
    let own = decision.kinds
    guard decision.member.holder != 0 || wanted == own else {
      decision.trace.note(.factors, .fail, .factorOfNobody)
      return .deniedAuthenticationFactorError
    }
    let place = state.heldFactor(rules.reader.point, rules.reader.side, rules.now)
    if place >= 0 {
      let kinds = state.held[place].kinds
      if state.held[place].member.holder == decision.member.holder {
        decision.kinds |= kinds
        decision.heldFactor = Int32(truncatingIfNeeded: place)
        decision.keepsHeld =
          credential.kind.code != primary && state.held[place].credential.kind.code == primary
      } else if credential.kind.code != primary && wanted & own & ~kinds != 0 {
        // Who shows the first of the factors begins anew; anything else belongs to the one who is waiting.
        decision.isWrongFactor = true
        decision.trace.note(.factors, .fail, .factorOfAnother)
        return .deniedAuthenticationFactorError
      }
    }
    let missing = wanted & ~decision.kinds
    guard missing == 0 else {
      decision.waits = .factor
      decision.trace.note(.factors, .fail, .factorMissing, Int64(missing), rules.secondsForSecond)
      return .verificationRequired
    }
    decision.trace.note(.factors, .pass, .factorsComplete)
    guard decision.heldFactor >= 0 else { return nil }
    if state.held[place].extended { decision.extended = true }
    if state.held[place].duress { decision.duress = true }
    if decision.keepsHeld {
      decision.credential = state.held[place].credential
      decision.validFrom = state.held[place].validFrom
      decision.countsUses = state.held[place].countsUses
    }
    return nil
  }
}

extension Judgement {
  /// How long the second factor or person is waited for.
  var secondsForSecond: Int64 {
    @_noLocks get { Int64(truncatingIfNeeded: reader.secondWithin.milliseconds / 1_000) }
  }
}
