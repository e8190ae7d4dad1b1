import ControlCore
import Testing

/// Inputs and outputs of the point under test, the same for a barrier and a gate.
private let openLimit = 0
private let closedLimit = 1
private let loop = 2
private let interrupt = 3
private let exit = 4
private let shadow = 5
private let opens = 0
private let closes = 1

private func site(_ point: PointSetting) -> ControllerSetting {
  ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: 6),
    outputs: [OutputSetting](repeating: OutputSetting(), count: 2), points: [point],
    emergencies: [EmergencySetting(lock: [point0])])
}

private var barrier: PointSetting {
  var barrier = BarrierSetting(raise: OutputIndex(opens), lower: OutputIndex(closes))
  barrier.style = .held
  barrier.up = InputIndex(openLimit)
  barrier.down = InputIndex(closedLimit)
  barrier.closingLoop = InputIndex(loop)
  barrier.interruptLoop = InputIndex(interrupt)
  barrier.exitLoop = InputIndex(exit)
  barrier.shadowLoop = InputIndex(shadow)
  return .barrier(barrier)
}

/// A gate with the times of the barrier, so that one script plays on both.
private var gate: PointSetting {
  var gate = GateSetting(open: OutputIndex(opens), close: OutputIndex(closes))
  gate.openLimit = InputIndex(openLimit)
  gate.closedLimit = InputIndex(closedLimit)
  gate.closingLoop = InputIndex(loop)
  gate.interruptLoop = InputIndex(interrupt)
  gate.exitLoop = InputIndex(exit)
  gate.shadowLoop = InputIndex(shadow)
  gate.takeBarrierTimes(closingWarning: .zero)
  return .gate(gate)
}

private func prepare(_ rig: Rig) {
  for input in [loop, interrupt, exit, shadow] { rig.set(input, false) }
  rig.run(2)
}

/// Opened by an operator and 700 ms on its way shut.
private let closing: [Step] = [
  .order(.open(point0)), .run(1_402), .order(.close(point0)), .run(700), .state(.closing),
  .expect(["accepted", "opening(operatorOrder)", "opened", "accepted", "closing(operatorOrder)"]),
]
/// A vehicle comes over the exit loop and leaves it.
private let leaving: [Step] = [.set(exit, true), .run(1_402), .set(exit, false), .run(1)]
private let car: [Step] = [.set(loop, true), .run(1_000), .set(loop, false), .run(1)]

