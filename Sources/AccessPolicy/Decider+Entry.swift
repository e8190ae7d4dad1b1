extension Decider {
  /// Is the entry good by itself: validity, uses, company.
  @_noLocks
  borrowing func judgeEntry(
    _ rules: Judgement, _ terms: EntryTerms, _ credential: CredentialKey, _ known: CredentialPlace,
    _ state: borrowing PassageState, _ decision: inout AccessDecision
  ) -> Reason? {
    if let reason = judgeValidity(rules, terms, &decision) { return reason }
    if let reason = judgeUses(rules, terms, credential, known, state, &decision) { return reason }
    guard terms.flags.has(.escortRequired) else { return nil }
    guard state.isAccompanied(rules, byTwo: false) else {
      decision.trace.note(.accompaniment, .fail, .alone)
      return .deniedNoAccompaniment
    }
    decision.trace.note(.accompaniment, .pass, .accompanied)
    return nil
  }

  /// Told only where it holds, or where the site has suspended anybody.
  @_noLocks
  borrowing func judgeSuspension(
    _ rules: Judgement, _ credential: CredentialKey, _ state: borrowing PassageState,
    _ decision: inout AccessDecision
  ) -> Reason? {
    guard state.suspensions.count > 0 else { return nil }
    let place = state.suspension(of: credential, rules)
    guard place >= 0 else {
      decision.trace.note(.suspension, .pass, .notSuspended)
      return nil
    }
    let until = state.suspensions[place].until
    if until == .max {
      decision.trace.note(.suspension, .fail, .suspendedWithoutEnd)
    } else {
      decision.trace.note(.suspension, .fail, .suspended, moment: until)
    }
    return .deniedCredentialDisabled
  }

  @_noLocks
  private borrowing func judgeValidity(
    _ rules: Judgement, _ terms: EntryTerms, _ decision: inout AccessDecision
  ) -> Reason? {
    if terms.validFrom == nil && terms.validUntil == nil {
      decision.trace.note(.validity, .pass, .withoutLimit)
      return nil
    }
    // The groups say what holds while the time is not known.
    guard rules.isClockTrusted else {
      decision.trace.note(.validity, .skip, .clockUnknown)
      return nil
    }
    if let from = terms.validFrom, rules.at < from {
      decision.trace.note(.validity, .fail, .notYetActive, moment: from)
      return .deniedCredentialNotYetActive
    }
    if let until = terms.validUntil, rules.at >= until {
      decision.trace.note(.validity, .fail, .expired, moment: until)
      return .deniedCredentialExpired
    }
    decision.trace.note(.validity, .pass, .valid, Int64(decision.entry ?? 0))
    return nil
  }

  @_noLocks
  private borrowing func judgeUses(
    _ rules: Judgement, _ terms: EntryTerms, _ credential: CredentialKey, _ known: CredentialPlace,
    _ state: borrowing PassageState, _ decision: inout AccessDecision
  ) -> Reason? {
    guard let allowed = terms.uses else {
      decision.trace.note(.uses, .skip, .usesUnlimited)
      return nil
    }
    let waiting = state.waiting(credential, elsewhereThan: rules.reader.point)
    let counted = Int64(known.usesCounted(since: terms.validFrom))
    guard counted + waiting < Int64(allowed) else {
      decision.trace.note(.uses, .fail, .usedUp, counted, Int64(allowed), waiting)
      return .deniedCredentialMaxUses
    }
    decision.trace.note(.uses, .pass, .usesLeft, counted, Int64(allowed), waiting)
    return nil
  }
}
