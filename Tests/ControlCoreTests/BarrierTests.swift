import ControlCore
import Testing

/// Inputs and outputs of the barrier under test.
private let up = 0
private let down = 1
private let loop = 2
private let beam = 3
private let fire = 4
private let raise = 0
private let lower = 1

private func site(_ change: (inout BarrierSetting) -> Void = { _ in }) -> ControllerSetting {
  var barrier = BarrierSetting(raise: OutputIndex(raise), lower: OutputIndex(lower))
  barrier.up = InputIndex(up)
  barrier.down = InputIndex(down)
  barrier.closingLoop = InputIndex(loop)
  barrier.photocell = InputIndex(beam)
  change(&barrier)
  return ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: 5),
    outputs: [OutputSetting](repeating: OutputSetting(), count: 2), points: [.barrier(barrier)],
    emergencies: [
      EmergencySetting(inputs: [InputIndex(fire)], release: [point0]), EmergencySetting(lock: [point0]),
    ])
}

private func arm(_ style: DriveStyle) -> Leaf {
  Leaf(open: raise, close: lower, openLimit: up, closedLimit: down, travel: 1_400, style: style)
}

private func prepare(_ rig: Rig) {
  for input in [loop, beam, fire] { rig.set(input, false) }
  rig.run(2)
}

/// The vehicle drives in, stands for a second and leaves.
private let car: [Step] = [.set(loop, true), .run(1_000), .set(loop, false), .run(1)]

