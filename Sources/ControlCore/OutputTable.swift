/// One output as the scan keeps it.
struct OutputSlot {
  var safe = false
  /// The level of the last scan.
  var last = false
  /// How often it was switched on.
  var operations: UInt32 = 0
  /// The point that the output belongs to, or -1.
  var owner = -1

  @_noLocks init() {}
}

/// Every output: what is safe, whose it is, what it was.
///
/// In memory of its own, allocated once: a table inside the controller's value would be copied whole wherever a
/// method only reads it.
@safe
struct OutputTable: ~Copyable, @unchecked Sendable {
  private let slots: UnsafeMutablePointer<OutputSlot>

  init() {
    unsafe slots = .allocate(capacity: Limits.outputs)
    unsafe slots.initialize(repeating: OutputSlot(), count: Limits.outputs)
  }

  deinit {
    unsafe slots.deinitialize(count: Limits.outputs)
    unsafe slots.deallocate()
  }

  subscript(position: Int) -> OutputSlot {
    @_noLocks get {
      precondition(position >= 0 && position < Limits.outputs, "output out of range")
      return unsafe slots[position]
    }
    @_noLocks set {
      precondition(position >= 0 && position < Limits.outputs, "output out of range")
      unsafe slots[position] = newValue
    }
  }
}
