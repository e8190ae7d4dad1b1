/// Every emergency plan at work.
///
/// In memory of its own, allocated once: a table inside the controller's value would be copied whole wherever a
/// method only reads it.
@safe
struct PlanTable: ~Copyable, @unchecked Sendable {
  private let slots: UnsafeMutablePointer<EmergencyPlan>

  init() {
    unsafe slots = .allocate(capacity: Limits.emergencyPlans)
    unsafe slots.initialize(repeating: EmergencyPlan(), count: Limits.emergencyPlans)
  }

  deinit {
    unsafe slots.deinitialize(count: Limits.emergencyPlans)
    unsafe slots.deallocate()
  }

  subscript(position: Int) -> EmergencyPlan {
    @_noLocks get {
      precondition(position >= 0 && position < Limits.emergencyPlans, "plan out of range")
      return unsafe slots[position]
    }
    @_noLocks set {
      precondition(position >= 0 && position < Limits.emergencyPlans, "plan out of range")
      unsafe slots[position] = newValue
    }
  }
}