private let scenarios = [
  Scenario(
    "a granted passage",
    [.state(.closed), .order(grant(7)), .run(1), .on([raise]), .state(.opening)]
      + [.expect(["accepted", "opening(credential)"]), .run(1_400), .run(1)]
      + [.state(.open), .on([]), .expect(["opened"])] + car
      + [
        .expect(["passage(credential)"]), .run(501), .on([lower]), .expect(["closing(passageEnded)"]),
        .run(1_500), .on([]), .state(.closed), .expect(["closed"]),
      ]),
  Scenario(
    "a grant that nobody uses",
    [
      .order(grant(7)), .run(1_402), .expect(["accepted", "opening(credential)", "opened"]), .run(14_998),
      .expect([]), .run(2), .expect(["noEntry", "closing(autoClose)"]), .run(1_500), .expect(["closed"]),
    ]),
  Scenario(
    "opened by an operator",
    [
      .order(.open(point0)), .run(1_402), .expect(["accepted", "opening(operatorOrder)", "opened"]),
      .run(4_990),
      .expect([]), .run(20), .on([lower]), .expect(["closing(autoClose)"]),
    ]),
  Scenario(
    "a vehicle keeps it up",
    [.order(.open(point0)), .run(1_402), .set(beam, true), .run(5_000)]
      + [.expect(["accepted", "opening(operatorOrder)", "opened", "blocked(presence)"]), .run(8_000)]
      + [.expect([]), .on([]), .set(beam, false), .run(499), .on([]), .run(3), .on([lower])]),
  Scenario(
    "a sensor that is lost keeps it up",
    [.order(.open(point0)), .run(1_402), .lose(beam), .run(8_000), .on([])]
      + [
        .expect(["accepted", "opening(operatorOrder)", "opened", "inputLost", "blocked(presenceUnknown)"])
      ]),
  Scenario(
    "a vehicle under the lowering arm",
    [.order(grant(7)), .run(1_402)] + car + [.run(1_000), .state(.closing)]
      + [
        .expect([
          "accepted", "opening(credential)", "opened", "passage(credential)", "closing(passageEnded)",
        ]), .set(loop, true), .run(1), .on([]), .state(.opening),
        .expect(["obstruction(presence)", "opening(obstruction)"]), .run(200), .on([raise]), .run(1_500),
        .set(loop, false), .run(1), .expect(["opened", "blocked(presence)", "tailgating"]), .run(2_100),
        .state(.closed),
        .expect(["closing(passageEnded)", "closed"]),
      ]),
  Scenario(
    "two vehicles under it in a row",
    [.order(grant(7)), .run(1_402)] + car + [.run(1_000), .set(beam, true), .run(2_000), .set(beam, false)]
      + [.run(1_200), .state(.closing), .set(beam, true), .run(1), .fault(.closingFailedTwice), .run(8_000)]
      + [
        .state(.faulted), .on([]), .set(beam, false), .run(8_000), .on([]),
        .expect([
          "accepted", "opening(credential)", "opened", "passage(credential)", "closing(passageEnded)",
          "obstruction(presence)", "opening(obstruction)", "opened", "blocked(presence)",
          "closing(passageEnded)",
          "obstruction(presence)", "opening(obstruction)", "fault(closingFailedTwice)", "opened",
        ]), .order(grant(8)), .order(.close(point0)), .run(1),
        .expect(["refused(faultLatched)", "refused(faultLatched)"]), .order(.reset(point0)), .run(10_000),
        .on([]), .state(.open), .expect(["accepted", "faultEnded(closingFailedTwice)"]),
        .order(.close(point0)),
        .run(1_500), .state(.closed), .expect(["accepted", "closing(operatorOrder)", "closed"]),
      ]),
  Scenario(
    "a second vehicle on one grant",
    [.order(grant(7)), .run(1_402)] + [.set(loop, true), .run(500), .set(loop, false), .run(200)] + car
      + [
        .expect([
          "accepted", "opening(credential)", "opened", "passage(credential)", "blocked(presence)",
          "tailgating",
        ])
      ]),
  Scenario(
    "grants while it is up",
    [.order(grant(7)), .run(1_402), .order(grant(8)), .run(1)] + car + [.run(3_000)] + car
      + [
        .run(502), .on([lower]),
        .expect([
          "accepted", "opening(credential)", "opened", "accepted", "passage(credential)",
          "passage(credential)",
          "closing(passageEnded)",
        ]),
      ]),
  Scenario(
    "a grant while it goes down",
    [.order(.open(point0)), .run(1_402), .order(.close(point0)), .run(700), .state(.closing)]
      + [
        .expect(["accepted", "opening(operatorOrder)", "opened", "accepted", "closing(operatorOrder)"]),
        .order(grant(7)), .run(1), .on([]), .run(200), .on([raise]),
        .expect(["accepted", "opening(credential)"]),
        .run(1_000), .expect(["opened"]),
      ]),
  Scenario(
    "a motor that does not start",
    [
      .plant(.jam(true)), .order(grant(7)), .run(1_002), .on([]), .fault(.notStarted),
      .expect(["accepted", "opening(credential)", "fault(notStarted)", "noEntry(notStarted)"]),
      .order(grant(8)), .run(1), .expect(["refused(faultLatched)"]), .plant(.jam(false)),
      .order(.reset(point0)),
      .run(1), .state(.closed), .expect(["accepted", "faultEnded(notStarted)"]),
    ]),
  Scenario(
    "a travel that takes too long",
    [
      .order(grant(7)), .run(700), .plant(.jam(true)), .run(1_802), .on([]), .fault(.tooSlow),
      .expect(["accepted", "opening(credential)", "fault(tooSlow)", "noEntry(tooSlow)"]),
      .order(.reset(point0)), .run(10), .order(.close(point0)), .run(1), .on([]),
      .expect(["accepted", "faultEnded(tooSlow)", "refused(positionUnknown)"]),
    ]),
  Scenario(
    "a limit that stays on",
    [
      .order(.open(point0)), .run(1_402), .expect(["accepted", "opening(operatorOrder)", "opened"]),
      .order(.close(point0)), .run(500), .plant(.put(0)), .plant(.openLimitStuck(true)), .run(1), .on([]),
      .fault(.limitStuck), .expect(["accepted", "closing(operatorOrder)", "fault(limitStuck)"]),
    ]),
  Scenario(
    "both limits on",
    [.plant(.openLimitStuck(true)), .run(1), .fault(.bothLimits), .expect(["fault(bothLimits)"])]
      + [.order(grant(7)), .run(1), .expect(["refused(faultLatched)"]), .order(.reset(point0)), .run(1)]
      + [.expect(["accepted", "faultEnded(bothLimits)", "fault(bothLimits)"])]),
  Scenario(
    "moved by hand",
    [
      .plant(.put(700)), .run(1), .fault(.movedByHand), .state(.unknown), .expect(["fault(movedByHand)"]),
      .order(.close(point0)), .run(1), .on([]), .expect(["refused(positionUnknown)"]), .plant(.put(0)),
      .run(1),
      .fault(.none), .state(.closed), .expect(["faultEnded(movedByHand)"]),
    ]),
  Scenario(
    "a limit lost while it is up",
    [
      .order(.open(point0)), .run(1_402), .plant(.openLimitLost(true)), .run(10_000), .on([]),
      .state(.unknown),
    ]
      + [
        .expect([
          "accepted", "opening(operatorOrder)", "opened", "inputLost", "blocked(positionUnknown)",
        ]), .plant(.openLimitLost(false)), .run(1), .on([]), .state(.open), .expect(["inputReturned"]),
      ]),
  Scenario(
    "a fire",
    [
      .order(.open(point0)), .run(1_402), .order(.close(point0)), .run(500), .set(fire, true), .run(1),
      .on([]),
    ]
      + [
        .expect([
          "accepted", "opening(operatorOrder)", "opened", "accepted", "closing(operatorOrder)",
          "emergencyStarted", "opening(emergencyPlan)",
        ]), .run(200), .on([raise]), .run(1_000), .state(.released), .expect(["opened"]),
        .set(fire, false),
        .run(8_000), .order(.resetEmergency(PlanIndex(0))), .run(8_000), .on([]), .state(.open),
        .expect(["emergencyInputEnded", "accepted", "emergencyReset"]), .order(grant(9)), .run(1),
      ] + car + [.run(502), .on([lower])]),
  Scenario(
    "a fire raises it though it is faulted, in maintenance and out of service",
    [
      .plant(.jam(true)), .order(grant(7)), .run(1_100), .fault(.notStarted), .plant(.jam(false)),
      .order(.setMaintenance(true)), .order(.setOutOfService(point0, true)), .run(1), .on([]),
      .set(fire, true),
      .run(1), .on([raise]),
    ]),
  Scenario(
    "lockdown and out of service",
    [
      .order(.startEmergency(PlanIndex(1), drill: false)), .order(grant(7)), .order(.open(point0)), .run(1),
      .on([]),
      .expect(["accepted", "emergencyStarted", "refused(lockdown)", "refused(lockdown)"]),
      .order(.resetEmergency(PlanIndex(1))), .order(.setOutOfService(point0, true)), .order(grant(7)),
      .run(1),
      .expect(["accepted", "emergencyReset", "accepted", "outOfService", "refused(outOfService)"]),
      .order(.open(point0)), .run(1), .on([raise]),
    ]),
  Scenario(
    "in maintenance nothing starts, and a test ends by itself",
    [
      .order(.testOutput(OutputIndex(raise), level: true, for: .milliseconds(300))), .run(1), .on([]),
      .expect(["refused(notInMaintenance)"]), .order(.setMaintenance(true)), .order(grant(7)), .run(1),
      .on([]),
      .expect(["accepted", "maintenanceStarted", "refused(maintenance)"]),
      .order(.testOutput(OutputIndex(raise), level: true, for: .milliseconds(300))),
      .order(.testOutput(OutputIndex(lower), level: true, for: .milliseconds(300))), .run(1), .on([raise]),
      .expect(["accepted", "refused(outputConflict)"]), .run(299), .on([raise]), .run(1), .on([]),
      .expect(["outputTested"]), .order(.testOutput(OutputIndex(lower), level: true, for: .seconds(1))),
      .run(1),
      .on([]), .expect(["refused(alreadyBusy)"]), .run(200), .set(loop, true),
      .order(.testOutput(OutputIndex(lower), level: true, for: .seconds(1))), .run(1), .on([]),
      .expect(["refused(presence)"]), .set(loop, false),
      .order(.testOutput(OutputIndex(lower), level: true, for: .seconds(1))), .run(10), .on([lower]),
      .set(loop, true), .run(1), .on([]), .expect(["accepted", "outputTested"]), .set(loop, false), .run(1),
      .order(.testOutput(OutputIndex(lower), level: true, for: .seconds(11))),
      .order(.testOutput(OutputIndex(lower), level: true, for: .seconds(1))), .run(1), .on([lower]),
      .order(.setMaintenance(false)), .run(1), .on([]),
      .expect(["refused(badArgument)", "accepted", "accepted", "maintenanceEnded", "outputTested"]),
    ]),
]

