/// One output of a plan, as the scan knows it.
struct PlanOutput {
  var output = 0
  var flashes = false
  var time = Interval.zero
  var canSilence = false

  @_noLocks init() {}

  init(_ setting: PlanOutputSetting) {
    output = setting.output.position
    flashes = setting.flashes
    time = setting.time
    canSilence = setting.canSilence
  }

  /// Whether the plan wants it on now.
  @_noLocks
  func isWanted(_ plan: PlanStatus, _ now: Instant) -> Bool {
    guard plan.active, !(plan.silenced && canSilence) else { return false }
    if Interval.zero < time { return !(now.since(plan.startedAt) >= time) }
    return true
  }

  /// Its level while it is wanted; all flash together, with the lights of the lanes.
  @_noLocks
  func level(_ now: Instant) -> Bool { !flashes || LaneLight.flashing.showsRed(now) }
}

/// The outputs that the plans switch.
///
/// In memory of its own, allocated once: a table inside the controller's value would be copied whole wherever a
/// method only reads it.
@safe
struct PlanOutputTable: ~Copyable, @unchecked Sendable {
  private let slots: UnsafeMutablePointer<PlanOutput>

  private static var count: Int { @_noLocks get { Limits.emergencyPlans * Limits.outputsOfPlan } }

  init() {
    unsafe slots = .allocate(capacity: Self.count)
    unsafe slots.initialize(repeating: PlanOutput(), count: Self.count)
  }

  deinit {
    unsafe slots.deinitialize(count: Self.count)
    unsafe slots.deallocate()
  }

  subscript(plan: Int, place: Int) -> PlanOutput {
    @_noLocks get {
      precondition(
        plan >= 0 && plan < Limits.emergencyPlans && place >= 0 && place < Limits.outputsOfPlan,
        "plan output out of range")
      return unsafe slots[plan * Limits.outputsOfPlan + place]
    }
    @_noLocks set {
      precondition(
        plan >= 0 && plan < Limits.emergencyPlans && place >= 0 && place < Limits.outputsOfPlan,
        "plan output out of range")
      unsafe slots[plan * Limits.outputsOfPlan + place] = newValue
    }
  }
}
