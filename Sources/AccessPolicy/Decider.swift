import ControlCore

/// The decision: may this credential pass here and now.
///
/// A function of its arguments alone. It asks no clock, changes nothing and allocates nothing: `decide`
/// carries `@_noLocks`.
public struct Decider: ~Copyable, Sendable {
  let readers: [CompiledReader]
  let groups: [CompiledGroup]
  let areas: [CompiledArea]
  let schedules: ScheduleTable
  let zone: ZoneTable
  let doors: AreaDoors
  let counted: CountedGroups
  let quotas: [CompiledQuota]
  /// The areas that somebody must enter first.
  let firstInAreas: UInt64
  /// Whether holders and counted groups matter anywhere.
  let countsMembers: Bool
  /// Whether a group passes a lockdown.
  let somePassLockdown: Bool

  /// Checks the limits and indices of `setting`; a breach traps, since the site file was checked before.
  public init(setting: PolicySetting) {
    precondition(setting.readers.count <= Limits.readers, "too many readers")
    precondition(setting.groups.count <= PolicyLimits.groups, "too many groups")
    precondition(
      setting.groups.allSatisfy { setting.schedules.indices.contains($0.schedule) }, "unknown schedule")
    readers = setting.readers.map(CompiledReader.init)
    schedules = ScheduleTable(setting.schedules, holidays: setting.holidays)
    zone = ZoneTable(setting.zone)
    doors = AreaDoors(setting.areas)
    counted = CountedGroups(setting)
    var quotas: [CompiledQuota] = []
    var groups = setting.groups.map(CompiledGroup.init)
    for group in groups.indices {
      groups[group].quotas = quotas.count
      for (area, setting) in setting.areas.enumerated() {
        for quota in setting.quotas where quota.group == group {
          quotas.append(CompiledQuota(area, quota, groupBit: counted.mask(of: [group])))
        }
      }
      groups[group].quotasEnd = quotas.count
    }
    self.quotas = quotas
    self.groups = groups
    somePassLockdown = groups.contains { $0.passesLockdown }
    var areas = setting.areas.map(CompiledArea.init)
    for place in areas.indices { areas[place].firstIn = counted.mask(of: setting.areas[place].firstIn) }
    self.areas = areas
    firstInAreas = areas.indices.reduce(0) { $0 | (areas[$1].firstIn == 0 ? 0 : 1 << UInt64($1)) }
    countsMembers =
      counted.count > 0 || setting.readers.contains { !$0.factors.isEmpty || $0.twoPerson }
      || setting.groups.contains { !$0.factors.isEmpty || $0.twoPerson }
  }

  /// - Parameters:
  ///   - list: made with the groups of the same setting.
  ///   - state: made with the same setting; not changed: see ``PassageState/noteRead(_:_:)`` and
  ///     ``PassageState/granted(passage:request:decision:)``.
  @_noLocks
  public borrowing func decide(
    _ request: AccessRequest, list: ListSnapshot, state: borrowing PassageState
  ) -> AccessDecision {
    var decision = AccessDecision()
    decide(request, list: list, state: state, into: &decision)
    return decision
  }

  /// The same, written over an earlier decision where it stands: nothing of it is kept, and no half kilobyte of
  /// trace is made and copied.
  @_noLocks
  public borrowing func decide(
    _ request: AccessRequest, list: ListSnapshot, state: borrowing PassageState,
    into decision: inout AccessDecision
  ) {
    let mark = request.credential?.mark ?? 0
    // Before all else: what comes from far away in memory takes as long as half of the rules.
    list.store.expect(mark)
    state.table.expect(mark)
    if state.mayRemember(mark, request.track, at: request.reader) {
      let before = earlier(request, state)
      if before >= 0 { return again(before, state, &decision) }
    }
    judge(request, list, state, into: &decision)
    guard decision.isGrant, let credential = decision.credential else { return }
    // Where what passes is what was read, that was asked above.
    if decision.isTolerant || decision.keepsHeld {
      let before = state.granted(credential, at: request.reader, request.now)
      if before >= 0 {
        let isForced = decision.duress && decision.heldFactor >= 0
        again(before, state, &decision)
        decision.duress = isForced
        return
      }
    }
    let reader = readers[request.reader.position]
    decision.renews = state.passage(waitingFor: credential, reader.point, reader.side, request.now)
    // One grant a passage, however often its credential is shown before it.
    guard decision.renews != 0 else { return }
    decision.isRepeat = true
    // The grant told it already, but for what another factor says.
    if decision.heldFactor < 0 { decision.duress = false }
  }

