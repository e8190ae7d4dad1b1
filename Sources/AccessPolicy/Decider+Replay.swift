import ControlCore

extension Decider {
  /// Makes a decision once more, by the same rules, with what it saw.
  ///
  /// - Parameters:
  ///   - request: as it was, with the other readings and the condition that it had.
  ///   - list: at least the entries of then that the reading could have meant.
  ///   - setting: that of then: see ``PolicySetting/mark``.
  public static func replay(
    _ request: AccessRequest, seen: SeenState, list: ListSnapshot, setting: PolicySetting
  ) -> AccessDecision {
    let decider = Decider(setting: setting)
    var state = PassageState(setting: setting)
    // Which entry is meant, the list alone says.
    let first = decider.judge(request, list: list, state: state)
    guard let entry = first.entry else { return first }
    state.restore(seen, of: list.store.key(at: entry), first.member, request, setting)
    return decider.judge(request, list: list, state: state)
  }
}

extension PassageState {
  /// A state that answers the decision of `own` as the one of then did; of nobody else it knows more than counts.
  fileprivate mutating func restore(
    _ seen: SeenState, of own: CredentialKey, _ member: Membership, _ request: AccessRequest,
    _ setting: PolicySetting
  ) {
    restore(placeOf: own, seen, request.now)
    restoreSuspension(seen.suspension, of: own, request.now)
    for (number, coming) in seen.coming.enumerated() { restore(coming, number, member) }
    for line in seen.occupancy { unnamed[line.area] = line.count - named[line.area] }
    restoreMembers(seen, member, setting)
    if seen.isAccompanied {
      let read = request.reader.position * PolicyLimits.readsOfReader
      reads[read].isUsed = true
      reads[read].escorts = true
      reads[read].isOfTwo = seen.isAccompaniedByTwo
      reads[read].last = request.now
    }
    restoreCompany(seen, member, request)
  }

  private mutating func restore(placeOf own: CredentialKey, _ seen: SeenState, _ now: Instant) {
    let (inside, outside) = (bits(seen.inside), bits(seen.outside))
    changeState(of: own) { state in
      state.inside = inside
      state.known = inside | outside
      state.uses = UInt32(clamping: seen.uses ?? 0)
      state.at = seen.lastPassage ?? 0
      state.instant = seen.sincePassage.map { Instant(nanoseconds: now.nanoseconds &- $0.nanoseconds) }
    }
    count(inside, Membership(), 1)
    for grant in seen.waiting { wait(own, grant, Membership()) }
  }

  private mutating func restoreSuspension(
    _ suspension: SeenState.Suspension?, of own: CredentialKey, _ now: Instant
  ) {
    // That it held is certain; by which clock it was judged no longer matters.
    let holds = now + .seconds(1)
    switch suspension {
    case .ofOthers: suspensions = [Suspension(key: PassageState.somebody(0), until: .max, ends: holds)]
    case .until(let until): suspensions = [Suspension(key: own, until: until, ends: holds)]
    case .withoutEnd: suspensions = [Suspension(key: own, until: .max, ends: nil)]
    case nil: break
    }
  }

  private mutating func restore(_ coming: SeenState.Coming, _ number: Int, _ member: Membership) {
    var other = Membership()
    if coming.isSameHolder { other.holder = member.holder }
    other.groups = counted.mask(of: coming.groups)
    for place in 0..<min(coming.count, PolicyLimits.pendingPassages) {
      let credential = PassageState.somebody(1 + number * PolicyLimits.pendingPassages + place)
      wait(credential, coming.grant, other)
      guard !coming.inside.isEmpty else { continue }
      let inside = bits(coming.inside)
      changeState(of: credential) { state in
        state.inside = inside
        state.known = inside
      }
      count(inside, Membership(), 1)
    }
  }

  private mutating func restoreMembers(_ seen: SeenState, _ member: Membership, _ setting: PolicySetting) {
    for line in seen.ofHolder {
      var counted = Membership()
      counted.holder = member.holder
      members.add(counted, in: line.area, line.count)
    }
    for line in seen.ofGroups {
      add(line.count, ofGroups: counted.mask(of: line.group.map { [$0] } ?? []), line.area)
    }
    for area in seen.led {
      let first = counted.mask(of: setting.areas[area].firstIn)
      let told = counted.mask(of: seen.ofGroups.filter { $0.area == area }.compactMap(\.group))
      let leader = first & ~told
      if members.ofGroups(first, in: area) == 0 { add(1, ofGroups: leader & (~leader &+ 1), area) }
    }
  }

  private mutating func add(_ count: Int, ofGroups groups: UInt64, _ area: Int) {
    var counted = Membership()
    counted.groups = groups
    members.add(counted, in: area, count)
  }

  private mutating func restoreCompany(_ seen: SeenState, _ member: Membership, _ request: AccessRequest) {
    let reader = readers[request.reader.position]
    func waiting(_ stage: HeldPresentation.Stage, _ number: Int) -> HeldPresentation {
      HeldPresentation(
        stage: stage, reader: request.reader, point: reader.point, side: reader.side,
        credential: PassageState.somebody(-number), kinds: 0, member: Membership(),
        until: request.now + .seconds(1), verdict: HeldVerdict())
    }
    if let factor = seen.factor {
      var first = waiting(.factor, 1)
      first.kinds = factor.kinds.reduce(0) { $0 | 1 << $1.code }
      first.member.holder = factor.isSameHolder ? member.holder : ~member.holder
      first.verdict = HeldVerdict(factor.lapse)
      first.verdict?.extended = factor.extended
      first.verdict?.duress = factor.duress
      first.verdict?.escortRequired = factor.escortRequired
      first.verdict?.twoPerson = factor.twoPerson
      held.append(first)
    }
    if let second = seen.secondPerson {
      var person = waiting(.person, 2)
      person.verdict = HeldVerdict(second.lapse)
      person.verdict?.duress = second.duress
      held.append(person)
    }
  }

  private mutating func wait(_ credential: CredentialKey, _ grant: SeenState.Grant, _ member: Membership) {
    pending.append(
      PendingPassage(
        passage: UInt64(pending.count + 1), credential: credential, point: grant.point, side: grant.side,
        validFrom: nil, countsUses: false, member: member, at: .zero))
  }

  private func bits(_ areas: [Int]) -> UInt64 { areas.reduce(0) { $0 | bit($1) } }

  /// Somebody of whom only the number is known; a reader can read nobody so named, since no form has such a mark.
  private static func somebody(_ number: Int) -> CredentialKey {
    var words = InlineArray<8, UInt64>(repeating: 0)
    words[0] = UInt64(bitPattern: Int64(number))
    words[1] = 1
    return CredentialKey(kind: .face, words: words, length: 16)
  }
}

extension HeldVerdict {
  fileprivate init(_ lapse: SeenState.Lapse?) {
    guard let lapse else { return }
    reason = lapse.reason
    kind = lapse.kind.code
    credential = lapse.credential
  }
}