private let scenarios = [
  Scenario(
    "interrupted: opens and stays open, time and again, and is no fault",
    closing + [
      .set(interrupt, true), .run(1), .on([]), .state(.opening), .expect(["opening(interruptLoop)"]),
      .run(200), .on([opens]), .run(1_000), .state(.open), .run(20_000), .on([]), .state(.open),
      .expect(["opened", "blocked(presence)"]), .set(interrupt, false), .run(1_000), .state(.closing),
      .set(interrupt, true), .run(1_500), .set(interrupt, false), .run(4_700), .state(.closing),
      .set(interrupt, true), .run(1_500), .fault(.none), .state(.open),
    ]),
  Scenario(
    "interrupted and met: the obstruction counts",
    closing + [
      .set(interrupt, true), .set(shadow, true), .run(1),
      .expect(["obstruction(presence)", "opening(obstruction)"]),
    ]),
  Scenario(
    "a lost interrupt loop is covered for closing and opens nothing",
    [.lose(interrupt), .run(3_000), .state(.closed), .on([]), .expect(["inputLost"])]
      + [.order(.open(point0)), .run(1_402), .order(.close(point0)), .run(1), .on([])]
      + [.expect(["accepted", "opening(operatorOrder)", "opened", "refused(presenceUnknown)"])]
      + [.run(20_000), .on([]), .state(.open), .expect(["blocked(presenceUnknown)"])]),
  Scenario(
    "an interrupt loop lost while it closes",
    closing + [
      .lose(interrupt), .run(1), .on([]),
      .expect(["inputLost", "obstruction(presenceUnknown)", "opening(obstruction)"]),
    ]),
  Scenario(
    "the shadow loop forbids closing and leaves opening alone",
    [
      .set(shadow, true), .order(grant(7)), .run(1_402), .state(.open),
      .expect(["accepted", "opening(credential)", "opened"]), .order(.close(point0)), .run(20_000), .on([]),
      .state(.open), .expect(["refused(presence)", "noEntry", "blocked(presence)"]), .lose(shadow),
      .run(1_000), .on([]), .expect(["inputLost", "blocked(presenceUnknown)"]),
    ]),
  Scenario(
    "covered while it opens, the shadow loop turns nothing round",
    [
      .order(.open(point0)), .run(700), .set(shadow, true), .run(1), .on([opens]), .run(701), .state(.open),
      .expect(["accepted", "opening(operatorOrder)", "opened"]),
    ]),
  Scenario(
    "the shadow loop covered while it closes",
    closing + [
      .set(shadow, true), .run(1), .on([]), .expect(["obstruction(presence)", "opening(obstruction)"]),
    ]),
  Scenario(
    "free exit: one passage out",
    leaving + [.expect(["opening(exitLoop)", "opened"])] + car + [.expect(["passage(exitLoop)"])]
      + [.run(2_500), .state(.closed), .expect(["closing(passageEnded)", "closed"])]),
  Scenario(
    "a second vehicle on one exit",
    leaving + car + car + [
      .expect(["opening(exitLoop)", "opened", "passage(exitLoop)", "blocked(presence)", "tailgating"])
    ]),
  Scenario(
    "two vehicles out, the second over the exit loop behind the first",
    leaving + [.set(loop, true), .run(500), .set(exit, true), .run(500), .set(loop, false), .run(100)]
      + [.set(exit, false)] + car
      + [.expect(["opening(exitLoop)", "opened", "passage(exitLoop)", "passage(exitLoop)"])]),
  Scenario(
    "creeping on the exit loop is one vehicle",
    leaving + [.set(exit, true), .run(100), .set(exit, false), .run(1)] + car + car
      + [.expect(["opening(exitLoop)", "opened", "passage(exitLoop)", "blocked(presence)", "tailgating"])]),
  Scenario(
    "who comes in over both loops is let out by neither",
    [.order(grant(7)), .run(1_402), .set(loop, true), .run(500), .set(exit, true), .run(300)]
      + [.set(loop, false), .run(300), .set(exit, false), .run(2_500), .state(.closed)]
      + [
        .expect([
          "accepted", "opening(credential)", "opened", "passage(credential)",
          "closing(passageEnded)", "closed",
        ])
      ]),
  Scenario(
    "an exit with a credential is one vehicle",
    leaving + [.order(grant(7, side: .out)), .run(1)] + car + car
      + [
        .expect([
          "opening(exitLoop)", "opened", "accepted", "passage(credential)", "blocked(presence)", "tailgating",
        ])
      ]),
  Scenario(
    "an exit that nobody uses closes again",
    leaving + [.run(15_000), .expect(["opening(exitLoop)", "opened", "closing(autoClose)"])]),
  Scenario(
    "who waits on the exit loop is waited for",
    [.set(exit, true), .run(30_000), .state(.open), .on([])]
      + [.expect(["opening(exitLoop)", "opened", "blocked(presence)"])]),
  Scenario(
    "a lost exit loop opens nothing, nor does its return while it is covered",
    [
      .lose(exit), .run(100), .set(exit, true), .run(3_000), .on([]), .state(.closed),
      .expect(["inputLost", "inputReturned"]), .set(exit, false), .run(1), .set(exit, true), .run(1),
      .on([opens]), .expect(["opening(exitLoop)"]),
    ]),
  Scenario(
    "a lost exit loop holds back what closes by itself, and no order",
    [.order(.open(point0)), .run(1_402), .lose(exit), .run(20_000), .on([])]
      + [
        .expect(["accepted", "opening(operatorOrder)", "opened", "inputLost", "blocked(presenceUnknown)"])
      ] + [.order(.close(point0)), .run(2), .on([closes])]),
  Scenario(
    "an exit while it closes",
    closing + [
      .set(exit, true), .run(1), .on([]), .state(.opening), .expect(["opening(exitLoop)"]), .run(1_500),
      .state(.open), .fault(.none),
    ]),
  Scenario(
    "locked down, the exit loop opens nothing and keeps nothing open",
    [
      .order(.startEmergency(PlanIndex(0), drill: false)), .run(1), .set(exit, true), .run(3_000), .on([]),
      .expect(["accepted", "emergencyStarted", "blocked(lockdown)"]),
      .order(.resetEmergency(PlanIndex(0))), .run(3_000), .on([]), .state(.closed),
      .expect(["accepted", "emergencyReset"]),
    ]),
  Scenario(
    "out of service and in maintenance nobody is let out",
    [
      .order(.setOutOfService(point0, true)), .run(1), .set(exit, true), .run(100), .on([]),
      .set(exit, false),
      .order(.setOutOfService(point0, false)), .order(.setMaintenance(true)), .run(1), .set(exit, true),
      .run(100), .on([]),
      .expect([
        "accepted", "outOfService", "blocked(outOfService)", "accepted", "backInService", "accepted",
        "maintenanceStarted", "blocked(maintenance)",
      ]),
    ]),
]

private func leaf() -> Leaf {
  Leaf(
    open: opens, close: closes, openLimit: openLimit, closedLimit: closedLimit, travel: 1_400, style: .held)
}

@Test(arguments: scenarios) func theLoopsOfABarrier(_ scenario: Scenario) {
  scenario.play(site(barrier), leaf: leaf(), prepare: prepare)
}

@Test(arguments: scenarios) func theLoopsOfAGate(_ scenario: Scenario) {
  scenario.play(site(gate), leaf: leaf(), prepare: prepare)
}

@Test(arguments: [barrier, gate]) func aLoopCoveredAtTheStartOpensNothing(_ point: PointSetting) {
  let rig = Rig(site(point))
  let leaf = leaf()
  rig.plant = { leaf.move($0) }
  for input in [loop, interrupt, exit, shadow] { rig.set(input, true) }
  rig.afterScan = { #expect(!$0[opens] && !$0[closes]) }
  rig.run(5_000)
  #expect(rig.log.isEmpty)
}

/// In an airlock the vehicle waits on its loop until the other point is closed.
@Test func anExitWaitsForItsInterlock() {
  var setting = site(barrier)
  var other = BarrierSetting(raise: OutputIndex(2), lower: OutputIndex(3))
  other.closingLoop = InputIndex(6)
  setting.inputs.append(InputSetting())
  setting.outputs += [OutputSetting(), OutputSetting()]
  setting.points.append(.barrier(other))
  setting.interlocks = [[PointIndex(0), PointIndex(1)]]
  let rig = Rig(setting)
  let leaf = leaf()
  rig.plant = { leaf.move($0) }
  rig.set(6, false)
  prepare(rig)
  rig.order(.open(PointIndex(1)))
  rig.run(2_000)
  rig.set(exit, true)
  rig.run(3_000)
  #expect(!rig[opens])
  #expect(rig.words == ["accepted", "opening(operatorOrder)", "opened", "blocked(interlock)"])
  rig.run(5_500)
  #expect(rig.status(0).state == .open)
  #expect(rig.first(.closed)?.point == PointIndex(1))
}
