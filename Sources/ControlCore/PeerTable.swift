/// For every point those that share an interlock group with it, one bit each.
///
/// In memory of its own, allocated once: a table inside the controller's value would be copied whole wherever a
/// method only reads it.
@safe
struct PeerTable: ~Copyable, @unchecked Sendable {
  private let slots: UnsafeMutablePointer<UInt64>

  init() {
    unsafe slots = .allocate(capacity: Limits.points)
    unsafe slots.initialize(repeating: 0, count: Limits.points)
  }

  deinit {
    unsafe slots.deinitialize(count: Limits.points)
    unsafe slots.deallocate()
  }

  subscript(position: Int) -> UInt64 {
    @_noLocks get {
      precondition(position >= 0 && position < Limits.points, "point out of range")
      return unsafe slots[position]
    }
    @_noLocks set {
      precondition(position >= 0 && position < Limits.points, "point out of range")
      unsafe slots[position] = newValue
    }
  }
}
