/// Every input behind its debounce.
///
/// In memory of its own, allocated once: a table inside the controller's value would be copied whole wherever a
/// method only reads it.
@safe
struct InputTable: ~Copyable, @unchecked Sendable {
  private let slots: UnsafeMutablePointer<SensedInput>

  init() {
    unsafe slots = .allocate(capacity: Limits.inputs)
    unsafe slots.initialize(repeating: SensedInput(debounce: .zero), count: Limits.inputs)
  }

  deinit {
    unsafe slots.deinitialize(count: Limits.inputs)
    unsafe slots.deallocate()
  }

  subscript(position: Int) -> SensedInput {
    @_noLocks get {
      precondition(position >= 0 && position < Limits.inputs, "input out of range")
      return unsafe slots[position]
    }
    @_noLocks set {
      precondition(position >= 0 && position < Limits.inputs, "input out of range")
      unsafe slots[position] = newValue
    }
  }
}
