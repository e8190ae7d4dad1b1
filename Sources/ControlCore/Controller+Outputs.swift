extension Controller {
  @_noLocks
  mutating func writeMachines(_ image: inout OutputImage, _ now: Instant) {
    for point in 0..<pointCount {
      switch machines[point] {
      case .none: continue
      case .barrier(let machine):
        image.level[machine.setting.raise.position] = machine.core.actuator.drives(.opening)
        image.level[machine.setting.lower.position] = machine.core.actuator.drives(.closing)
        let light = machine.light(scene(point, now))
        write(light, machine.setting.red, machine.setting.green, now, &image)
        if let test = machine.setting.sensorTest {
          image.level[test.position] = machine.core.sensors.test.output && !machine.core.actuator.isMoving
        }
      case .gate(let machine):
        write(machine, now, &image)
        let light = machine.light(scene(point, now))
        write(light, machine.setting.red, machine.setting.green, now, &image)
        if let test = machine.setting.sensorTest {
          image.level[test.position] = machine.core.sensors.test.output && !machine.core.actuator.isMoving
        }
      case .door(let machine):
        image.level[machine.setting.lock.position] = machine.energised
      case .turnstile(let machine): write(machine, now, &image)
      }
    }
  }

  @_noLocks
  private func write(
    _ light: LaneLight, _ red: OutputIndex?, _ green: OutputIndex?, _ now: Instant, _ image: inout OutputImage
  ) {
    if let red { image.level[red.position] = light.showsRed(now) }
    if let green { image.level[green.position] = light == .green }
  }

  @_noLocks
  private func write(_ machine: TurnstileMachine, _ now: Instant, _ image: inout OutputImage) {
    if let release = machine.setting.releaseIn { image.level[release.position] = machine.drives(.in, now) }
    if let release = machine.setting.releaseOut { image.level[release.position] = machine.drives(.out, now) }
    if let free = machine.setting.free { image.level[free.position] = machine.freeOutput }
  }

  @_noLocks
  private func write(_ machine: GateMachine, _ now: Instant, _ image: inout OutputImage) {
    image.level[machine.setting.open.position] = machine.core.actuator.drives(.opening)
    image.level[machine.setting.close.position] = machine.core.actuator.drives(.closing)
    if let stop = machine.setting.stop { image.level[stop.position] = machine.stopOutput(now) }
    if let warning = machine.setting.warning { image.level[warning.position] = machine.warningOutput }
  }
}
