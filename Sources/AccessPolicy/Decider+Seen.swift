import ControlCore

extension Decider {
  /// What a decision saw; to be asked before the state takes note of it.
  public borrowing func seen(
    by request: AccessRequest, _ decision: AccessDecision, list: ListSnapshot, state: borrowing PassageState
  ) -> SeenState {
    var seen = SeenState()
    seen.condition = request.condition
    if decision.entry == nil || decision.isTolerant { see(readingsOf: request, &seen) }
    // A denied entry ends the search, and nothing behind it was looked at.
    guard let entry = decision.entry,
      decision.reason != .deniedCredentialManualDisable || decision.lapsedHeld >= 0
    else { return seen }
    let own = list.store.key(at: entry)
    let rules = Judgement(request: request, reader: readers[request.reader.position])
    let terms = list.store.entryTerms(list.store.found(at: entry))
    if state.suspensions.count > 0 {
      let place = state.suspension(of: own, rules)
      let until = place < 0 ? nil : Optional(state.suspensions[place].until)
      seen.suspension = until.map { $0 == .max ? .withoutEnd : .until($0) } ?? .ofOthers
    }
    if terms.flags.has(.escortRequired) || decision.escortRequired {
      seen.isAccompanied = state.isAccompanied(rules, byTwo: false)
      seen.isAccompaniedByTwo = state.isAccompanied(rules, byTwo: true)
    }
    see(placeOf: own, counts: terms.uses != nil, rules, state, &seen)
    seeCounts(own, decision.member, terms, rules, state, &seen)
    seeCompany(request, own, decision, terms, rules, list, state, &seen)
    return seen
  }

  private borrowing func see(readingsOf request: AccessRequest, _ seen: inout SeenState) {
    seen.otherReadings = (0..<PolicyLimits.candidates).compactMap { request.candidate($0) }
    seen.sureness = (0..<request.characters.count).map { request.characters.percent($0) }
  }

  private borrowing func see(
    placeOf own: CredentialKey, counts: Bool, _ rules: Judgement, _ state: borrowing PassageState,
    _ seen: inout SeenState
  ) {
    let entered = doors.entered(rules.reader.point, rules.reader.side)
    let left = doors.left(rules.reader.point, rules.reader.side)
    guard counts || entered | left != 0 else { return }
    for place in 0..<state.pending.count where state.pending[place].credential == own {
      let (point, side) = (state.pending[place].point, state.pending[place].side)
      if point != rules.reader.point { seen.waiting.append(SeenState.Grant(point: point, side: side)) }
    }
    if counts { seen.uses = 0 }
    guard let found = state.table.find(own) else { return }
    let known = state.table.state(at: found)
    if counts { seen.uses = Int(known.uses) }
    let concerned = entered | left | doors.around(entered) | doors.inner(left)
    var timed = false
    for area in 0..<areas.count where concerned & known.known & (1 << UInt64(area)) != 0 {
      if known.inside & (1 << UInt64(area)) != 0 {
        seen.inside.append(area)
      } else {
        seen.outside.append(area)
      }
      if case .timed = areas[area].passback { timed = true }
    }
    guard counts || timed else { return }
    seen.lastPassage = known.at
    if timed { seen.sincePassage = known.instant.map { rules.now.since($0) } }
  }

  private borrowing func seeCounts(
    _ own: CredentialKey, _ member: Membership, _ terms: EntryTerms, _ rules: Judgement,
    _ state: borrowing PassageState, _ seen: inout SeenState
  ) {
    let entered = doors.entered(rules.reader.point, rules.reader.side)
    var counted: UInt64 = 0
    for area in 0..<areas.count where entered & (1 << UInt64(area)) != 0 {
      if areas[area].capacity != nil {
        counted |= 1 << UInt64(area)
        seen.occupancy.append(SeenState.AreaCount(area: area, count: state.occupancy(of: area)))
      }
      let first = areas[area].firstIn
      if first & ~member.groups == first, state.members.ofGroups(first, in: area) > 0 {
        seen.led.append(area)
      }
    }
    for quota in quotas where entered & (1 << UInt64(quota.area)) != 0 && terms.groups.has(quota.group) {
      counted |= 1 << UInt64(quota.area)
      if quota.ofHolder != .max, member.holder != 0, !seen.ofHolder.contains(where: { $0.area == quota.area })
      {
        let count = state.members.ofHolder(member.holder, in: quota.area)
        seen.ofHolder.append(SeenState.AreaCount(area: quota.area, count: count))
      }
      if quota.ofGroup != .max {
        let count = state.members.ofGroups(quota.groupBit, in: quota.area)
        seen.ofGroups.append(SeenState.AreaCount(area: quota.area, group: quota.group, count: count))
      }
    }
    guard counted != 0 else { return }
    for place in 0..<state.pending.count {
      see(coming: state.pending[place], into: counted, own, member, terms, rules, state, &seen)
    }
  }

