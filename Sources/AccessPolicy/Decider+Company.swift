import ControlCore

/// What must come with a credential that is good by itself: more factors of its holder, and another person.
extension Decider {
  @_noLocks
  borrowing func judgeCompany(
    _ rules: Judgement, _ credential: CredentialKey, _ list: ListSnapshot, _ state: borrowing PassageState,
    _ decision: inout AccessDecision
  ) -> Reason? {
    let reader = rules.reader.company
    let group = groups[decision.group].company
    decision.kinds = 1 << credential.kind.code
    let wanted = reader.factors | group.factors
    var twoPerson = reader.twoPerson || group.twoPerson
    if wanted != 0 {
      let primary = reader.factors != 0 ? reader.primary : group.primary
      let reason = judgeFactors(wanted, primary, rules, credential, list, state, &twoPerson, &decision)
      if let reason { return reason }
    }
    guard twoPerson, let passing = decision.credential else { return nil }
    return judgePersons(rules, passing, list, state, &decision)
  }

  /// Who waited and does not pass any more is no second person: the one who comes now waits in his place.
  @_noLocks
  private borrowing func judgePersons(
    _ rules: Judgement, _ passing: CredentialKey, _ list: ListSnapshot, _ state: borrowing PassageState,
    _ decision: inout AccessDecision
  ) -> Reason? {
    // Who may not go alone is nobody's second person: two others must have gone first.
    if decision.escortRequired {
      guard state.isAccompanied(rules, byTwo: true) else {
        decision.trace.note(.twoPerson, .fail, .escortIsNoSecond)
        return .deniedNoAccompaniment
      }
      decision.trace.note(.twoPerson, .pass, .behindTwo)
      return nil
    }
    let mate = state.heldPerson(
      rules.reader.point, rules.reader.side, rules.now, otherThan: decision.member, passing)
    decision.mate = Int32(truncatingIfNeeded: mate)
    if mate >= 0 {
      let verdict = judgeHeld(mate, without: 0, holder: decision.member.holder, rules, list, state)
      guard let reason = verdict.reason else {
        // Two go in where one was judged.
        guard decision.room.places >= 2 else {
          decision.trace.note(
            .occupancy, .fail, .noRoomForTwo, Int64(decision.room.area), Int64(decision.room.places))
          return .deniedUpperOccupancyLimit
        }
        decision.heldPerson = decision.mate
        decision.mateTerms = verdict.terms
        if verdict.duress { decision.duress = true }
        decision.trace.note(.twoPerson, .pass, .twoComplete)
        return nil
      }
      noteLapse(mate, verdict, reason, .twoPerson, list, &decision)
    }
    decision.waits = .person
    decision.trace.note(.twoPerson, .fail, .secondMissing, rules.secondsForSecond)
    return .authorizationDelayed
  }

  @_noLocks
  private borrowing func judgeFactors(
    _ wanted: UInt8, _ primary: UInt8, _ rules: Judgement, _ credential: CredentialKey, _ list: ListSnapshot,
    _ state: borrowing PassageState, _ twoPerson: inout Bool, _ decision: inout AccessDecision
  ) -> Reason? {
    let own = decision.kinds
    decision.shown = credential
    guard decision.member.holder != 0 || wanted == own else {
      decision.trace.note(.factors, .fail, .factorOfNobody)
      return .deniedAuthenticationFactorError
    }
    let place = state.heldFactor(rules.reader.point, rules.reader.side, rules.now)
    var first = HeldVerdict()
    if place >= 0 {
      let kinds = state.held[place].kinds
      if state.held[place].member.holder != decision.member.holder {
        // Who shows the first of the factors begins anew; anything else belongs to the one who is waiting.
        if credential.kind.code != primary && wanted & own & ~kinds != 0 {
          decision.isWrongFactor = true
          decision.trace.note(.factors, .fail, .factorOfAnother)
          return .deniedAuthenticationFactorError
        }
      } else if kinds & ~own != 0 {
        first = judgeHeld(place, without: own, holder: decision.member.holder, rules, list, state)
        if let reason = first.reason {
          noteLapse(place, first, reason, .factors, list, &decision)
          return reason
        }
        decision.kinds |= kinds
        decision.heldFactor = Int32(truncatingIfNeeded: place)
        decision.keepsHeld =
          credential.kind.code != primary && state.held[place].credential.kind.code == primary
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
    join(first, place, state, &decision)
    if first.twoPerson { twoPerson = true }
    return nil
  }

  /// All that one holder has shown counts together.
  @_noLocks
  private borrowing func join(
    _ first: HeldVerdict, _ place: Int, _ state: borrowing PassageState, _ decision: inout AccessDecision
  ) {
    if first.extended { decision.extended = true }
    if first.duress { decision.duress = true }
    if first.escortRequired { decision.escortRequired = true }
    if decision.keepsHeld {
      decision.credential = state.held[place].credential
      decision.validFrom = first.terms.validFrom
      decision.countsUses = first.terms.countsUses
    }
  }
}

extension Judgement {
  /// How long the second factor or person is waited for.
  var secondsForSecond: Int64 {
    @_noLocks get { Int64(truncatingIfNeeded: reader.secondWithin.milliseconds / 1_000) }
  }
}
