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

  /// What a decision asks of it.
  var place: CredentialPlace {
    @_noLocks get {
      var place = CredentialPlace()
      place.inside = inside
      place.known = known
      place.at = at
      place.uses = uses
      place.instant = instant
      return place
    }
  }
}

/// The credentials that have passed, by key. Grows up to its limit, then forgets.
struct PassageTable: ~Copyable, Sendable {
  private(set) var states: [CredentialState] = []
  /// At most three quarters are taken.
  private var slots = PassageSlots(count: 16)
  private var changed: [Int] = []
  /// Credentials forgotten for want of room.
  private(set) var forgotten = 0
  let limit: Int

  init(limit: Int) {
    precondition(limit < (1 << PassageSlots.placeBits), "more states than a slot can tell")
    self.limit = limit
  }

  /// Announces a search for a key of this mark.
  @inline(__always)
  @_noLocks
  borrowing func expect(_ mark: UInt32) { slots.expect(mark) }

  @_noLocks
  borrowing func find(_ key: CredentialKey) -> Int? {
    var step = slots.first(key.mark)
    while !step.isFree {
      if step.mayBe(key.mark), states[step.place].key == key { return step.place }
      step = slots.next(after: step)
    }
    return nil
  }

  /// Where the credential is and how often it passed; as if it had never passed, where nothing is known of it.
  @_noLocks
  borrowing func place(of key: CredentialKey) -> CredentialPlace {
    guard let found = find(key) else { return CredentialPlace() }
    return states[found].place
  }

  @_noLocks
  borrowing func state(at place: Int) -> CredentialState { states[place] }

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
      slots.insert(key.mark, place: states.count - 1)
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
    slots = PassageSlots(count: count)
    for place in states.indices { slots.insert(states[place].key.mark, place: place) }
  }
}
