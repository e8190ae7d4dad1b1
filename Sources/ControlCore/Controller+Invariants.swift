extension Controller {
  /// What must hold after every scan, whatever came in. A breach traps, in release too: the guard then drives
  /// every output to its safe level.
  @_noLocks
  func checkInvariants(_ outputs: OutputImage) {
    for point in 0..<pointCount {
      switch machines[point] {
      case .none: continue
      case .barrier(let machine): check(machine, point, outputs)
      case .gate(let machine): check(machine, point, outputs)
      case .door(let machine): check(machine, point, outputs)
      }
    }
  }

  @_noLocks
  private func check(_ machine: BarrierMachine, _ point: Int, _ outputs: OutputImage) {
    let raise = outputs.level[machine.setting.raise.position]
    let lower = outputs.level[machine.setting.lower.position]
    precondition(!(raise && lower), "a barrier is raised and lowered together")
    let begins = lower && !lastLevel[machine.setting.lower.position]
    precondition(!begins || sight(machine.setting).obstacle == .none, "an arm is lowered on a vehicle")
    precondition(!lower || !isReleased(point), "a released arm is lowered")
    checkInterlock(point, begins: raise && !lastLevel[machine.setting.raise.position])
  }

  @_noLocks
  private func check(_ machine: GateMachine, _ point: Int, _ outputs: OutputImage) {
    let opens = outputs.level[machine.setting.open.position]
    let closes = outputs.level[machine.setting.close.position]
    precondition(!(opens && closes), "a gate is opened and closed together")
    let sight = sight(machine.setting)
    let begins = closes && !lastLevel[machine.setting.close.position]
    // Going back from an obstruction, the edge is what the leaf goes away from.
    let obstacle = machine.isReversing ? sight.presence : sight.obstacle
    precondition(!begins || obstacle == .none, "a gate is closed on somebody")
    precondition(!closes || !isReleased(point), "a released gate is closed")
    precondition(!(opens || closes) || !sight.emergencyStop.isPresence, "a gate moves in an emergency stop")
    checkInterlock(point, begins: opens && !lastLevel[machine.setting.open.position])
  }

  @_noLocks
  private func check(_ machine: DoorMachine, _ point: Int, _ outputs: OutputImage) {
    let position = machine.setting.lock.position
    let unlocked = outputs.level[position] == (machine.setting.fail == .secure)
    let was = lastLevel[position] == (machine.setting.fail == .secure)
    precondition(unlocked || !isReleased(point), "a released door is locked")
    checkInterlock(point, begins: unlocked && !was)
  }

  @_noLocks
  private func isReleased(_ point: Int) -> Bool {
    released & (UInt64(1) << UInt64(point)) != 0
  }

  /// A point that was not open, and that no plan releases, opens only while its group is closed, or open by a plan.
  @_noLocks
  private func checkInterlock(_ point: Int, begins: Bool) {
    guard begins, !isReleased(point), openBefore & (UInt64(1) << UInt64(point)) == 0 else { return }
    precondition(
      (openBefore | open) & peers[point] & ~released == 0, "two points of an interlock group are open")
  }
}
