import ControlCore

/// A set of places among the grants that wait for their passage.
struct WaitingSet: Sendable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  @_noLocks init() {}

  var count: Int { @_noLocks get { low.nonzeroBitCount + high.nonzeroBitCount } }

  @_noLocks
  mutating func insert(_ place: Int) {
    if place < 64 { low |= 1 << UInt64(place) } else { high |= 1 << UInt64(place - 64) }
  }

  @_noLocks
  func and(_ other: Self) -> Self {
    var both = self
    both.low &= other.low
    both.high &= other.high
    return both
  }

  @_noLocks
  func without(_ other: Self) -> Self {
    var rest = self
    rest.low &= ~other.low
    rest.high &= ~other.high
    return rest
  }
}

/// Who waits where, of which group, and on the way into which area: made anew with each change, so that a decision
/// counts instead of walking.
struct WaitingGrants: ~Copyable, Sendable {
  /// Of each area those who would enter it and are not inside.
  private var intoAreas: [WaitingSet]
  private var ofGroups: [WaitingSet]
  private(set) var all = WaitingSet()
  /// A bit for each credential by the lowest six of its mark.
  private var marks: UInt64 = 0

  init(areas: Int, groups: Int) {
    precondition(PolicyLimits.pendingPassages <= 128, "more grants than a set has places")
    intoAreas = Array(repeating: WaitingSet(), count: areas)
    ofGroups = Array(repeating: WaitingSet(), count: groups)
  }

  mutating func take(
    _ pending: [PendingPassage], _ doors: borrowing AreaDoors, _ table: borrowing PassageTable
  ) {
    clear()
    for (place, one) in pending.enumerated() {
      all.insert(place)
      marks |= WaitingGrants.bit(one.credential.mark)
      let entered = doors.entered(one.point, one.side) & ~table.place(of: one.credential).inside
      for area in intoAreas.indices where entered & (1 << UInt64(area)) != 0 { intoAreas[area].insert(place) }
      for group in ofGroups.indices where one.member.groups & (1 << UInt64(group)) != 0 {
        ofGroups[group].insert(place)
      }
    }
  }

  private mutating func clear() {
    for area in intoAreas.indices { intoAreas[area] = WaitingSet() }
    for group in ofGroups.indices { ofGroups[group] = WaitingSet() }
    all = WaitingSet()
    marks = 0
  }

  @_noLocks
  private static func bit(_ mark: UInt32) -> UInt64 { 1 << UInt64(mark & 63) }

  /// Whether a grant of a credential with this mark may wait.
  @_noLocks
  borrowing func mayHold(_ mark: UInt32) -> Bool { marks & WaitingGrants.bit(mark) != 0 }

  @_noLocks
  borrowing func into(_ area: Int) -> WaitingSet { intoAreas[area] }

  /// Those of one counted group.
  @_noLocks
  borrowing func of(group: Int) -> WaitingSet { ofGroups[group] }
}

/// Of those who wait, who takes room from this decision: all but its own credential.
struct Rivals {
  var all = WaitingSet()
  /// Of the same holder.
  var ofHolder = WaitingSet()

  @_noLocks init() {}
}
