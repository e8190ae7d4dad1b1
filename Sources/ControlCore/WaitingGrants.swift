/// A grant that waits until its interlock group lets the point open.
struct WaitingGrant {
  var point = 0
  var grant = Grant(passage: 0, side: .in)
  var ends = Instant.zero

  @_noLocks init() {}
}

/// Grants that wait at interlocks, oldest first.
///
/// In memory of its own, allocated once: a table inside the controller's value would be copied whole wherever a
/// method only reads it.
@safe
struct WaitingGrants: ~Copyable, @unchecked Sendable {
  private let slots: UnsafeMutablePointer<WaitingGrant>
  private(set) var count = 0

  init() {
    unsafe slots = .allocate(capacity: Limits.grantsAtInterlocks)
    unsafe slots.initialize(repeating: WaitingGrant(), count: Limits.grantsAtInterlocks)
  }

  deinit {
    unsafe slots.deinitialize(count: Limits.grantsAtInterlocks)
    unsafe slots.deallocate()
  }

  var isFull: Bool { @_noLocks get { count >= Limits.grantsAtInterlocks } }

  @_noLocks
  mutating func append(_ waiting: WaitingGrant) {
    precondition(!isFull, "too many grants wait at interlocks")
    unsafe slots[count] = waiting
    count += 1
  }

  subscript(position: Int) -> WaitingGrant {
    @_noLocks get {
      precondition(position >= 0 && position < count, "no such grant waits")
      return unsafe slots[position]
    }
  }

  @_noLocks
  mutating func remove(_ position: Int) {
    precondition(position >= 0 && position < count, "no such grant waits")
    var next = position + 1
    while next < count {
      unsafe slots[next - 1] = slots[next]
      next += 1
    }
    count -= 1
  }
}
