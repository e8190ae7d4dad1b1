/// Whether a point has followed a plan since its start.
struct Reaction {
  /// What it may take.
  var limit = Interval.zero
  /// It was told that it did not react in time.
  var isMissed = false

  @_noLocks init() {}
}

/// The reaction of every point to every plan.
///
/// In memory of its own, allocated once: a table inside the controller's value would be copied whole wherever a
/// method only reads it.
@safe
struct ReactionTable: ~Copyable, @unchecked Sendable {
  private let slots: UnsafeMutablePointer<Reaction>

  private static var count: Int { @_noLocks get { Limits.emergencyPlans * Limits.points } }

  init() {
    unsafe slots = .allocate(capacity: Self.count)
    unsafe slots.initialize(repeating: Reaction(), count: Self.count)
  }

  deinit {
    unsafe slots.deinitialize(count: Self.count)
    unsafe slots.deallocate()
  }

  subscript(plan: Int, point: Int) -> Reaction {
    @_noLocks get {
      precondition(
        plan >= 0 && plan < Limits.emergencyPlans && point >= 0 && point < Limits.points,
        "reaction out of range")
      return unsafe slots[plan * Limits.points + point]
    }
    @_noLocks set {
      precondition(
        plan >= 0 && plan < Limits.emergencyPlans && point >= 0 && point < Limits.points,
        "reaction out of range")
      unsafe slots[plan * Limits.points + point] = newValue
    }
  }
}
