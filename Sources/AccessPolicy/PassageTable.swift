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

  func isLessNeeded(than other: Self) -> Bool {
    if isChanged != other.isChanged { return other.isChanged }
    let (matters, otherMatters) = (inside != 0 || uses > 0, other.inside != 0 || other.uses > 0)
    return matters == otherMatters ? at < other.at : otherMatters
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

/// The credentials that have passed, by key. Grows up to its limit; then one gives way to each that is new.
struct PassageTable: ~Copyable, Sendable {
  private(set) var states: [CredentialState] = []
  /// At most three quarters are taken.
  private var slots = PassageSlots(count: 16)
  private var changed: [Int] = []
  /// Credentials that gave way for want of room, since the start; and those not taken by ``takeForgotten()`` yet.
  private(set) var forgotten = 0
  private var untold: [CredentialKey] = []
  /// Where the next search for one that gives way begins.
  private var hand = 0
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

  /// - Returns: the state that gave way to a credential that is new.
  mutating func change(_ key: CredentialKey, _ body: (inout CredentialState) -> Void) -> CredentialState? {
    var given: CredentialState?
    let place = find(key) ?? insert(key, &given)
    body(&states[place])
    if !states[place].isChanged {
      states[place].isChanged = true
      changed.append(place)
    }
    return given
  }

  /// Counts for another holder or other groups from now on; nothing that is kept over a restart.
  mutating func setMember(_ member: Membership, at place: Int) {
    states[place].member = member
  }

  borrowing func hasRoom(for key: CredentialKey) -> Bool { states.count < limit || find(key) != nil }

  /// The places of the changed states, which count as kept from now on.
  mutating func takeChanged() -> [Int] {
    let places = changed
    changed = []
    for place in places {
      states[place].isChanged = false
    }
    return places
  }

  /// The credentials that gave way since the last call.
  mutating func takeForgotten() -> [CredentialKey] {
    let keys = untold
    untold = []
    return keys
  }

  private mutating func insert(_ key: CredentialKey, _ given: inout CredentialState?) -> Int {
    if states.count >= limit {
      let place = leastNeeded()
      given = replace(place, by: key)
      return place
    }
    states.append(CredentialState(key: key))
    if states.count * 4 > slots.count * 3 {
      rebuild(slots.count * 2)
    } else {
      slots.insert(key.mark, place: states.count - 1)
    }
    return states.count - 1
  }

  private mutating func replace(_ place: Int, by key: CredentialKey) -> CredentialState {
    let before = states[place]
    slots.remove(before.key.mark, place: place) { states[$0].key.mark }
    var state = CredentialState(key: key)
    // Its place stands among the changed ones already.
    state.isChanged = before.isChanged
    states[place] = state
    slots.insert(key.mark, place: place)
    forgotten += 1
    untold.append(before.key)
    return before
  }

  /// Of the next ones in turn, the first of those outside of every area with no use counted, else the one that passed
  /// longest ago: a look at all of them would hold up the door.
  private mutating func leastNeeded() -> Int {
    var chosen = hand
    for _ in 0..<min(PolicyLimits.statesWeighed, states.count) {
      if states[hand].isLessNeeded(than: states[chosen]) { chosen = hand }
      hand = hand + 1 == states.count ? 0 : hand + 1
    }
    return chosen
  }

  private mutating func rebuild(_ count: Int) {
    slots = PassageSlots(count: count)
    for place in states.indices { slots.insert(states[place].key.mark, place: place) }
  }
}