@Test(arguments: scenarios, [DriveStyle.held, .pulse]) func aBarrier(
  _ scenario: Scenario, _ style: DriveStyle
) {
  // A motor that is driven by pulses alone goes on by itself: outputs are told apart only for the held one.
  let steps = style == .held ? scenario.steps : scenario.steps.filter { !$0.namesOutputs }
  guard style == .held || !scenario.isAboutHolding else { return }
  Scenario(scenario.name, steps).play(site { $0.style = style }, leaf: arm(style), prepare: prepare)
}

@Test func aPulseEndsByItself() {
  let rig = Rig(site())
  let leaf = arm(.pulse)
  rig.plant = { leaf.move($0) }
  prepare(rig)
  rig.grant(7)
  rig.run(300)
  #expect(rig[raise])
  rig.run(1)
  #expect(!rig[raise])
  rig.run(1_200)
  #expect(rig.status().state == .open)
}

@Test func withoutSensorsTheTimeCloses() {
  let rig = Rig(
    site {
      $0.closingLoop = nil
      $0.photocell = nil
      $0.style = .held
    })
  let leaf = arm(.held)
  rig.plant = { leaf.move($0) }
  prepare(rig)
  rig.grant(7)
  rig.run(9_000)
  #expect(rig.words == ["accepted", "opening(credential)", "opened", "closing(autoClose)", "closed"])
  #expect(rig.first(.closing)?.passage == 7)
}

@Test func withoutLimitsTheFirstOpeningTellsThePlace() {
  let rig = Rig(
    site {
      $0.up = nil
      $0.down = nil
      $0.style = .held
    })
  prepare(rig)
  #expect(rig.status().state == .unknown)
  rig.order(.close(point0))
  rig.run(1)
  #expect(rig.words == ["refused(positionUnknown)"])
  rig.order(.open(point0))
  rig.run(1_501)
  #expect(rig.status().state == .open)
  rig.run(5_002)
  #expect(rig[lower])
  rig.run(1_500)
  #expect(rig.status().state == .closed)
}

@Test(arguments: [0, 700, 1_400]) func theStartMovesNothing(_ position: Int) {
  let rig = Rig(site())
  let leaf = arm(.held)
  leaf.suffer(.put(position))
  rig.plant = { leaf.move($0) }
  rig.afterScan = { #expect(!$0[raise] && !$0[lower]) }
  prepare(rig)
  rig.run(8_000)
  #expect(rig.log.isEmpty)
}
