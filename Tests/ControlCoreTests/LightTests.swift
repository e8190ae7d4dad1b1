import ControlCore
import Testing

/// Inputs and outputs of the lane under test, the same for a barrier and a gate.
private let openLimit = 0
private let closedLimit = 1
private let loop = 2
private let exit = 3
private let fire = 4
private let opens = 0
private let closes = 1
private let red = 2
private let green = 3

private func site(_ point: PointSetting) -> ControllerSetting {
  ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: 5),
    outputs: [OutputSetting(), OutputSetting(), OutputSetting(safe: true), OutputSetting()], points: [point],
    emergencies: [
      EmergencySetting(inputs: [InputIndex(fire)], release: [point0]), EmergencySetting(lock: [point0]),
    ])
}

private var barrier: PointSetting {
  var barrier = BarrierSetting(raise: OutputIndex(opens), lower: OutputIndex(closes))
  barrier.style = .held
  barrier.up = InputIndex(openLimit)
  barrier.down = InputIndex(closedLimit)
  barrier.closingLoop = InputIndex(loop)
  barrier.exitLoop = InputIndex(exit)
  barrier.red = OutputIndex(red)
  barrier.green = OutputIndex(green)
  return .barrier(barrier)
}

/// A gate with the times of the barrier, so that one script plays on both.
private var gate: PointSetting {
  var gate = GateSetting(open: OutputIndex(opens), close: OutputIndex(closes))
  gate.openLimit = InputIndex(openLimit)
  gate.closedLimit = InputIndex(closedLimit)
  gate.closingLoop = InputIndex(loop)
  gate.exitLoop = InputIndex(exit)
  gate.red = OutputIndex(red)
  gate.green = OutputIndex(green)
  gate.takeBarrierTimes(closingWarning: .milliseconds(1))
  return .gate(gate)
}

private func prepare(_ rig: Rig) {
  for input in [loop, exit, fire] { rig.set(input, false) }
  rig.run(2)
}

private let scenarios = [
  Scenario(
    "green for a grant, red again as soon as its vehicle is under the arm",
    [
      .on([red]), .order(grant(7)), .run(1), .on([opens, red]), .run(1_401), .on([green]), .set(loop, true),
      .run(1), .on([red]), .set(loop, false), .run(1), .on([red]), .run(510), .on([closes, red]),
      .run(1_500), .on([red]),
    ]),
  Scenario(
    "green for the second of two grants while the first is used",
    [
      .order(grant(7)), .order(grant(8)), .run(1_402), .set(loop, true), .run(1), .on([green]),
      .set(loop, false), .run(1), .on([green]), .set(loop, true), .run(1), .on([red]),
    ]),
  Scenario(
    "green for a grant while it closes, once it is open again",
    [
      .order(.open(point0)), .run(1_402), .on([green]), .order(.close(point0)), .run(700),
      .on([closes, red]),
      .order(grant(7)), .run(1), .on([red]), .run(1_000), .on([green]),
    ]),
  Scenario(
    "a grant that is taken back",
    [.order(grant(7)), .run(1_402), .on([green]), .run(15_010), .on([closes, red])]),
  Scenario(
    "a way out is no way in",
    [
      .set(exit, true), .run(1_402), .on([red]), .set(exit, false), .run(1), .on([red]), .order(grant(7)),
      .set(loop, true), .run(1), .on([green]),
    ]),
  Scenario(
    "opened for all by an operator, then locked down",
    [
      .order(.open(point0)), .run(1_402), .on([green]), .order(.startEmergency(PlanIndex(1), drill: false)),
      .run(1), .on([red]),
    ]),
  Scenario(
    "out of service",
    [
      .order(.open(point0)), .run(1_402), .order(.setOutOfService(point0, true)), .run(1), .on([red]),
      .order(.setOutOfService(point0, false)), .run(10), .on([red]),
    ]),
  Scenario(
    "a fire shows red, and so does what it left open",
    [
      .set(fire, true), .run(1_402), .state(.released), .on([red]), .set(fire, false),
      .order(.resetEmergency(PlanIndex(0))), .run(100), .state(.open), .on([red]), .order(grant(7)),
      .run(1), .on([green]),
    ]),
  Scenario(
    "a limit lost while it is open",
    [.order(.open(point0)), .run(1_402), .on([green]), .plant(.openLimitLost(true)), .run(1), .on([red])]),
  Scenario(
    "moved by hand",
    [.plant(.put(1_400)), .run(1), .state(.open), .on([red])]),
  Scenario(
    "both limits on: red flashes once a second until the reset",
    [
      .plant(.openLimitStuck(true)), .run(498), .fault(.bothLimits), .on([]), .run(500), .on([red]),
      .run(499), .on([red]), .run(1), .on([]), .run(500), .on([red]), .plant(.openLimitStuck(nil)),
      .order(.reset(point0)), .run(500), .on([red]),
    ]),
  Scenario(
    "a test of one light darkens the other",
    [
      .order(.setMaintenance(true)),
      .order(.testOutput(OutputIndex(green), level: true, for: .milliseconds(100))),
      .run(1), .on([green]), .run(100), .on([red]),
      .order(.testOutput(OutputIndex(red), level: false, for: .milliseconds(100))), .run(1), .on([]),
      .run(100), .on([red]),
    ]),
]

private func leaf() -> Leaf {
  Leaf(
    open: opens, close: closes, openLimit: openLimit, closedLimit: closedLimit, travel: 1_400, style: .held)
}

@Test(arguments: scenarios) func theLightsOfABarrier(_ scenario: Scenario) {
  scenario.play(site(barrier), leaf: leaf(), prepare: prepare)
}

@Test(arguments: scenarios) func theLightsOfAGate(_ scenario: Scenario) {
  scenario.play(site(gate), leaf: leaf(), prepare: prepare)
}

/// A test of a light is no motion: no dead time follows it, and no vehicle forbids it.
@Test(arguments: [barrier, gate]) func aTestOfALightIsNoMotion(_ point: PointSetting) {
  let rig = Rig(site(point))
  let leaf = leaf()
  rig.plant = { leaf.move($0) }
  prepare(rig)
  rig.set(loop, true)
  rig.order(.setMaintenance(true))
  rig.order(.testOutput(OutputIndex(green), level: true, for: .milliseconds(50)))
  rig.run(60)
  rig.order(.setMaintenance(false))
  rig.grant(7)
  rig.run(1)
  #expect(rig[opens])
  #expect(
    rig.words == [
      "accepted", "maintenanceStarted", "accepted", "outputTested", "accepted", "maintenanceEnded",
      "accepted",
      "opening(credential)",
    ])
}
