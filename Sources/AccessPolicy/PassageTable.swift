import ControlCore

/// What is known of one credential from its passages.
struct CredentialState: Sendable {
  // What is asked first, and the begin of the key, lie side by side.
  /// Areas it is in, and areas of which it is known whether.
  var inside: UInt64 = 0
  var known: UInt64 = 0
  var at: Int64 = 0
  var uses: UInt32 = 0
  var isChanged = false
  var key: CredentialKey
  /// The last passage on the monotonic clock; nil: before the start.
  var instant: Instant?
  /// What it was counted for in the areas it is in.
  var member = Membership()

  init(key: CredentialKey) {
    self.key = key
  }
}

/// The credentials that have passed, by key. Grows up to its limit, then forgets.
struct PassageTable: ~Copyable, Sendable {
  private(set) var states: [CredentialState] = []
  /// 0 is free, else seven bits of the key's mark, which spare a look at most other states: a small table, so that
  /// most credentials that never passed are told from it alone. At most three quarters are taken.
  private var tags = Array(repeating: UInt8(0), count: 16)
  /// Beside each tag that is taken the place of its state.
  private var slots = Array(repeating: UInt32(0), count: 16)
  private var changed: [Int] = []
  /// Credentials forgotten for want of room.
  private(set) var forgotten = 0
  let limit: Int

  init(limit: Int) {
    precondition(limit < 1 << 31, "more states than a slot can tell")
    self.limit = limit
  }

  @_noLocks
  private static func tag(_ mark: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: mark >> 24) | 0x80 }

  /// What a search for a key of this mark meets first: the tag, and where it fits a word of its state.
  struct Trail {
    var tag: UInt8
    var inside: UInt64

    @_noLocks
    init(tag: UInt8, inside: UInt64) {
      self.tag = tag
      self.inside = inside
    }
  }

  @inline(never)
  @_noLocks
  borrowing func trail(_ mark: UInt32) -> Trail {
    let slot = Int(truncatingIfNeeded: mark) & (tags.count - 1)
    let tag = tags[slot]
    guard tag == PassageTable.tag(mark) else { return Trail(tag: tag, inside: 0) }
    return Trail(tag: tag, inside: states[Int(slots[slot])].inside)
  }

  @_noLocks
  borrowing func find(_ key: CredentialKey) -> Int? {
    find(key, trail(key.mark))
  }

  @_noLocks
  borrowing func find(_ key: CredentialKey, _ trail: Trail) -> Int? {
    var tag = trail.tag
    if tag == 0 { return nil }
    let wanted = PassageTable.tag(key.mark)
    let mask = tags.count - 1
    var slot = Int(truncatingIfNeeded: key.mark) & mask
    while tag != 0 {
      if tag == wanted, states[Int(slots[slot])].key == key { return Int(slots[slot]) }
      slot = (slot + 1) & mask
      tag = tags[slot]
    }
    return nil
  }

  @_noLocks
  borrowing func state(at place: Int) -> CredentialState { states[place] }

  @_noLocks
  borrowing func isInside(_ area: Int, at place: Int) -> Bool {
    states[place].inside & (1 << UInt64(area)) != 0
  }

  @_noLocks
  borrowing func usesCounted(at place: Int, since validFrom: Int64?) -> UInt32 {
    states[place].usesCounted(since: validFrom)
  }

  @_noLocks
  borrowing func place(at known: Int) -> CredentialPlace {
    var place = CredentialPlace()
    place.inside = states[known].inside
    place.known = states[known].known
    place.at = states[known].at
    place.instant = states[known].instant
    return place
  }

  mutating func change(_ key: CredentialKey, _ body: (inout CredentialState) -> Void) {
    let place = find(key) ?? insert(key)
    body(&states[place])
    if !states[place].isChanged {
      states[place].isChanged = true
      changed.append(place)
    }
  }

  /// Counts for another holder or other groups from now on; nothing that is kept over a restart.
  mutating func setMember(_ member: Membership, at place: Int) {
    states[place].member = member
  }

  /// The places of the changed states, which count as kept from now on.
  mutating func takeChanged() -> [Int] {
    let places = changed
    changed = []
    for place in places {
      states[place].isChanged = false
    }
    return places
  }

  private mutating func insert(_ key: CredentialKey) -> Int {
    if states.count >= limit { forget() }
    states.append(CredentialState(key: key))
    if states.count * 4 > slots.count * 3 {
      rebuild(slots.count * 2)
    } else {
      place(states.count - 1)
    }
    return states.count - 1
  }

  /// Drops a quarter: first those outside of every area with no use counted, then those that passed longest
  /// ago.
  private mutating func forget() {
    let order = states.indices.sorted { left, right in
      let leftMatters = states[left].inside != 0 || states[left].uses > 0
      let rightMatters = states[right].inside != 0 || states[right].uses > 0
      return leftMatters == rightMatters ? states[left].at < states[right].at : rightMatters
    }
    let dropped = max(1, limit / 4)
    forgotten += dropped
    states = order.dropFirst(dropped).sorted().map { states[$0] }
    changed = states.indices.filter { states[$0].isChanged }
    rebuild(slots.count)
  }

  private mutating func rebuild(_ count: Int) {
    tags = Array(repeating: 0, count: count)
    slots = Array(repeating: 0, count: count)
    for index in states.indices {
      place(index)
    }
  }

  private mutating func place(_ index: Int) {
    let mark = states[index].key.mark
    let mask = tags.count - 1
    var slot = Int(truncatingIfNeeded: mark) & mask
    while tags[slot] != 0 {
      slot = (slot + 1) & mask
    }
    tags[slot] = PassageTable.tag(mark)
    slots[slot] = UInt32(index)
  }
}
