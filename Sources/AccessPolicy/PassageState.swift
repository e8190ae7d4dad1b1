public import ControlCore

/// Who is where, how often each has passed, how full each area is, and what each reader read last.
///
/// Owned by the thread that decides. Areas and uses change when a passage is reported, never at the grant; a
/// grant waits as pending and stands for its holder at every other point until it is used or taken back.
public struct PassageState: ~Copyable, Sendable {
  let doors: AreaDoors
  let areaNames: [String]
  let readers: [PassageReader]
  var table: PassageTable
  /// Of each area: those inside by credential, and entries less exits without one.
  var named: [Int]
  var unnamed: [Int]
  var changedAreas: UInt64 = 0
  let counted: CountedGroups
  var members: MemberCounts
  var pending: [PendingPassage] = [] {
    didSet { waitingGrants.take(pending, doors, table) }
  }
  private(set) var waitingGrants: WaitingGrants
  var reads: [ReadMemory]
  /// One for each reader.
  var readMarks: [ReadMarks]
  var readFilters: [UInt64]
  var pins: [PinTries]
  let readerNames: [String]
  /// Readers whose wrong PINs are to be kept.
  var changedPins: Set<Int> = []
  var held: [HeldPresentation] = []
  var suspensions: [Suspension] = []
  var changedSuspensions: [PassageRow] = []
  /// Readers whose lockout has begun and was not told yet.
  var lockouts: [ReaderIndex] = []
  /// One reader after the other, those at the same point and side.
  let siblings: [Int]

  public init(setting: PolicySetting, limit: Int = PolicyLimits.credentialStates) {
    precondition(setting.readers.count <= Limits.readers, "too many readers")
    doors = AreaDoors(setting.areas)
    areaNames = setting.areas.map(\.name)
    readerNames = setting.readers.map(\.name)
    var readers = setting.readers.map(PassageReader.init)
    var siblings: [Int] = []
    for own in readers.indices {
      readers[own].siblings = siblings.count
      siblings += readers.indices.filter { other in
        other != own && readers[other].point == readers[own].point && readers[other].side == readers[own].side
      }
      readers[own].siblingsEnd = siblings.count
    }
    self.readers = readers
    self.siblings = siblings
    counted = CountedGroups(setting)
    members = MemberCounts(areas: setting.areas.count, groups: counted.count)
    waitingGrants = WaitingGrants(areas: setting.areas.count, groups: counted.count)
    table = PassageTable(limit: max(1, limit))
    named = Array(repeating: 0, count: setting.areas.count)
    unnamed = named
    reads = Array(repeating: ReadMemory(), count: setting.readers.count * PolicyLimits.readsOfReader)
    readMarks = Array(repeating: ReadMarks(), count: setting.readers.count)
    readFilters = readMarks.map(\.filter)
    pins = Array(repeating: PinTries(), count: setting.readers.count)
    pending.reserveCapacity(PolicyLimits.pendingPassages)
  }

  /// A grant was given under this passage number.
  public mutating func granted(passage: UInt64, request: AccessRequest, decision: AccessDecision) {
    guard decision.isGrant, !decision.isRepeat, let credential = decision.credential else { return }
    let reader = readers[request.reader.position]
    let first = release(decision)
    wait(
      PendingPassage(
        passage: passage, credential: credential, point: reader.point, side: reader.side,
        validFrom: decision.validFrom, countsUses: decision.countsUses, member: decision.member,
        at: request.now))
    if let first {
      wait(
        PendingPassage(
          passage: passage, credential: first.credential, point: reader.point, side: reader.side,
          validFrom: first.terms.validFrom, countsUses: first.terms.countsUses, member: first.terms.member,
          at: request.now))
    }
    if let place = memory(of: request) { reads[place].passage = passage }
  }

  private mutating func wait(_ passage: PendingPassage) {
    if pending.count == PolicyLimits.pendingPassages {
      pending.removeFirst()
    }
    pending.append(passage)
  }

  /// The one way to what is known of a credential, since who waits counts by where he is.
  mutating func changeState(of key: CredentialKey, _ body: (inout CredentialState) -> Void) {
    let given = table.change(key, body)
    if let given { forget(given) }
    if waitingGrants.mayHold(key.mark) || given.map({ waitingGrants.mayHold($0.key.mark) }) == true {
      waitingGrants.take(pending, doors, table)
    }
  }

  /// Who gave way while inside is from now on one of those without a credential.
  private mutating func forget(_ state: CredentialState) {
    count(state.inside, state.member, -1)
    for area in unnamed.indices where state.inside & bit(area) != 0 { unnamed[area] += 1 }
    changedAreas |= state.inside
  }

