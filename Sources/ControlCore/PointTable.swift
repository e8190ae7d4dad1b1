/// The machine of every point.
///
/// In memory of its own, allocated once: a table inside the controller's value would be copied whole wherever a
/// method only reads it.
@safe
struct PointTable: ~Copyable, @unchecked Sendable {
  private let slots: UnsafeMutablePointer<Machine>

  init() {
    unsafe slots = .allocate(capacity: Limits.points)
    unsafe slots.initialize(repeating: Machine.none, count: Limits.points)
  }

  deinit {
    unsafe slots.deinitialize(count: Limits.points)
    unsafe slots.deallocate()
  }

  subscript(position: Int) -> Machine {
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
