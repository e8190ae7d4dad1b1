extension Controller {
  /// What must hold after every scan, whatever came in. A breach traps, in release too: the guard then drives
  /// every output to its safe level.
  @_noLocks
  func checkInvariants(_ image: OutputImage) {
    checkPlans()
    for point in 0..<pointCount {
      switch machines[point] {
      case .none: continue
      case .barrier(let machine): check(machine, point, image)
      case .gate(let machine): check(machine, point, image)
      case .door(let machine): check(machine, point, image)
      case .turnstile(let machine): check(machine, point, image)
      }
    }
  }

  @_noLocks
  private func check(_ machine: BarrierMachine, _ point: Int, _ image: OutputImage) {
    let setting = machine.setting
    let sight = sight(machine)
    if setting.style == .step {
      checkStep(machine.core, setting.raise, sight.limits, sight.obstacle, point, image)
    } else {
      let lower = image.level[setting.lower.position]
      precondition(
        !(image.level[setting.raise.position] && lower), "a barrier is raised and lowered together")
      let isMet = !(sight.obstacle == .none) && !holdsToClose(machine.core, sight.lane, .none)
      precondition(!lower || !isMet, "an arm is lowered on a vehicle")
      precondition(!lower || !isReleased(point), "a released arm is lowered")
      let isBegun = begins(setting.lower, image)
      precondition(!isBegun || !isHeldOpen(point), "an arm that a plan holds open is lowered")
      checkInterlock(point, begins: begins(setting.raise, image))
    }
    let invites = machine.core.actuator.place == .open && !machine.core.isLatched
    checkLights(setting.red, setting.green, invites, point, image)
  }

  @_noLocks
  private func check(_ machine: GateMachine, _ point: Int, _ image: OutputImage) {
    let setting = machine.setting
    let opens = image.level[setting.open.position]
    let closes = image.level[setting.close.position]
    let sight = sight(machine)
    if setting.style == .step {
      checkStep(machine.core, setting.open, sight.limits, sight.obstacle, point, image)
    } else {
      precondition(!(opens && closes), "a gate is opened and closed together")
      // Going back from an obstruction, the edge is what the leaf goes away from.
      let obstacle = machine.isReversing ? sight.presence : sight.obstacle
      let edge = sight.safetyEdge.isOn ? Cause.safetyEdge : .none
      let isMet = !(obstacle == .none) && !holdsToClose(machine.core, sight.lane, edge)
      precondition(!closes || !isMet, "a gate is closed on somebody")
      precondition(!closes || !isReleased(point), "a released gate is closed")
      let closesHeld = begins(setting.close, image) && isHeldOpen(point) && !machine.isReversing
      precondition(!closesHeld, "a gate that a plan holds open is closed")
      checkInterlock(point, begins: begins(setting.open, image))
    }
    var stops = false
    if let stop = setting.stop { stops = image.level[stop.position] }
    precondition(!(opens || closes) || !stops, "a gate is stopped and moved together")
    precondition(!(opens || closes) || !sight.emergencyStop.isPresence, "a gate moves in an emergency stop")
    let invites = machine.core.actuator.place == .open && !machine.core.isLatched && !machine.isWarning
    checkLights(setting.red, setting.green, invites, point, image)
  }

  /// A person holds the button, or orders it from afar, and nothing that works sees anybody.
  @_noLocks
  private func holdsToClose(_ core: LaneCore, _ lane: LaneSensors, _ edge: Cause) -> Bool {
    core.isHeld && core.actuator.isClosing && (lane.holdToClose.isOn || core.order.holds(.closing))
      && edge == .none
      && lane.obstacleInSight == .none
  }

  /// A pulse that begins opens for sure, closes for sure where nobody is, or turns a closing round.
  @_noLocks
  private func checkStep(
    _ core: LaneCore, _ output: OutputIndex, _ limits: LimitReadings, _ obstacle: Cause, _ point: Int,
    _ image: OutputImage
  ) {
    guard begins(output, image) else { return }
    checkInterlock(point, begins: limits.stands(.closed))
    if limits.stands(.closed) || core.actuator.isTurning { return }
    precondition(obstacle == .none, "a step drive is pulsed towards somebody")
    precondition(!isReleased(point) && !isHeldOpen(point), "a point that a plan opened is closed")
    let isKnown = limits.stands(.open) || underTest & (UInt64(1) << UInt64(point)) != 0
    precondition(isKnown, "a step drive is pulsed where it may stand anywhere")
  }

  @_noLocks
  private func begins(_ output: OutputIndex, _ image: OutputImage) -> Bool {
    image.level[output.position] && !outputs[output.position].last
  }

  @_noLocks
  private func check(_ machine: DoorMachine, _ point: Int, _ image: OutputImage) {
    let position = machine.setting.lock.position
    let unlocked = image.level[position] == (machine.setting.fail == .secure)
    let was = outputs[position].last == (machine.setting.fail == .secure)
    precondition(unlocked || !isReleased(point), "a released door is locked")
    checkInterlock(point, begins: unlocked && !was)
  }

  @_noLocks
  private func check(_ machine: TurnstileMachine, _ point: Int, _ image: OutputImage) {
    let isIn = isOn(machine.setting.releaseIn, image)
    let isOut = isOn(machine.setting.releaseOut, image)
    precondition(!(isIn && isOut) || isReleased(point), "a turnstile is released both ways")
    var isFree =
      (isIn || !isFitted(machine.setting.releaseIn)) && (isOut || !isFitted(machine.setting.releaseOut))
    if let free = machine.setting.free {
      isFree = image.level[free.position] == (machine.setting.fail == .secure)
    }
    precondition(isFree || !isReleased(point), "a released turnstile is locked")
    let was = wasOn(machine.setting.releaseIn) || wasOn(machine.setting.releaseOut)
    checkInterlock(point, begins: (isIn || isOut) && !was)
  }

  @_noLocks
  private func isOn(_ output: OutputIndex?, _ image: OutputImage) -> Bool {
    if let output { return image.level[output.position] }
    return false
  }

  @_noLocks
  private func wasOn(_ output: OutputIndex?) -> Bool {
    if let output { return outputs[output.position].last }
    return false
  }

  @_noLocks
  private func isFitted(_ output: OutputIndex?) -> Bool {
    if let _ = output { return true }
    return false
  }

  /// Green invites nobody under a moving arm, and never together with red; a technician's test may show either.
  @_noLocks
  private func checkLights(
    _ red: OutputIndex?, _ green: OutputIndex?, _ invites: Bool, _ point: Int, _ image: OutputImage
  ) {
    guard let green, image.level[green.position] else { return }
    if let red { precondition(!image.level[red.position], "red and green show together") }
    let isTested = underTest & (UInt64(1) << UInt64(point)) != 0
    precondition(isTested || invites && !isReleased(point), "green shows and nobody may drive in")
  }

  /// Fire rules every point that it names; no point is both freed and locked.
  @_noLocks
  private func checkPlans() {
    precondition(
      released & lockedDown == 0 && heldOpen & (released | lockedDown) == 0, "two plans rule a point")
    for plan in 0..<planCount where plans[plan].isFire && plans[plan].isReal {
      precondition(plans[plan].release & ~released == 0, "fire does not release its points")
    }
  }

  @_noLocks
  private func isHeldOpen(_ point: Int) -> Bool {
    heldOpen & (UInt64(1) << UInt64(point)) != 0
  }

  @_noLocks
  private func isReleased(_ point: Int) -> Bool {
    released & (UInt64(1) << UInt64(point)) != 0
  }

  /// A point that was not open, and that no plan releases, opens only while its group has room for it; what a plan
  /// opened takes none.
  @_noLocks
  private func checkInterlock(_ point: Int, begins: Bool) {
    guard begins, !isReleased(point), openBefore & (UInt64(1) << UInt64(point)) == 0 else { return }
    precondition(
      !interlocks.isFull(for: point, open: open & ~released), "too many points of an interlock group are open"
    )
  }
}