  /// The place of the earlier read or grant that `request` repeats, or -1.
  @inline(never)
  @_noLocks
  private borrowing func earlier(_ request: AccessRequest, _ state: borrowing PassageState) -> Int {
    if let before = state.repeated(request, holdOff: readers[request.reader.position].holdOff) {
      return before
    }
    guard let read = request.credential else { return -1 }
    return state.granted(read, at: request.reader, request.now)
  }

  /// The answer to the same presence as an earlier read.
  @_noLocks
  private borrowing func again(
    _ before: Int, _ state: borrowing PassageState, _ decision: inout AccessDecision
  ) {
    decision.reset()
    decision.trace.note(.repeated, .skip, .sameRead)
    decision.outcome = state.reads[before].outcome
    decision.reason = state.reads[before].reason
    decision.isRepeat = true
    decision.repeated = Int32(truncatingIfNeeded: before)
  }

  /// As ``decide(_:list:state:)``, but as if nothing had been read before: the answer to a person who asks
  /// why.
  @_noLocks
  public borrowing func judge(
    _ request: AccessRequest, list: ListSnapshot, state: borrowing PassageState
  ) -> AccessDecision {
    var decision = AccessDecision()
    judge(request, list, state, into: &decision)
    return decision
  }

  @_noLocks
  private borrowing func judge(
    _ request: AccessRequest, _ list: ListSnapshot, _ state: borrowing PassageState,
    into decision: inout AccessDecision
  ) {
    decision.reset()
    decision.trace.note(.repeated, .pass, .firstRead)
    let rules = Judgement(request: request, reader: readers[request.reader.position])
    if let reason = judge(request, rules, list, state, &decision) {
      decision.outcome = .deny
      decision.reason = reason
      return
    }
    decision.outcome = .grant
    decision.reason = decision.duress ? .duress : .granted
  }

  /// The rules in their order; the first that fails gives the reason.
  @_noLocks
  private borrowing func judge(
    _ request: borrowing AccessRequest, _ rules: Judgement, _ list: ListSnapshot,
    _ state: borrowing PassageState, _ decision: inout AccessDecision
  ) -> Reason? {
    if let reason = judgeReading(request, rules, state, &decision) {
      if case .deniedLockout = reason { hearDuress(request, list, &decision) }
      return reason
    }
    guard let read = request.credential else { return .deniedAuthenticationFactorError }
    // What needs no entry goes before the search for it, which waits longest for memory.
    let placeOfRead = state.table.place(of: read)
    let local = zone.local(atUnixMilliseconds: rules.at)
    var found: ListStore.Found?
    if let reason = search(request, rules, list, &found, &decision) { return reason }
    guard let found, let credential = decision.credential else { return .deniedUnknownCredential }
    let known = decision.isTolerant ? state.table.place(of: credential) : placeOfRead
    if let reason = judgeFound(found, credential, known, rules, local, list, state, &decision) {
      return reason
    }
    return judgeCompany(rules, credential, list, state, &decision)
  }

  /// All that an entry is judged by alone.
  @inline(__always)
  @_noLocks
  borrowing func judgeFound(
    _ found: ListStore.Found, _ credential: CredentialKey, _ known: CredentialPlace, _ rules: Judgement,
    _ local: (day: Int, minuteOfDay: Int), _ list: ListSnapshot, _ state: borrowing PassageState,
    _ decision: inout AccessDecision
  ) -> Reason? {
    let terms = list.store.entryTerms(found)
    decision.passbackExempt = terms.flags.has(.passbackExempt)
    decision.escortRequired = terms.flags.has(.escortRequired)
    decision.validFrom = terms.validFrom
    decision.countsUses = terms.uses != nil
    if countsMembers {
      decision.member.holder = list.store.holder(found)
      decision.member.groups = counted.mask(of: terms.groups)
    }
    if let reason = judgeSuspension(rules, credential, state, &decision) { return reason }
    if let reason = judgeEntry(rules, terms, credential, known, state, &decision) { return reason }
    let way = way(rules, credential, known, holder: decision.member.holder, state)
    if let reason = judgeGroups(rules, local, terms, way, state, &decision) { return reason }
    if let reason = judgeAreas(rules, way, state, &decision) { return reason }
    if let reason = judgePoint(rules, &decision) { return reason }
    decision.extended = terms.flags.has(.extended)
    return nil
  }
}

