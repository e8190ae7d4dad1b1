import ControlCore
import Testing

/// Inputs of the door under test.
private let contact = 0
private let button = 1
private let tamper = 2
private let fire = 3

private func site(_ change: (inout DoorSetting) -> Void = { _ in }) -> ControllerSetting {
  var door = DoorSetting(lock: OutputIndex(0))
  door.contact = InputIndex(contact)
  door.exitButton = InputIndex(button)
  door.tamper = InputIndex(tamper)
  change(&door)
  return ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: 4), outputs: [OutputSetting()],
    points: [.door(door)],
    emergencies: [
      EmergencySetting(inputs: [InputIndex(fire)], release: [PointIndex(0)]),
      EmergencySetting(lock: [PointIndex(0)]),
    ])
}

/// Closed, nobody there.
private func prepare(_ rig: Rig) {
  rig.set(contact, true)
  for input in [button, tamper, fire] { rig.set(input, false) }
  rig.run(2)
}

private let open: Step = .set(contact, false)
private let close: Step = .set(contact, true)

private let scenarios = [
  Scenario(
    "a granted passage",
    [
      .on([]), .state(.locked), .order(grant(7)), .run(1), .on([0]), .state(.unlocked),
      .expect(["accepted", "unlocked(credential)"]), open, .run(1), .on([0]), .state(.openDoor),
      .expect(["opened(credential)", "passage(credential)"]), .run(1000), .expect([]), close, .run(1),
      .on([]),
      .state(.locked), .expect(["closed", "locked(passageEnded)"]),
    ]),
  Scenario(
    "a grant that nobody uses",
    [
      .order(grant(7)), .run(5000), .on([0]), .expect(["accepted", "unlocked(credential)"]), .run(1), .on([]),
      .expect(["locked"]), .run(500), .expect(["noEntry"]),
    ]),
  Scenario(
    "opened just after the lock fell",
    [
      .order(grant(7)), .run(5100), .on([]), open, .run(1),
      .expect([
        "accepted", "unlocked(credential)", "locked", "opened(credential)", "passage(credential)",
      ]), .on([]),
    ]),
  Scenario(
    "longer for those marked so",
    [
      .order(grant(7, extended: true)), .run(15_000), .on([0]), .run(1), .on([]),
    ]),
  Scenario(
    "the exit button",
    [
      .set(button, true), .run(1), .on([0]), .expect(["exitRequested(exitButton)", "unlocked(exitButton)"]),
      .set(button, false), .run(10), open, .run(1), .expect(["opened(exitButton)"]), close, .run(1), .on([]),
      .expect(["closed", "locked(passageEnded)"]),
    ]),
  Scenario(
    "an exit button that is lost and comes back pressed",
    [
      .lose(button), .run(10), .set(button, true), .run(10), .on([]),
      .expect(["inputLost", "inputReturned"]),
    ]),
  Scenario(
    "forced",
    [
      open, .run(1), .on([]), .state(.forced), .expect(["forcedOpen"]), .run(20_000), .expect([]), close,
      .run(1), .state(.locked), .expect(["closed"]),
    ]),
  Scenario(
    "forced while the contact's line was cut",
    [
      .lose(contact), .run(10), .state(.unknown), open, .run(1),
      .expect(["inputLost", "inputReturned", "forcedOpen"]),
    ]
  ),
  Scenario(
    "held open",
    [
      .order(grant(7)), .run(1), open, .run(25_000), .on([0]),
      .expect(["accepted", "unlocked(credential)", "opened(credential)", "passage(credential)"]), .run(1),
      .expect(["heldWarning"]), .run(4_999), .expect([]), .run(1), .state(.held), .expect(["heldOpen"]),
      .run(10_000), .expect([]), close, .run(1), .expect(["heldEnded", "closed", "locked(passageEnded)"]),
    ]),
  Scenario(
    "tampered with",
    [
      .set(tamper, true), .run(5), .expect(["tamper"]), .lose(tamper), .run(5), .expect(["inputLost"]),
      .set(tamper, false), .run(1), .expect(["inputReturned", "tamperEnded"]),
    ]),
  Scenario(
    "a fire",
    [
      .set(fire, true), .run(1), .on([0]), .state(.released),
      .expect(["emergencyStarted", "unlocked(emergencyPlan)"]), .set(fire, false),
      .run(20_000), .on([0]),
      .expect(["emergencyInputEnded"]), open, .run(1), close, .run(1), .on([0]),
      .expect(["opened(emergencyPlan)", "closed"]), .order(grant(7)), .order(.close(point0)), .run(1),
      .expect(["refused(emergency)", "refused(emergency)"]), .order(.resetEmergency(PlanIndex(0))), .run(1),
      .on([]), .expect(["accepted", "emergencyReset", "locked(emergencyPlan)"]),
    ]),
  Scenario(
    "a fire still burning is not reset",
    [
      .set(fire, true), .run(10), .order(.resetEmergency(PlanIndex(0))), .run(1), .on([0]),
      .expect(["emergencyStarted", "unlocked(emergencyPlan)", "refused(stillCalled)"]),
    ]),
  Scenario(
    "a fire outranks lockdown, maintenance and out of service",
    [
      .order(.startEmergency(PlanIndex(1), drill: false)), .order(.setMaintenance(true)),
      .order(.setOutOfService(point0, true)), .run(1), .on([]), .set(fire, true), .run(1), .on([0]),
    ]),
  Scenario(
    "lockdown",
    [
      .order(grant(7)), .run(1), .on([0]), .order(.startEmergency(PlanIndex(1), drill: false)), .run(1),
      .on([]),
      .expect([
        "accepted", "unlocked(credential)", "accepted", "emergencyStarted", "noEntry(lockdown)",
        "locked(lockdown)",
      ]), .order(grant(8)), .order(.open(point0)), .run(1), .on([]),
      .expect(["refused(lockdown)", "refused(lockdown)"]), .set(button, true), .run(1), .on([0]),
      .expect(["exitRequested(exitButton)", "unlocked(exitButton)"]),
    ]),
  Scenario(
    "out of service",
    [
      .order(.setOutOfService(point0, true)), .run(1), .state(.outOfService), .order(grant(7)), .run(1),
      .on([]), .expect(["accepted", "outOfService", "refused(outOfService)"]), .set(button, true), .run(1),
      .on([0]),
    ]),
  Scenario(
    "maintenance",
    [
      .order(.setMaintenance(true)), .order(grant(7)), .run(1), .on([]),
      .expect(["accepted", "maintenanceStarted", "refused(maintenance)"]),
      .order(.testOutput(OutputIndex(0), level: true, for: .milliseconds(500))), .run(500), .on([0]), .run(1),
      .on([]), .expect(["accepted", "outputTested"]), .set(button, true), .run(1), .on([0]),
    ]),
  Scenario(
    "two grants, two openings",
    [
      .order(grant(7)), .run(1), .order(grant(8)), .run(1), open, .run(10), close, .run(10), .on([0]), open,
      .run(10), close, .run(1), .on([]),
      .expect([
        "accepted", "unlocked(credential)", "accepted", "unlocked(credential)", "opened(credential)",
        "passage(credential)", "closed", "opened(credential)", "passage(credential)", "closed",
        "locked(passageEnded)",
      ]),
    ]),
  Scenario(
    "locked by order",
    [
      .order(.open(point0)), .run(1), .on([0]), .expect(["accepted", "unlocked(operatorOrder)"]),
      .order(.close(point0)), .run(1), .on([]), .expect(["accepted", "locked(operatorOrder)"]),
    ]),
]