  /// The granted passage took place.
  /// - Returns: false where no such grant waits.
  @discardableResult
  public mutating func passed(passage: UInt64, at: Int64, now: Instant) -> Bool {
    let done = pending.filter { $0.passage == passage }
    guard !done.isEmpty else { return false }
    pending.removeAll { $0.passage == passage }
    for one in done {
      move(one, at: at, now: now)
    }
    return true
  }

  private mutating func move(_ done: PendingPassage, at: Int64, now: Instant) {
    let entered = doors.entered(done.point, done.side)
    let left = doors.left(done.point, done.side)
    guard entered | left != 0 || done.countsUses else { return }
    // Who enters an area is in those around it; who leaves one has left those in it.
    let around = doors.around(entered) & ~left
    let gone = left | doors.inner(left)
    var before = CredentialState(key: done.credential)
    var after = before
    changeState(of: done.credential) { state in
      before = state
      state.inside = (state.inside & ~gone) | entered | around
      state.known |= entered | gone | around
      state.uses = state.place.usesCounted(since: done.validFrom) &+ (done.countsUses ? 1 : 0)
      state.at = max(at, done.validFrom ?? at)
      state.instant = now
      state.member = done.member
      after = state
    }
    count(before.inside, before.member, -1)
    count(after.inside, after.member, 1)
    // One who left without being inside: some entry without a credential was his. One who enters and is inside: some exit.
    subtractUnnamed((left | around) & ~before.inside)
    for area in unnamed.indices where entered & before.inside & bit(area) != 0 && unnamed[area] < 0 {
      unnamed[area] += 1
      changedAreas |= bit(area)
    }
  }

  /// Nobody used the grant. Who still stands before the reader stays the same presence: the point does not
  /// open again and again for a parked car.
  public mutating func takenBack(passage: UInt64) {
    pending.removeAll { $0.passage == passage }
  }

  /// The machine refused the grant. Who still stands before the reader is decided anew after the hold-off.
  public mutating func refused(passage: UInt64) {
    takenBack(passage: passage)
    for place in reads.indices where reads[place].isUsed && reads[place].passage == passage && passage != 0 {
      reads[place].first = reads[place].last
      reads[place].lasts = false
      reads[place].escorts = false
    }
  }

  /// Somebody passed whom no credential stands for: opened by an operator, an exit button, an emergency.
  public mutating func passedUnnamed(point: PointIndex, side: Side) {
    let entered = doors.entered(point, side)
    for area in unnamed.indices where entered & bit(area) != 0 {
      unnamed[area] += 1
    }
    changedAreas |= entered
    subtractUnnamed(doors.left(point, side) & ~entered)
  }

  /// Those in the area by all that is known.
  public func occupancy(of area: Int) -> Int {
    max(0, named[area] + unnamed[area])
  }

  /// Passages of the credential counted against an entry valid from `validFrom`.
  public func uses(of credential: CredentialKey, validFrom: Int64?) -> Int {
    Int(table.place(of: credential).usesCounted(since: validFrom))
  }

  /// The places of the areas in which the credential is.
  public func areas(of credential: CredentialKey) -> [Int] {
    let inside = table.place(of: credential).inside
    return areaNames.indices.filter { inside & (UInt64(1) << UInt64($0)) != 0 }
  }

  /// Grants waiting for their passage.
  public var pendingCount: Int { pending.count }
  /// Credentials whose state was given up for want of room.
  public var forgotten: Int { table.forgotten }

  func bit(_ area: Int) -> UInt64 { UInt64(1) << UInt64(area) }

  /// One more, or one less, in each of `areas`.
  mutating func count(_ areas: UInt64, _ member: Membership, _ change: Int) {
    for area in named.indices where areas & bit(area) != 0 {
      named[area] += change
      members.add(member, in: area, change)
    }
  }

  private mutating func subtractUnnamed(_ left: UInt64) {
    for area in unnamed.indices where left & bit(area) != 0 && named[area] + unnamed[area] > 0 {
      unnamed[area] -= 1
      changedAreas |= bit(area)
    }
  }
}

/// A reader's place, and what it does with time.
struct PassageReader: Sendable {
  var point: PointIndex
  var side: Side
  var holdOff: Interval
  var secondWithin: Interval
  var wrongTries: Int
  var lockout: Interval
  /// Where its siblings stand among all.
  var siblings = 0
  var siblingsEnd = 0

  init(_ setting: ReaderSetting) {
    point = setting.point
    side = setting.side
    holdOff = setting.holdOff
    secondWithin = setting.secondWithin
    wrongTries = max(1, setting.wrongTries)
    lockout = setting.lockout
  }
}

struct PendingPassage: Sendable {
  var passage: UInt64
  var credential: CredentialKey
  var point: PointIndex
  var side: Side
  var validFrom: Int64?
  var countsUses: Bool
  var member: Membership
  /// When it was granted.
  var at: Instant
}
