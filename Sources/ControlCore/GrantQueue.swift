/// Grants that wait for their passage, oldest first; fixed room.
struct GrantQueue {
  private var slots = InlineArray<8, Grant>(repeating: Grant(passage: 0, side: .in))
  private(set) var count = 0

  @_noLocks init() {}

  var isEmpty: Bool { @_noLocks get { count == 0 } }
  var isFull: Bool { @_noLocks get { count >= Limits.grantsWaiting } }

  /// The oldest grant; ask ``isEmpty`` first.
  var first: Grant {
    @_noLocks get {
      precondition(count > 0, "no grant waits")
      return slots[0]
    }
  }

  @_noLocks
  mutating func append(_ grant: Grant) {
    precondition(count < Limits.grantsWaiting, "the queue of grants is full")
    slots[count] = grant
    count += 1
  }

  @_noLocks
  mutating func removeFirst() -> Grant {
    let grant = first
    var position = 1
    while position < count {
      slots[position - 1] = slots[position]
      position += 1
    }
    count -= 1
    return grant
  }

  /// Takes the oldest grant that a person was given for the way out of the queue; nil where none waits.
  @_noLocks
  mutating func takeOut(_ side: Side) -> Grant? {
    for position in 0..<count where slots[position].passage != 0 && slots[position].side == side {
      let grant = slots[position]
      var next = position + 1
      while next < count {
        slots[next - 1] = slots[next]
        next += 1
      }
      count -= 1
      return grant
    }
    return nil
  }

  /// Whether the grant waits already: the same one may be given again, to stay open longer.
  @_noLocks
  func holds(_ passage: UInt64) -> Bool {
    for position in 0..<count where slots[position].passage == passage { return true }
    return false
  }

  @_noLocks
  mutating func remove(_ passage: UInt64) {
    var kept = 0
    for position in 0..<count where slots[position].passage != passage {
      slots[kept] = slots[position]
      kept += 1
    }
    count = kept
  }

  /// Which way the grant at a place in the queue leads; nil where none waits there.
  @_noLocks
  func side(at position: Int) -> Side? {
    position < count ? slots[position].side : nil
  }

  /// Those that wait to go out; without a number are the vehicles that came over the exit loop.
  var countOut: Int {
    @_noLocks get {
      var found = 0
      for position in 0..<count where slots[position].side == .out { found += 1 }
      return found
    }
  }

  /// A vehicle that came over the exit loop has shown a credential as well: it is one vehicle. The first `used`
  /// are on their way through. False where none waits.
  @_noLocks
  mutating func replaceExit(with grant: Grant, after used: Int) -> Bool {
    for position in 0..<count where position >= used && slots[position].passage == 0 {
      slots[position] = grant
      return true
    }
    return false
  }

  @_noLocks
  mutating func removeAll() {
    count = 0
  }

  /// Takes back every grant that waits, and tells each; the exit loop gave none that could be taken back.
  @_noLocks
  mutating func takeBack(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    while count > 0 {
      let grant = removeFirst()
      guard grant.passage != 0 else { continue }
      scene.tell(.noEntry, &events, cause: cause, passage: grant.passage, side: grant.side)
    }
  }
}