@Test(arguments: scenarios) func aDoor(_ scenario: Scenario) {
  scenario.play(site(), prepare: prepare)
}

@Test func aMagnetHoldsFromTheFirstScan() {
  let rig = Rig(site { $0.fail = .safe })
  rig.scan()
  #expect(rig[0])
  prepare(rig)
  rig.grant(7)
  rig.scan()
  #expect(!rig[0])
  rig.run(5_000)
  #expect(rig[0])
  rig.set(fire, true)
  rig.scan()
  #expect(!rig[0])
}

@Test(arguments: [
  (Relock.onOpen, false, false), (.onClose, true, false), (.onTime, true, true),
])
func aDoorRelocks(_ relock: Relock, whenOpen: Bool, whenClosed: Bool) {
  let rig = Rig(site { $0.relock = relock })
  prepare(rig)
  rig.grant(7)
  rig.run(1)
  rig.set(contact, false)
  rig.run(1)
  #expect(rig[0] == whenOpen)
  rig.set(contact, true)
  rig.run(1)
  #expect(rig[0] == whenClosed)
  rig.run(5_000)
  #expect(!rig[0])
}

@Test func thePassageCarriesItsGrant() {
  let rig = Rig(site())
  prepare(rig)
  rig.grant(41, side: .out)
  rig.run(1)
  rig.set(contact, false)
  rig.run(1)
  #expect(rig.first(.passage)?.passage == 41)
  #expect(rig.first(.passage)?.side == .out)
  #expect(rig.status().cycles == 1)
}
