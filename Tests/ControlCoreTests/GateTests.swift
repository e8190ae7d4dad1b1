import ControlCore
import Testing

/// Inputs and outputs of the gate under test.
private let openLimit = 0
private let closedLimit = 1
private let loop = 2
private let beam = 3
private let edge = 4
private let button = 5
private let fire = 6
private let opens = 0
private let closes = 1
private let stops = 2
private let lamp = 3

private func site(_ change: (inout GateSetting) -> Void = { _ in }) -> ControllerSetting {
  var gate = GateSetting(open: OutputIndex(opens), close: OutputIndex(closes))
  gate.stop = OutputIndex(stops)
  gate.warning = OutputIndex(lamp)
  gate.openLimit = InputIndex(openLimit)
  gate.closedLimit = InputIndex(closedLimit)
  gate.closingLoop = InputIndex(loop)
  gate.photocell = InputIndex(beam)
  gate.safetyEdge = InputIndex(edge)
  gate.emergencyStop = InputIndex(button)
  gate.travel = .seconds(4)
  gate.margin = .seconds(1)
  gate.autoClose = .seconds(3)
  gate.entry = .seconds(6)
  change(&gate)
  return ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: 7),
    outputs: [OutputSetting](repeating: OutputSetting(), count: 4), points: [.gate(gate)],
    emergencies: [EmergencySetting(inputs: [InputIndex(fire)], release: [point0])])
}

private func leaf(_ style: DriveStyle) -> Leaf {
  Leaf(
    open: opens, close: closes, stop: stops, openLimit: openLimit, closedLimit: closedLimit, travel: 4_000,
    style: style)
}

private func prepare(_ rig: Rig) {
  for input in [loop, beam, edge, button, fire] { rig.set(input, false) }
  rig.run(2)
}

/// Opened by an operator, all told.
private let opened: [Step] = [
  .order(.open(point0)), .run(4_001), .state(.open),
  .expect(["accepted", "opening(operatorOrder)", "opened"]),
]
/// Then ordered to close, and 1 s on its way.
private let closing: [Step] =
  opened + [
    .order(.close(point0)), .run(6_000), .state(.closing), .expect(["accepted", "closing(operatorOrder)"]),
  ]
private let car: [Step] = [.set(loop, true), .run(1_000), .set(loop, false), .run(1)]

