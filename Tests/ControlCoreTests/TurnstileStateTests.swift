import ControlCore
import Testing

private let turnIn = 0
private let turnOut = 1
private let button = 2
private let tamper = 3
private let fire = 4

private func setting() -> ControllerSetting {
  var turnstile = TurnstileSetting(releaseIn: OutputIndex(0), releaseOut: OutputIndex(1))
  turnstile.free = OutputIndex(2)
  turnstile.fail = .secure
  turnstile.rotationIn = InputIndex(turnIn)
  turnstile.rotationOut = InputIndex(turnOut)
  turnstile.exitButton = InputIndex(button)
  turnstile.tamper = InputIndex(tamper)
  return ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: 5),
    outputs: [OutputSetting](repeating: OutputSetting(), count: 3), points: [.turnstile(turnstile)],
    emergencies: [
      EmergencySetting(inputs: [InputIndex(fire)], release: [PointIndex(0)]),
      EmergencySetting(lock: [PointIndex(0)]),
    ])
}

private func prepare(_ rig: Rig) {
  for input in 0..<5 { rig.set(input, false) }
  rig.run(2)
}

private var states: [StateTable.Act] {
  let granted = StateTable.Act.order("granted in", grant(7))
  return [
    .order("locked"), granted, .order("granted out", grant(8, side: .out)),
    .order("two wait", grant(7), grant(8, side: .out)), .order("opened", .open(point0)),
    .set("exit pressed", button, true), granted.then("time over", .init("") { $0.run(5_100) }),
    .set("turning", turnIn, true),
    StateTable.Act.set("", turnIn, true).then("stuck", .init("") { $0.run(10_001) }),
    .set("released", fire, true), .order("lockdown", .startEmergency(PlanIndex(1), drill: false)),
    .order("out of service", .setOutOfService(point0, true)), .order("maintenance", .setMaintenance(true)),
  ]
}

private var changes: [StateTable.Act] {
  [
    .set("turned in", turnIn, true), .set("in at rest", turnIn, false), .lose("in lost", turnIn),
    .set("turned out", turnOut, true), .lose("out lost", turnOut), .set("button pressed", button, true),
    .lose("button lost", button), .set("tamper on", tamper, true), .set("fire on", fire, true),
    .set("fire off", fire, false), .init("6 s") { $0.run(6_000) },
  ]
}

@Test func everyStateOfATurnstileAtEveryChange() {
  let table = StateTable(
    setting: setting(), outputNames: ["in", "out", "free"], prepare: prepare, states: states,
    changes: changes)
  table.check(turnstileTable, "turnstile")
}
