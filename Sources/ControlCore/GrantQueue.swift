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

  @_noLocks
  mutating func removeAll() {
    count = 0
  }

  /// Takes back every grant that waits, and tells each.
  @_noLocks
  mutating func takeBack(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    while count > 0 {
      let grant = removeFirst()
      scene.tell(.noEntry, &events, cause: cause, passage: grant.passage, side: grant.side)
    }
  }
}