  /// Those who count alike stand in one line.
  private borrowing func see(
    coming other: PendingPassage, into counted: UInt64, _ own: CredentialKey, _ member: Membership,
    _ terms: EntryTerms, _ rules: Judgement, _ state: borrowing PassageState, _ seen: inout SeenState
  ) {
    let shared = doors.entered(other.point, other.side) & counted
    guard other.credential != own, shared != 0 else { return }
    let inside = state.table.find(other.credential).map { state.table.state(at: $0).inside } ?? 0
    guard shared & ~inside != 0 else { return }
    let groups = quotas.filter { $0.groupBit & other.member.groups != 0 && terms.groups.has($0.group) }
    let coming = SeenState.Coming(
      grant: SeenState.Grant(point: other.point, side: other.side),
      isSameHolder: member.holder != 0 && other.member.holder == member.holder,
      groups: Set(groups.map(\.group)).sorted(),
      inside: (0..<areas.count).filter { shared & inside & (1 << UInt64($0)) != 0 }, count: 1)
    let alike = seen.coming.firstIndex { line in
      line.grant == coming.grant && line.isSameHolder == coming.isSameHolder && line.groups == coming.groups
        && line.inside == coming.inside
    }
    if let alike { seen.coming[alike].count += 1 } else { seen.coming.append(coming) }
  }

  private borrowing func seeCompany(
    _ request: AccessRequest, _ own: CredentialKey, _ decision: AccessDecision, _ terms: EntryTerms,
    _ rules: Judgement, _ list: ListSnapshot,
    _ state: borrowing PassageState, _ seen: inout SeenState
  ) {
    let holder = decision.member.holder
    let place = state.heldFactor(rules.reader.point, rules.reader.side, rules.now)
    if place >= 0 {
      let held = state.held[place]
      var factor = SeenState.Factor(
        kinds: CredentialKind.allCases.filter { held.kinds >> $0.code & 1 == 1 },
        isSameHolder: held.member.holder == holder)
      if place == decision.heldFactor || place == decision.lapsedHeld, let read = request.credential {
        let verdict = judgeHeld(place, without: 1 << read.kind.code, holder: holder, rules, list, state)
        factor.extended = verdict.extended
        factor.duress = verdict.duress
        factor.escortRequired = verdict.escortRequired
        factor.twoPerson = verdict.twoPerson
        factor.lapse = lapse(verdict)
      }
      seen.factor = factor
    }
    var second = Int(decision.mate)
    let asking = groups.indices.filter { terms.groups.has($0) && !groups[$0].company.asksNothing }
    if second < 0 && asking.count > 1 {
      // Which group counted depended on it.
      second = state.heldPerson(
        rules.reader.point, rules.reader.side, rules.now, otherThan: decision.member, own)
    }
    guard second >= 0 else { return }
    var person = SeenState.Person()
    if decision.mate >= 0 {
      let verdict = judgeHeld(second, without: 0, holder: holder, rules, list, state)
      person.duress = verdict.duress
      person.lapse = lapse(verdict)
    }
    seen.secondPerson = person
  }

  private func lapse(_ verdict: HeldVerdict) -> SeenState.Lapse? {
    guard let reason = verdict.reason,
      let kind = CredentialKind.allCases.first(where: { $0.code == verdict.kind })
    else { return nil }
    return SeenState.Lapse(kind: kind, credential: kind == .pin ? nil : verdict.credential, reason: reason)
  }
}
