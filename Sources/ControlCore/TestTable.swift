/// The outputs that a technician holds.
///
/// In memory of its own, allocated once: a table inside the controller's value would be copied whole wherever a
/// method only reads it.
@safe
struct TestTable: ~Copyable, @unchecked Sendable {
  private let slots: UnsafeMutablePointer<OutputTest>

  init() {
    unsafe slots = .allocate(capacity: Limits.testsAtOnce)
    unsafe slots.initialize(repeating: OutputTest(), count: Limits.testsAtOnce)
  }

  deinit {
    unsafe slots.deinitialize(count: Limits.testsAtOnce)
    unsafe slots.deallocate()
  }

  subscript(position: Int) -> OutputTest {
    @_noLocks get {
      precondition(position >= 0 && position < Limits.testsAtOnce, "test out of range")
      return unsafe slots[position]
    }
    @_noLocks set {
      precondition(position >= 0 && position < Limits.testsAtOnce, "test out of range")
      unsafe slots[position] = newValue
    }
  }
}
