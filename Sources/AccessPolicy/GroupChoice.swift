import ControlCore

/// Which of an entry's open groups speaks for it.
///
/// One that asks for nothing beyond its reader is enough. Of the others it is the one that lacks least at this moment: what
/// one group grants no other takes away, so a longer schedule never denies. Equals are told apart by what they ask,
/// never by their place in the site.
struct GroupChoice {
  private(set) var group = -1
  private var rank = UInt32.max
  /// Groups that were weighed by what they ask.
  private(set) var weighed = 0
  /// What would complete one of them.
  private(set) var mayWaitForFactor = false
  private(set) var mayWaitForSecond = false
  /// Valid once a group was weighed.
  var shown = ShownCompany()

  @_noLocks init() {}

  var isMade: Bool { @_noLocks get { group >= 0 } }
  /// Nothing but a group that passes a lockdown could still be better.
  private(set) var isOutright = false

  @_noLocks
  mutating func takeOutright(_ group: Int, isBarred: Bool, passesLockdown: Bool) {
    isOutright = true
    take(group, (isBarred ? GroupChoice.barred : 0) | (passesLockdown ? 0 : 1))
  }

  @_noLocks
  mutating func weigh(
    _ group: Int, _ asked: CompiledCompany, _ reader: CompiledCompany, isBarred: Bool, passesLockdown: Bool
  ) {
    weighed += 1
    let last: UInt32 = passesLockdown ? 2 : 3
    let lack = shown.lack(asked, reader)
    take(group, (isBarred ? GroupChoice.barred : 0) | lack | last)
    guard !isBarred, lack & ShownCompany.mistake == 0 else { return }
    if (asked.factors | reader.factors) & ~shown.kinds != 0 {
      mayWaitForFactor = true
    } else {
      mayWaitForSecond = true
    }
  }

  @_noLocks
  private mutating func take(_ group: Int, _ rank: UInt32) {
    guard rank < self.rank else { return }
    self.rank = rank
    self.group = group
  }

  /// The lockdown holds the group back.
  private static var barred: UInt32 { @_noLocks get { 1 << 31 } }
}

/// What its holder and others have shown at a point and side.
struct ShownCompany {
  var own: UInt8 = 0
  /// Bits of the kinds, with what waits for a second factor of the same holder.
  var kinds: UInt8 = 0
  var hasHolder = false
  /// Somebody else waits for his second factor, and has shown these.
  var isOfAnother = false
  var kindsOfAnother: UInt8 = 0
  var hasSecond = false

  @_noLocks init() {}

  /// What is lacking where a group asks for `asked` and its reader for `reader`, as a number to compare by; below
  /// 1 << 26 all is there.
  @_noLocks
  func lack(_ asked: CompiledCompany, _ reader: CompiledCompany) -> UInt32 {
    let wanted = asked.factors | reader.factors
    let primary = reader.factors != 0 ? reader.primary : asked.primary
    let wantsSecond = asked.twoPerson || reader.twoPerson
    let lacksSecond = wantsSecond && !hasSecond
    let factors = UInt32((wanted & ~kinds).nonzeroBitCount)
    var lack = (factors + (lacksSecond ? 1 : 0)) << 26 | (lacksSecond ? 1 << 25 : 0)
    lack |= (wantsSecond ? 1 << 24 : 0) | UInt32(wanted) << 16 | UInt32(primary) << 8
    let isNobodys = wanted != 0 && !hasHolder && wanted != own
    let isAnothers = isOfAnother && own != 1 << primary && wanted & own & ~kindsOfAnother != 0
    if isNobodys || isAnothers { lack |= ShownCompany.mistake }
    return lack
  }

  /// What was shown belongs to somebody else, or to nobody.
  static var mistake: UInt32 { @_noLocks get { 1 << 30 } }
}

extension CompiledCompany {
  var asksNothing: Bool { @_noLocks get { factors == 0 && !twoPerson } }
}

extension Decider {
  /// The group is open: is it the one, and need none be looked at further?
  @_noLocks
  borrowing func choose(
    _ group: Int, _ rules: Judgement, _ state: borrowing PassageState, _ choice: inout GroupChoice,
    _ decision: inout AccessDecision
  ) -> Bool {
    let passes = groups[group].passesLockdown
    let isBarred = !passes && rules.condition.has(.lockedDown)
    let asked = groups[group].company
    if asked.asksNothing {
      choice.takeOutright(group, isBarred: isBarred, passesLockdown: passes)
      return passes || !somePassLockdown
    }
    decision.trace.noteGroup(
      .rights, .pass, .groupAsks, Int64(group), Int64(asked.factors), asked.twoPerson ? 1 : 0)
    if choice.weighed == 0 { choice.shown = shown(rules, state, decision) }
    choice.weigh(group, asked, rules.reader.company, isBarred: isBarred, passesLockdown: passes)
    return false
  }

  /// One that asks for nothing is found already: only another such group that also passes a lockdown would be better,
  /// and in a lockdown every one that passes it.
  @_noLocks
  borrowing func mayBeBetter(_ group: Int, _ rules: Judgement) -> Bool {
    groups[group].passesLockdown
      && (rules.condition.has(.lockedDown) || groups[group].company.asksNothing)
  }

  @inline(never)
  @_noLocks
  private borrowing func shown(
    _ rules: Judgement, _ state: borrowing PassageState, _ decision: borrowing AccessDecision
  ) -> ShownCompany {
    var shown = ShownCompany()
    guard let credential = decision.credential else { return shown }
    shown.own = 1 << credential.kind.code
    shown.kinds = shown.own
    shown.hasHolder = decision.member.holder != 0
    let place = state.heldFactor(rules.reader.point, rules.reader.side, rules.now)
    if place >= 0 {
      let kinds = state.held[place].kinds
      if state.held[place].member.holder == decision.member.holder {
        shown.kinds |= kinds
      } else {
        shown.isOfAnother = true
        shown.kindsOfAnother = kinds
      }
    }
    if decision.judgedAgain >= 0 {
      let held = Int(decision.judgedAgain)
      shown.kinds |= state.held[held].kinds | decision.kinds
      if case .person = state.held[held].stage { shown.hasSecond = true }
      return shown
    }
    shown.hasSecond =
      state.heldPerson(
        rules.reader.point, rules.reader.side, rules.now, otherThan: decision.member, credential) >= 0
    return shown
  }
}