/// What every rule is given: of the request only what is small, since it is handed on by value.
struct Judgement {
  var reader: CompiledReader
  var position: ReaderIndex
  let at: Int64
  let clock: ClockTrust
  let now: Instant
  let condition: PointCondition

  @_noLocks init(request: borrowing AccessRequest, reader: CompiledReader) {
    self.reader = reader
    position = request.reader
    at = request.at
    clock = request.clock
    now = request.now
    condition = request.condition
  }

  var isClockTrusted: Bool {
    @_noLocks get {
      switch clock {
      case .synced, .holdover: true
      case .untrusted: false
      }
    }
  }
}

struct CompiledReader: Sendable {
  let point: PointIndex
  let side: Side
  /// A bit for each kind of credential that it can have read.
  let readable: UInt8
  let isTolerant: Bool
  let minConfidence: Double
  let holdOff: Interval
  let company: CompiledCompany
  let secondWithin: Interval

  init(_ setting: ReaderSetting) {
    secondWithin = setting.secondWithin
    point = setting.point
    side = setting.side
    readable = setting.kind.readableCodes
    isTolerant = setting.match == .tolerant
    minConfidence = setting.minConfidence
    holdOff = setting.holdOff
    company = CompiledCompany(setting.factors, setting.twoPerson)
  }
}

struct CompiledGroup: Sendable {
  let points: UInt64
  let schedule: Int
  let withoutClock: UntrustedClock
  let passesLockdown: Bool
  let company: CompiledCompany
  /// Where its quotas stand among all.
  var quotas = 0
  var quotasEnd = 0

  init(_ setting: GroupSetting) {
    points = setting.points.reduce(0) { $0 | (UInt64(1) << UInt64($1.position)) }
    schedule = setting.schedule
    withoutClock = setting.untrustedClock
    passesLockdown = setting.passesLockdown
    company = CompiledCompany(setting.factors, setting.twoPerson)
  }
}

/// What must come with a credential.
struct CompiledCompany: Sendable {
  /// A bit for each kind that one holder must show.
  let factors: UInt8
  /// The kind that passes.
  let primary: UInt8
  let twoPerson: Bool

  init(_ factors: [CredentialKind], _ twoPerson: Bool) {
    self.factors = factors.reduce(0) { $0 | 1 << $1.code }
    primary = factors.first?.code ?? 0
    self.twoPerson = twoPerson
  }
}

struct CompiledQuota: Sendable {
  let area: Int
  let group: Int
  let ofHolder: Int
  let ofGroup: Int
  /// Its bit by place in ``CountedGroups``.
  let groupBit: UInt64

  init(_ area: Int, _ setting: QuotaSetting, groupBit: UInt64) {
    self.groupBit = groupBit
    self.area = area
    group = setting.group
    ofHolder = setting.ofHolder ?? .max
    ofGroup = setting.ofGroup ?? .max
  }
}

struct CompiledArea: Sendable {
  enum Kind {
    case off, soft, hard, timed
  }

  let capacity: Int?
  let passback: Kind
  let forgetsAfter: Interval
  /// The area around it.
  let within: Int?
  /// Bits by place in ``CountedGroups``: one of their members must be inside first.
  var firstIn: UInt64 = 0

  init(_ setting: AreaSetting) {
    within = setting.within
    capacity = setting.capacity
    switch setting.passback {
    case .off: (passback, forgetsAfter) = (.off, .zero)
    case .soft: (passback, forgetsAfter) = (.soft, .zero)
    case .hard: (passback, forgetsAfter) = (.hard, .zero)
    case .timed(let time): (passback, forgetsAfter) = (.timed, time)
    }
  }
}
