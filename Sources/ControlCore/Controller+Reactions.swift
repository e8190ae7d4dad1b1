// How long each point takes to follow a plan: from the plan's start in the scan to what the point's own feedback says.
extension Controller {
  @_noLocks
  mutating func awaitReactions(_ plan: Int) {
    plans[plan].waiting = plans[plan].points
    for point in 0..<pointCount { reactions[plan, point].isMissed = false }
  }

  /// Tells each point once that has reacted, and once that has not in its time; that one may still react late.
  @_noLocks
  mutating func followReactions(_ image: OutputImage, _ now: Instant, _ events: inout EventBuffer) {
    for plan in 0..<planCount where plans[plan].waiting != 0 {
      for point in 0..<pointCount where plans[plan].waiting & UInt64(1) << UInt64(point) != 0 {
        // A scan that has much to tell leaves the rest to the next one.
        guard events.hasRoom else { return }
        followReaction(plan, point, image, now, &events)
      }
    }
  }

  @_noLocks
  private mutating func followReaction(
    _ plan: Int, _ point: Int, _ image: OutputImage, _ now: Instant, _ events: inout EventBuffer
  ) {
    let bit = UInt64(1) << UInt64(point)
    let locks = plans[plan].lock & bit != 0
    let isFollowed = (locks ? lockedDown : released | heldOpen) & bit != 0
    let time = now.since(plans[plan].status.startedAt)
    if isFollowed && (locks ? isShut(point, image) : standsOpen(point, image)) {
      plans[plan].waiting &= ~bit
      events.append(reaction(.pointReacted, plan, point, .none, time, now))
    } else if !reactions[plan, point].isMissed && time >= reactions[plan, point].limit {
      reactions[plan, point].isMissed = true
      let cause = isFollowed ? hindrance(at: point, locks: locks) : .outranked
      events.append(reaction(.pointNotReacted, plan, point, cause, time, now))
    }
  }

  @_noLocks
  private func reaction(
    _ kind: Event.Kind, _ plan: Int, _ point: Int, _ cause: Cause, _ time: Interval, _ now: Instant
  ) -> Event {
    Event(
      kind, at: now, point: PointIndex(point), plan: PlanIndex(plan), cause: cause,
      drill: plans[plan].status.drill, value: time.milliseconds)
  }

  /// A door is free when its lock is, and its magnet or bolt, where it tells, has let go; an arm or leaf when its limit says so, or without one when its time is over.
  @_noLocks
  private func standsOpen(_ point: Int, _ image: OutputImage) -> Bool {
    switch machines[point] {
    case .none: return false
    case .door(let machine):
      let sight = sight(machine)
      if image.level[machine.setting.lock.position] != (machine.setting.fail == .secure) { return false }
      return !sight.bond.isPresence && !sight.lockPosition.isPresence
    case .turnstile(let machine): return machine.phase == .freed
    case .barrier(let machine): return isAt(.open, reading(machine.setting.up), machine.core.actuator)
    case .gate(let machine): return isAt(.open, reading(machine.setting.openLimit), machine.core.actuator)
    }
  }

  /// A door is shut when its lock has fallen and contact, magnet and bolt, where they tell, show it closed and held.
  @_noLocks
  private func isShut(_ point: Int, _ image: OutputImage) -> Bool {
    switch machines[point] {
    case .none: return false
    case .door(let machine):
      let sight = sight(machine)
      if image.level[machine.setting.lock.position] == (machine.setting.fail == .secure) { return false }
      return isOnWhereFitted(sight.contact) && isOnWhereFitted(sight.bond)
        && isOnWhereFitted(sight.lockPosition)
    case .turnstile(let machine): return machine.phase == .locked
    case .barrier(let machine): return isAt(.closed, reading(machine.setting.down), machine.core.actuator)
    case .gate(let machine): return isAt(.closed, reading(machine.setting.closedLimit), machine.core.actuator)
    }
  }

  @_noLocks
  private func isOnWhereFitted(_ reading: Reading) -> Bool { reading.isOn || !reading.isFitted }

  @_noLocks
  private func isAt(_ place: Place, _ limit: Reading, _ actuator: Actuator) -> Bool {
    if limit.isFitted { return limit.isOn && !actuator.isMoving }
    return actuator.place == place
  }

  /// Why a point has not followed, as far as it knows.
  @_noLocks
  private func hindrance(at point: Int, locks: Bool) -> Cause {
    switch machines[point] {
    case .none, .turnstile: return .none
    case .door(let machine):
      let sight = sight(machine)
      let isLost = sight.contact.isUnknown && locks || sight.bond.isUnknown || sight.lockPosition.isUnknown
      return isLost ? .sensorLost : .none
    case .barrier(let machine):
      if !(machine.core.fault == .none) { return machine.core.fault }
      return reading(locks ? machine.setting.down : machine.setting.up).isUnknown ? .sensorLost : .none
    case .gate(let machine):
      if !(machine.core.fault == .none) { return machine.core.fault }
      if machine.isStopped { return .emergencyStopPressed }
      return reading(locks ? machine.setting.closedLimit : machine.setting.openLimit).isUnknown
        ? .sensorLost : .none
    }
  }
}
