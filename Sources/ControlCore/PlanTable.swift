/// Every emergency plan at work, and their order of precedence.
///
/// In memory of its own, allocated once: a table inside the controller's value would be copied whole wherever a
/// method only reads it.
@safe
struct PlanTable: ~Copyable, @unchecked Sendable {
  private let slots: UnsafeMutablePointer<EmergencyPlan>
  private let order: UnsafeMutablePointer<Int>

  init() {
    unsafe slots = .allocate(capacity: Limits.emergencyPlans)
    unsafe slots.initialize(repeating: EmergencyPlan(), count: Limits.emergencyPlans)
    unsafe order = .allocate(capacity: Limits.emergencyPlans)
    unsafe order.initialize(repeating: 0, count: Limits.emergencyPlans)
  }

  deinit {
    unsafe slots.deinitialize(count: Limits.emergencyPlans)
    unsafe slots.deallocate()
    unsafe order.deallocate()
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

  /// Fire first, whatever else is said; then by precedence; then as they stand.
  func rank(_ settings: [EmergencySetting]) {
    let ranked = settings.indices.sorted { one, other in
      let (left, right) = (settings[one], settings[other])
      let (burns, otherBurns) = (left.kind == .fire, right.kind == .fire)
      if burns != otherBurns { return burns }
      return (left.precedence, one) < (right.precedence, other)
    }
    for (place, plan) in ranked.enumerated() { unsafe order[place] = plan }
  }

  /// The plan at a place of the order of precedence; 0 is the highest.
  @_noLocks
  func ranked(_ place: Int) -> Int {
    precondition(place >= 0 && place < Limits.emergencyPlans, "rank out of range")
    return unsafe order[place]
  }
}
