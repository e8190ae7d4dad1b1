extension Decider {
  /// Is there a credential at all, surely enough read, at a reader that still listens.
  @_noLocks
  borrowing func judgeReading(
    _ request: borrowing AccessRequest, _ rules: Judgement, _ state: borrowing PassageState,
    _ decision: inout AccessDecision
  ) -> Reason? {
    guard let credential = request.credential else {
      decision.trace.note(.credential, .fail, .illegible)
      return .deniedAuthenticationFactorError
    }
    guard rules.reader.readable >> credential.kind.code & 1 == 1 else {
      decision.trace.note(.credential, .fail, .foreign)
      return .deniedAuthenticationFactorError
    }
    decision.trace.note(.credential, .pass, .legible)
    if Decider.isPin(credential) {
      let left = state.lockout(rules)
      if left > 0 {
        decision.trace.note(.lockout, .fail, .readerLocked, Int64(left))
        return .deniedLockout
      }
    }
    guard let confidence = request.confidence else {
      decision.trace.note(.confidence, .skip, .confidenceUntold)
      return nil
    }
    let told = Decider.thousandths(confidence)
    let wanted = Decider.thousandths(rules.reader.minConfidence)
    // Also false for what is no number.
    guard confidence >= rules.reader.minConfidence else {
      decision.trace.note(.confidence, .fail, .unsure, told, wanted)
      return .deniedAuthenticationFactorError
    }
    decision.trace.note(.confidence, .pass, .sure, told, wanted)
    return nil
  }

  /// Whoever signals duress at a keypad that is locked is heard as well; the answer stays the same.
  @_noLocks
  borrowing func hearDuress(
    _ request: borrowing AccessRequest, _ list: ListSnapshot, _ decision: inout AccessDecision
  ) {
    guard let credential = request.credential, let found = list.store.find(credential) else { return }
    decision.duress = list.store.flags(found).has(.duress)
  }

  /// Finds the entry: exactly, else as near as the reader allows. A denied entry ends it here.
  @_noLocks
  borrowing func search(
    _ request: borrowing AccessRequest, _ rules: Judgement, _ list: ListSnapshot,
    _ found: inout ListStore.Found?, _ decision: inout AccessDecision
  ) -> Reason? {
    guard let credential = request.credential else { return .deniedAuthenticationFactorError }
    found = list.store.find(credential)
    if let found {
      decision.trace.note(.list, .pass, .listed, Int64(found.place))
      decision.entry = found.place
      decision.credential = credential
    } else if !rules.reader.isTolerant || !Decider.isPlate(credential) {
      decision.trace.note(.list, .fail, .unlisted)
      decision.trace.note(.match, .skip, rules.reader.isTolerant ? .notPlate : .exactOnly)
      return .deniedUnknownCredential
    } else if let reason = searchNear(credential, request, rules, list, &decision) {
      return reason
    } else if let entry = decision.entry {
      found = list.store.found(at: entry)
    }
    if let found {
      let flags = list.store.flags(found)
      decision.duress = flags.has(.duress)
      if flags.has(.deny) {
        decision.trace.note(.flags, .fail, .markedDeny)
        return .deniedCredentialManualDisable
      }
    }
    decision.trace.note(.flags, .pass, .unmarked)
    return nil
  }

  /// Accepts one entry that is clearly the nearest and one look-alike away, with no denied one near, and no other of
  /// which one misread character would make the same reading.
  @_noLocks
  private borrowing func searchNear(
    _ credential: CredentialKey, _ request: borrowing AccessRequest, _ rules: Judgement,
    _ list: ListSnapshot, _ decision: inout AccessDecision
  ) -> Reason? {
    decision.trace.note(.list, .skip, .listedNearby)
    let contest = contest(over: credential, request, rules, list)
    if contest.examined > PolicyLimits.similarPlates {
      decision.trace.note(.match, .fail, .tooMany, Int64(contest.best))
      return .deniedAuthenticationFactorError
    }
    guard contest.best >= 0 else {
      decision.trace.note(.match, .fail, .nothingNear)
      return .deniedUnknownCredential
    }
    let isAlone = contest.second < 0
    if contest.denied >= 0 {
      decision.trace.note(.match, .fail, .nearDenied, Int64(contest.denied), Int64(contest.best))
      guard isAlone else {
        decision.near = contest.pair
        return .deniedAuthenticationFactorError
      }
      decision.entry = contest.denied
      decision.credential = list.store.key(at: contest.denied)
      decision.isTolerant = true
      decision.duress = list.store.flags(list.store.found(at: contest.denied)).has(.duress)
      return .deniedCredentialManualDisable
    }
    guard contest.isDecided else {
      decision.trace.note(.match, .fail, .ambiguous, Int64(contest.best), Int64(contest.second))
      decision.near = contest.pair
      return .deniedAuthenticationFactorError
    }
    guard contest.mayPass else {
      decision.trace.note(.match, .fail, .tooFar, Int64(contest.best), Int64(contest.bestCost))
      return .deniedUnknownCredential
    }
    guard !isReadOtherwise(request, credential, than: contest.best, list) else {
      decision.trace.note(.match, .fail, .otherwiseRead, Int64(contest.best))
      return .deniedAuthenticationFactorError
    }
    decision.trace.note(.match, .pass, .near, Int64(contest.best), Int64(contest.bestCost))
    decision.entry = contest.best
    decision.credential = list.store.key(at: contest.best)
    decision.isTolerant = true
    return nil
  }

  /// What is near to the reading, what the camera offers beside it, and, where one has won, what stands against it.
  @_noLocks
  private borrowing func contest(
    over credential: CredentialKey, _ request: borrowing AccessRequest, _ rules: Judgement,
    _ list: ListSnapshot
  ) -> Contest {
    var contest = Contest()
    list.store.similar(to: credential, sureness: request.characters, &contest)
    for place in 0..<PolicyLimits.candidates {
      guard let other = request.candidate(place), other.confidence >= rules.reader.minConfidence,
        Decider.isPlate(other.credential), let other = list.store.find(other.credential)
      else { continue }
      contest.enter(
        other.place, cost: Confusion.otherReading, mayPass: true,
        isDenied: list.store.entryTerms(other).flags.has(.deny))
    }
    if contest.mayPass && contest.isDecided && contest.denied < 0 { list.store.oppose(credential, &contest) }
    return contest
  }

  /// The camera offers other readings, however unsure, and the entry is none of them.
  @_noLocks
  private borrowing func isReadOtherwise(
    _ request: borrowing AccessRequest, _ credential: CredentialKey, than entry: Int, _ list: ListSnapshot
  ) -> Bool {
    let meant = list.store.key(at: entry)
    var isOtherwise = false
    for place in 0..<PolicyLimits.candidates {
      guard let other = request.candidate(place), Decider.isPlate(other.credential) else { continue }
      if other.credential == meant { return false }
      if !(other.credential == credential) { isOtherwise = true }
    }
    return isOtherwise
  }

  @_noLocks
  static func isPlate(_ credential: CredentialKey) -> Bool { credential.kind.code == 0 }

  @_noLocks
  static func isPin(_ credential: CredentialKey) -> Bool { credential.kind.code == 2 }

  /// For the trace; what is no number or absurd stays within bounds.
  @_noLocks
  static func thousandths(_ share: Double) -> Int64 {
    share > -1_000 && share < 1_000 ? Int64(share * 1_000) : -1
  }
}
