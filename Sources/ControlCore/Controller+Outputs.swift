extension Controller {
  @_noLocks
  mutating func writeMachines(_ image: inout OutputImage, _ now: Instant) {
    for point in 0..<pointCount {
      switch machines[point] {
      case .none: continue
      case .barrier(let machine):
        drive(machine.core.actuator, machine.setting.raise, machine.setting.lower, &image)
        let scene = scene(point, now)
        write(machine.light(scene), machine.setting.red, machine.setting.green, now, &image)
        tell(machine.core, machine.setting.sign, machine.setting.alarm, scene, &image)
        if let test = machine.setting.sensorTest {
          image.level[test.position] = machine.core.sensors.test.output && !machine.core.actuator.isMoving
        }
      case .gate(let machine):
        write(machine, now, &image)
        let scene = scene(point, now)
        write(machine.light(scene), machine.setting.red, machine.setting.green, now, &image)
        tell(machine.core, machine.setting.sign, machine.setting.alarm, scene, &image)
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
  private func drive(
    _ actuator: Actuator, _ open: OutputIndex, _ close: OutputIndex, _ image: inout OutputImage
  ) {
    image.level[open.position] = actuator.drives(.opening)
    // A step drive's output is both.
    if open.raw == close.raw {
      image.level[open.position] = actuator.isOn
    } else {
      image.level[close.position] = actuator.drives(.closing)
    }
  }

  @_noLocks
  private func tell(
    _ core: LaneCore, _ sign: OutputIndex?, _ alarm: OutputIndex?, _ scene: Scene, _ image: inout OutputImage
  ) {
    if let sign { image.level[sign.position] = core.sign(scene).shows(scene.now) }
    if let alarm { image.level[alarm.position] = core.alarmOutput(scene.now) }
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
    drive(machine.core.actuator, machine.setting.open, machine.setting.close, &image)
    if let stop = machine.setting.stop { image.level[stop.position] = machine.stopOutput(now) }
    if let warning = machine.setting.warning { image.level[warning.position] = machine.warningOutput }
  }
}
