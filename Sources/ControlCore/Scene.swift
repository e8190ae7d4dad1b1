/// What holds for one point in one scan: the instant and the orders that stand above its machine.
struct Scene {
  var point: PointIndex
  var now: Instant
  var inMaintenance = false
  var outOfService = false
  /// An emergency plan holds the point open or unlocked.
  var released = false
  /// An emergency plan holds the arm or leaf open: it may be opened, and nothing closes it.
  var heldOpen = false
  /// An emergency plan lets no grant open the point.
  var lockedDown = false
  /// The plan that rules the point, and whether it is a drill: a real one rules before a drill.
  var plan: PlanIndex?
  var drill = false
  /// As many other points of an interlock group are open or unlocked as it allows.
  var interlocked = false
  /// The point itself counts as open in its groups.
  var countsAsOpen = false
  /// How long a grant may wait for that to end.
  var patience = Interval.zero
  /// A technician's test holds an output of the point.
  var underTest = false

  @_noLocks init(point: PointIndex, now: Instant) {
    self.point = point
    self.now = now
  }

  @_noLocks
  func tell(
    _ kind: Event.Kind, _ events: inout EventBuffer, cause: Cause = .none, passage: UInt64 = 0,
    side: Side? = nil, value: UInt64 = 0, input: InputIndex? = nil
  ) {
    events.append(
      Event(
        kind, at: now, point: point, plan: plan, input: input, side: side, cause: cause, passage: passage,
        drill: drill, value: value))
  }

  /// The same for one grant: a lockdown that it passes does not hold it back.
  @_noLocks
  func eased(for order: Order) -> Scene {
    var scene = self
    if case .grant(let grant) = order, grant.passesLockdown { scene.lockedDown = false }
    return scene
  }

  /// Why no grant and no motion of its own may begin here; `.none` where they may.
  @_noLocks
  func refusalOfGrant() -> Cause {
    if released { return .emergency }
    if lockedDown { return .lockdown }
    if inMaintenance { return .maintenance }
    if outOfService { return .outOfService }
    if interlocked { return .interlock }
    return .none
  }

  /// Why an operator's opening is refused: out of service is no reason.
  @_noLocks
  func refusalOfOpening() -> Cause {
    if released { return .emergency }
    if lockedDown { return .lockdown }
    if inMaintenance { return .maintenance }
    if interlocked { return .interlock }
    return .none
  }

  /// Why an opening that was not granted begins.
  var openingCause: Cause { @_noLocks get { heldOpen ? .emergencyPlan : .operatorOrder } }

  @_noLocks
  func refusalOfClosing() -> Cause {
    if released || heldOpen { return .emergency }
    if inMaintenance { return .maintenance }
    return .none
  }
}

/// A command as it reaches one point's machine.
enum Order {
  case grant(Grant)
  case open
  case close
  case reset
}