private let scenarios = [
  Scenario(
    "a granted passage",
    [.state(.closed), .order(grant(7)), .run(1), .on([opens]), .state(.opening), .run(4_000), .on([])]
      + [.state(.open), .expect(["accepted", "opening(credential)", "opened"])] + car
      + [
        .expect(["passage(credential)"]), .run(501), .state(.warning), .on([lamp]), .run(4_990), .on([lamp]),
        .expect([]), .run(11), .on([closes, lamp]), .expect(["closing(passageEnded)"]), .run(4_000), .on([]),
        .state(.closed), .expect(["closed"]),
      ]),
  Scenario(
    "a grant that nobody uses",
    [
      .order(grant(7)), .run(4_001), .run(5_999), .state(.open), .run(2), .state(.warning),
      .expect(["accepted", "opening(credential)", "opened", "noEntry"]), .run(5_001),
      .expect(["closing(autoClose)"]),
    ]),
  Scenario(
    "closed by order: with light first",
    opened + [
      .order(.close(point0)), .run(1), .on([lamp]), .state(.warning), .run(5_001), .on([closes, lamp]),
      .run(4_000), .state(.closed), .expect(["accepted", "closing(operatorOrder)", "closed"]),
    ]),
  Scenario(
    "someone walks in while the light is on",
    opened + [
      .order(.close(point0)), .run(2_000), .set(beam, true), .run(1), .on([]), .state(.open),
      .expect(["accepted", "blocked(presence)"]), .run(4_000), .on([]), .set(beam, false), .run(504),
      .state(.warning), .on([lamp]),
    ]),
  Scenario(
    "a grant while the light is on",
    opened + [.order(.close(point0)), .run(2_000), .order(grant(7)), .run(1), .on([]), .state(.open)] + car
      + [.expect(["accepted", "accepted", "passage(credential)"])]),
  Scenario(
    "the beam broken while it closes",
    closing + [
      .set(beam, true), .run(1), .on([stops]), .expect(["obstruction(presence)", "opening(obstruction)"]),
      .run(501), .on([opens]), .run(1_100), .on([]), .state(.open), .expect(["opened"]),
    ]),
  Scenario(
    "the edge pressed while it closes",
    closing + [
      .set(edge, true), .run(600), .on([opens]), .set(edge, false), .run(1_000), .state(.open), .on([]),
      .expect(["obstruction(safetyEdge)", "opening(obstruction)", "opened"]),
    ]),
  Scenario(
    "the beam lost while it closes",
    closing + [
      .lose(beam), .run(1), .on([stops]), .run(10_000), .on([]), .state(.open),
      .expect([
        "inputLost", "obstruction(presenceUnknown)", "opening(obstruction)", "opened",
        "blocked(presenceUnknown)",
      ]),
    ]),
  Scenario(
    "two closings that fail",
    closing + [.set(beam, true), .run(2_000), .set(beam, false), .run(8_500), .state(.closing)]
      + [.set(beam, true), .run(3_000), .set(beam, false), .run(8_000), .on([]), .state(.faulted)]
      + [
        .fault(.closingFailedTwice),
        .expect([
          "obstruction(presence)", "opening(obstruction)", "opened",
          "closing(autoClose)", "obstruction(presence)", "opening(obstruction)", "fault(closingFailedTwice)",
          "opened",
        ]), .order(grant(8)), .run(1), .expect(["refused(faultLatched)"]), .order(.reset(point0)),
        .run(8_000),
        .on([]), .state(.open), .expect(["accepted", "faultEnded(closingFailedTwice)"]),
      ]),
  Scenario(
    "the edge pressed while it opens",
    [
      .order(grant(7)), .run(2_500), .set(edge, true), .run(1), .on([stops, lamp]),
      .expect(["accepted", "opening(credential)", "obstruction(safetyEdge)", "noEntry(obstruction)"]),
      .run(501), .on([closes, lamp]), .state(.reversing), .set(edge, false), .run(1_998),
      .on([closes, lamp]),
      .run(3), .on([stops]), .run(8_000), .on([]), .state(.unknown), .expect([]),
    ]),
  Scenario(
    "two obstructions before a limit",
    [
      .order(grant(7)), .run(3_000), .set(edge, true), .run(10), .set(edge, false), .run(3_100),
      .order(.open(point0)), .run(1_000), .set(edge, true), .run(600), .fault(.obstructedTwice), .run(8_000),
      .on([]),
      .expect([
        "accepted", "opening(credential)", "obstruction(safetyEdge)", "noEntry(obstruction)", "accepted",
        "opening(operatorOrder)", "obstruction(safetyEdge)", "fault(obstructedTwice)",
      ]),
    ]),
  Scenario(
    "no going back onto somebody",
    [
      .order(grant(7)), .run(2_500), .set(beam, true), .set(edge, true), .run(600), .on([]), .run(5_000),
      .on([]),
    ]),
  Scenario(
    "the emergency stop",
    [
      .order(grant(7)), .run(1_000), .set(button, true), .run(1), .on([stops]), .state(.faulted),
      .fault(.emergencyStopPressed),
      .expect([
        "accepted", "opening(credential)", "fault(emergencyStopPressed)", "noEntry(emergencyStopPressed)",
      ]), .order(.reset(point0)), .order(.open(point0)), .run(1), .on([stops]),
      .expect(["refused(emergencyStopPressed)", "refused(emergencyStopPressed)"]), .set(button, false),
      .run(5_000), .on([stops]), .order(grant(8)), .run(1), .expect(["refused(emergencyStopPressed)"]),
      .order(.reset(point0)), .run(8_000), .on([]),
      .expect(["accepted", "faultEnded(emergencyStopPressed)"]), .order(grant(9)), .run(10), .on([opens]),
    ]),
  Scenario(
    "an emergency stop that is lost",
    [
      .order(grant(7)), .run(1_000), .lose(button), .run(1), .on([stops]), .state(.stopped), .run(5_000),
      .order(grant(8)), .run(1),
      .expect([
        "accepted", "opening(credential)", "inputLost", "noEntry(sensorLost)",
        "blocked(emergencyStopPressed)",
        "refused(emergencyStopPressed)",
      ]), .set(button, false), .run(8_000), .on([]), .expect(["inputReturned"]),
    ]),
  Scenario(
    "a fire while it closes",
    closing + [
      .set(fire, true), .run(1), .on([stops]), .state(.released),
      .expect(["emergencyStarted", "opening(emergencyPlan)"]), .run(501), .on([opens]), .run(5_000), .on([]),
      .expect(["opened"]), .set(fire, false), .order(.close(point0)), .run(1),
      .expect(["emergencyInputEnded", "refused(emergency)"]), .order(.resetEmergency(PlanIndex(0))),
      .run(8_000), .on([]), .state(.open), .expect(["accepted", "emergencyReset"]),
    ]),
  Scenario(
    "a fire waits for the emergency stop",
    [
      .set(button, true), .run(1), .set(fire, true), .run(1_000), .on([stops]), .set(button, false),
      .run(1_000), .on([stops]), .order(.reset(point0)), .run(600), .on([opens]),
    ]),
  Scenario(
    "a motor that does not start",
    [
      .plant(.jam(true)), .order(grant(7)), .run(1_002), .on([stops]), .fault(.notStarted),
      .expect(["accepted", "opening(credential)", "fault(notStarted)", "noEntry(notStarted)"]),
    ]),
  Scenario(
    "a travel that takes too long",
    [
      .order(grant(7)), .run(700), .plant(.jam(true)), .run(4_302), .fault(.tooSlow), .run(1_000), .on([]),
      .expect(["accepted", "opening(credential)", "fault(tooSlow)", "noEntry(tooSlow)"]),
    ]),
  Scenario(
    "moved by hand",
    [
      .plant(.put(700)), .run(1), .fault(.movedByHand), .expect(["fault(movedByHand)"]),
      .order(.close(point0)),
      .run(1), .on([]), .expect(["refused(positionUnknown)"]),
    ]),
  Scenario(
    "a test waits for the stop pulse",
    [
      .order(grant(7)), .run(1_500), .set(beam, true), .set(edge, true), .run(10), .set(edge, false), .run(1),
      .order(.setMaintenance(true)),
      .order(.testOutput(OutputIndex(opens), level: true, for: .milliseconds(100))), .run(1), .on([stops]),
      .expect([
        "accepted", "opening(credential)", "obstruction(safetyEdge)", "noEntry(obstruction)", "accepted",
        "maintenanceStarted", "refused(alreadyBusy)",
      ]),
    ]),
  Scenario(
    "a leaf that goes back shows it, out of service too",
    [
      .order(grant(7)), .run(2_500), .set(edge, true), .run(600), .order(.setOutOfService(point0, true)),
      .run(1), .state(.reversing), .run(3_000), .on([]), .state(.outOfService),
    ]),
  Scenario(
    "maintenance calls off a closing that has not begun",
    opened + [
      .order(.close(point0)), .run(100), .on([lamp]), .order(.setMaintenance(true)), .run(8_000), .on([]),
      .expect(["accepted", "accepted", "maintenanceStarted"]),
      .order(.testOutput(OutputIndex(lamp), level: true, for: .milliseconds(100))), .run(1), .on([lamp]),
      .run(100), .on([]), .order(.testOutput(OutputIndex(closes), level: true, for: .milliseconds(100))),
      .run(1), .on([closes]), .set(edge, true), .run(1), .on([]),
    ]),
]

