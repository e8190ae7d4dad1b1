extension Controller {
  @_noLocks
  mutating func writeMachines(_ outputs: inout OutputImage, _ now: Instant) {
    for point in 0..<pointCount {
      switch machines[point] {
      case .none: continue
      case .barrier(let machine):
        outputs.level[machine.setting.raise.position] = machine.actuator.drives(.opening)
        outputs.level[machine.setting.lower.position] = machine.actuator.drives(.closing)
      case .gate(let machine): write(machine, now, &outputs)
      case .door(let machine):
        outputs.level[machine.setting.lock.position] = machine.energised
      }
    }
  }

  @_noLocks
  private func write(_ machine: GateMachine, _ now: Instant, _ outputs: inout OutputImage) {
    outputs.level[machine.setting.open.position] = machine.actuator.drives(.opening)
    outputs.level[machine.setting.close.position] = machine.actuator.drives(.closing)
    if let stop = machine.setting.stop { outputs.level[stop.position] = machine.stopOutput(now) }
    if let warning = machine.setting.warning { outputs.level[warning.position] = machine.warningOutput }
  }
}
