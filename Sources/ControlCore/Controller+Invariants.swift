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
    let raise = image.level[machine.setting.raise.position]
    let lower = image.level[machine.setting.lower.position]
    precondition(!(raise && lower), "a barrier is raised and lowered together")
    let begins = lower && !outputs[machine.setting.lower.position].last
    precondition(!begins || sight(machine).obstacle == .none, "an arm is lowered on a vehicle")
    precondition(!lower || !isReleased(point), "a released arm is lowered")
    precondition(!begins || !isHeldOpen(point), "an arm that a plan holds open is lowered")
    let invites = machine.core.actuator.place == .open && !machine.core.isLatched
    checkLights(machine.setting.red, machine.setting.green, invites, point, image)
    checkInterlock(point, begins: raise && !outputs[machine.setting.raise.position].last)
  }

  @_noLocks
  private func check(_ machine: GateMachine, _ point: Int, _ image: OutputImage) {
    let opens = image.level[machine.setting.open.position]
    let closes = image.level[machine.setting.close.position]
    precondition(!(opens && closes), "a gate is opened and closed together")
    let sight = sight(machine)
    let begins = closes && !outputs[machine.setting.close.position].last
    // Going back from an obstruction, the edge is what the leaf goes away from.
    let obstacle = machine.isReversing ? sight.presence : sight.obstacle
    precondition(!begins || obstacle == .none, "a gate is closed on somebody")
    precondition(!closes || !isReleased(point), "a released gate is closed")
    let closesHeld = begins && isHeldOpen(point) && !machine.isReversing
    precondition(!closesHeld, "a gate that a plan holds open is closed")
    let invites = machine.core.actuator.place == .open && !machine.core.isLatched && !machine.isWarning
    checkLights(machine.setting.red, machine.setting.green, invites, point, image)
    precondition(!(opens || closes) || !sight.emergencyStop.isPresence, "a gate moves in an emergency stop")
    checkInterlock(point, begins: opens && !outputs[machine.setting.open.position].last)
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