@Test(arguments: scenarios) func aGate(_ scenario: Scenario) {
  scenario.play(site(), leaf: leaf(.held), prepare: prepare)
}

@Test func aPulsedGateStopsByItsStopOutput() {
  let rig = Rig(site { $0.style = .pulse })
  let leaf = leaf(.pulse)
  rig.plant = { leaf.move($0) }
  prepare(rig)
  rig.grant(7)
  rig.run(501)
  #expect(!rig[opens])
  rig.run(1_000)
  rig.set(button, true)
  rig.run(2)
  let stopped = leaf.position
  rig.run(5_000)
  #expect(leaf.position == stopped)
}

@Test func aPulsedGateWithoutStopDoesNotGoBack() {
  let rig = Rig(
    site {
      $0.style = .pulse
      $0.stop = nil
    })
  let leaf = leaf(.pulse)
  rig.plant = { leaf.move($0) }
  prepare(rig)
  rig.afterScan = { #expect(!$0[closes]) }
  rig.grant(7)
  rig.run(2_000)
  rig.set(edge, true)
  rig.run(3_000)
  #expect(rig.count(.obstruction) == 1)
}

@Test(arguments: [0, 2_000, 4_000]) func theStartMovesNoGate(_ position: Int) {
  let rig = Rig(site())
  let leaf = leaf(.held)
  leaf.suffer(.put(position))
  rig.plant = { leaf.move($0) }
  rig.afterScan = { rig in #expect((0..<4).allSatisfy { !rig[$0] }) }
  prepare(rig)
  rig.run(8_000)
  #expect(rig.log.isEmpty)
}
