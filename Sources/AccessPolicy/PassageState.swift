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
  var pending: [PendingPassage] = []
  var reads: [ReadMemory]
  var pins: [PinTries]

  public init(setting: PolicySetting, limit: Int = PolicyLimits.credentialStates) {
    precondition(setting.readers.count <= Limits.readers, "too many readers")
    doors = AreaDoors(setting.areas)
    areaNames = setting.areas.map(\.name)
    readers = setting.readers.map { PassageReader(point: $0.point, side: $0.side) }
    table = PassageTable(limit: max(1, limit))
    named = Array(repeating: 0, count: setting.areas.count)
    unnamed = named
    reads = Array(repeating: ReadMemory(), count: setting.readers.count * PolicyLimits.readsOfReader)
    pins = Array(repeating: PinTries(), count: setting.readers.count)
    pending.reserveCapacity(PolicyLimits.pendingPassages)
  }

  /// A grant was given under this passage number.
  public mutating func granted(passage: UInt64, request: AccessRequest, decision: AccessDecision) {
    guard decision.isGrant, !decision.isRepeat, let credential = decision.credential else { return }
    if pending.count == PolicyLimits.pendingPassages {
      pending.removeFirst()
    }
    let reader = readers[request.reader.position]
    pending.append(
      PendingPassage(
        passage: passage, credential: credential, point: reader.point, side: reader.side,
        validFrom: decision.validFrom, countsUses: decision.countsUses))
    if let place = memory(of: request) { reads[place].passage = passage }
  }

  /// The granted passage took place.
  /// - Returns: false where no such grant waits.
  @discardableResult
  public mutating func passed(passage: UInt64, at: Int64, now: Instant) -> Bool {
    guard let place = pending.firstIndex(where: { $0.passage == passage }) else { return false }
    let done = pending.remove(at: place)
    let entered = doors.entered(done.point, done.side)
    let left = doors.left(done.point, done.side)
    guard entered | left != 0 || done.countsUses else { return true }
    var before: (inside: UInt64, known: UInt64) = (0, 0)
    table.change(done.credential) { state in
      before = (state.inside, state.known)
      state.inside = (state.inside & ~left) | entered
      state.known |= entered | left
      state.uses = state.usesCounted(since: done.validFrom) &+ (done.countsUses ? 1 : 0)
      state.at = max(at, done.validFrom ?? at)
      state.instant = now
    }
    count(entered: entered & ~before.inside, left: left & before.inside)
    // One who left without being known inside: some entry without a credential was his.
    subtractUnnamed(left & ~before.known)
    return true
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
    table.find(credential).map { Int(table.state(at: $0).usesCounted(since: validFrom)) } ?? 0
  }

  /// The places of the areas in which the credential is.
  public func areas(of credential: CredentialKey) -> [Int] {
    guard let place = table.find(credential) else { return [] }
    let inside = table.state(at: place).inside
    return areaNames.indices.filter { inside & (UInt64(1) << UInt64($0)) != 0 }
  }

  /// Grants waiting for their passage.
  public var pendingCount: Int { pending.count }
  /// Credentials whose state was given up for want of room.
  public var forgotten: Int { table.forgotten }

  func bit(_ area: Int) -> UInt64 { UInt64(1) << UInt64(area) }

  mutating func count(entered: UInt64, left: UInt64) {
    for area in named.indices {
      if entered & bit(area) != 0 { named[area] += 1 }
      if left & bit(area) != 0 && entered & bit(area) == 0 { named[area] -= 1 }
    }
  }

  private mutating func subtractUnnamed(_ left: UInt64) {
    for area in unnamed.indices where left & bit(area) != 0 && named[area] + unnamed[area] > 0 {
      unnamed[area] -= 1
      changedAreas |= bit(area)
    }
  }
}

/// A reader's place.
struct PassageReader: Sendable {
  var point: PointIndex
  var side: Side
}

struct PendingPassage: Sendable {
  var passage: UInt64
  var credential: CredentialKey
  var point: PointIndex
  var side: Side
  var validFrom: Int64?
  var countsUses: Bool
}

extension CredentialState {
  /// An entry issued anew, valid only from after the last passage, starts at none.
  @_noLocks
  func usesCounted(since validFrom: Int64?) -> UInt32 {
    if let validFrom, at < validFrom { return 0 }
    return uses
  }
}
