import ControlCore
import Testing

/// Inputs of the door under test.
private let contact = 0
private let button = 1
private let fire = 2

private func site(_ change: (inout DoorSetting) -> Void = { _ in }) -> ControllerSetting {
  var door = DoorSetting(lock: OutputIndex(0))
  door.contact = InputIndex(contact)
  door.exitButton = InputIndex(button)
  change(&door)
  return ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: 3), outputs: [OutputSetting()],
    points: [.door(door)],
    emergencies: [
      EmergencySetting(inputs: [InputIndex(fire)], release: [PointIndex(0)]),
      EmergencySetting(lock: [PointIndex(0)]),
    ])
}

private func prepare(_ rig: Rig) {
  rig.set(contact, true)
  rig.set(button, false)
  rig.set(fire, false)
  rig.run(2)
}

private func begins(_ access: DoorAccess) -> [Step] {
  let word = access == .free ? "freeAccess" : "officeMode"
  return [
    .order(.setAccess(point0, access)), .run(1), .on([0]), .state(.unlocked),
    .expect(["accepted", word, "unlocked(\(word))"]),
  ]
}

private let open: Step = .set(contact, false)
private let close: Step = .set(contact, true)
private let lockdown: Step = .order(.startEmergency(PlanIndex(1), drill: false))
private let endLockdown: Step = .order(.resetEmergency(PlanIndex(1)))

private let scenarios = [
  Scenario(
    "free for all until the schedule ends",
    begins(.free) + [
      .run(20_000), .on([0]), open, .run(10), close, .run(10), open, .run(10), close, .run(10), .on([0]),
      .expect(["opened(freeAccess)", "closed", "opened(freeAccess)", "closed"]),
      .order(.setAccess(point0, .controlled)), .run(1), .on([]), .state(.locked),
      .expect(["accepted", "freeAccessEnded", "locked"]), .run(501), open, .run(1), .state(.forced),
    ]),
  Scenario(
    "it ends while somebody stands in the door: locked by its closing",
    begins(.free) + [
      open, .run(10), .order(.setAccess(point0, .controlled)), .run(1), .on([0]), close, .run(1), .on([]),
      .expect(["opened(freeAccess)", "accepted", "freeAccessEnded", "closed", "locked(passageEnded)"]),
    ]),
  Scenario(
    "it ends while a grant runs: the grant keeps its time",
    begins(.free) + [
      .order(grant(7)), .run(1), .order(.setAccess(point0, .controlled)), .run(1), .on([0]), .run(5_000),
      .on([]),
      .expect(["accepted", "unlocked(credential)", "accepted", "freeAccessEnded", "locked"]), .run(500),
      .expect(["noEntry"]),
    ]),
  Scenario(
    "grants that nobody uses do not gather",
    begins(.free) + [
      .order(grant(7)), .run(5_501), .expect(["accepted", "unlocked(credential)", "noEntry"]), .on([0]),
    ]),
  Scenario(
    "a passage is known in free access too",
    begins(.free) + [
      .order(grant(7)), .run(1), open, .run(1),
      .expect(["accepted", "unlocked(credential)", "opened(credential)", "passage(credential)"]),
    ]),
  Scenario(
    "lockdown ends it for good",
    begins(.free) + [
      lockdown, .run(1), .on([]),
      .expect(["accepted", "emergencyStarted", "freeAccessEnded(lockdown)", "locked(lockdown)"]),
      .order(.setAccess(point0, .free)), .run(1), .on([]), .expect(["refused(lockdown)"]), endLockdown,
      .run(10_000),
      .on([]), .expect(["accepted", "emergencyReset"]),
    ]),
  Scenario(
    "lockdown ends office mode as well",
    begins(.office) + [
      lockdown, .run(1), .on([]),
      .expect(["accepted", "emergencyStarted", "officeModeEnded(lockdown)", "locked(lockdown)"]),
    ]),
  Scenario(
    "a fire goes before it and leaves it standing",
    begins(.free) + [
      .set(fire, true), .run(1), .on([0]), .state(.released),
      .expect(["emergencyStarted", "unlocked(emergencyPlan)"]),
      .set(fire, false), .run(1), .order(.resetEmergency(PlanIndex(0))), .run(1), .on([0]), .state(.unlocked),
      .expect(["emergencyInputEnded", "accepted", "emergencyReset"]), .order(.setAccess(point0, .controlled)),
      .run(1),
      .on([]), .expect(["accepted", "freeAccessEnded", "locked"]),
    ]),
  Scenario(
    "one that ended in a fire is not free behind it",
    begins(.free) + [
      .set(fire, true), .run(1), .order(.setAccess(point0, .controlled)), .run(1), .on([0]),
      .set(fire, false), .run(1),
      .order(.resetEmergency(PlanIndex(0))), .run(1), .on([]),
    ]),
  Scenario(
    "a lockdown behind a fire ends it in the scan of the reset",
    begins(.free) + [
      .order(.setPropped(point0, true)), .run(1), .set(fire, true), .run(1), lockdown, .set(fire, false),
      .run(1),
      .on([0]),
      .order(.resetEmergency(PlanIndex(0))), .run(1), .on([]),
      .expect([
        "accepted", "propped", "emergencyStarted", "unlocked(emergencyPlan)", "emergencyInputEnded",
        "accepted",
        "emergencyStarted", "accepted", "emergencyReset", "freeAccessEnded(lockdown)",
        "proppedEnded(lockdown)",
        "locked(emergencyPlan)",
      ]),
    ]),
  Scenario(
    "none begins in a fire",
    [
      .set(fire, true), .run(1), .order(.setAccess(point0, .free)), .run(1),
      .expect(["emergencyStarted", "unlocked(emergencyPlan)", "refused(emergency)"]),
    ]
  ),
  Scenario(
    "out of service ends it",
    begins(.free) + [
      .order(.setOutOfService(point0, true)), .run(1), .on([]), .order(.setAccess(point0, .free)), .run(1),
      .expect([
        "accepted", "outOfService", "freeAccessEnded(outOfService)", "locked(outOfService)",
        "refused(outOfService)",
      ]),
    ]),
  Scenario(
    "maintenance ends it",
    begins(.office) + [
      .order(.setMaintenance(true)), .run(1), .on([]),
      .expect(["accepted", "maintenanceStarted", "officeModeEnded(maintenance)", "locked(maintenance)"]),
      .order(.setMaintenance(false)), .run(1_000), .on([]),
    ]),
  Scenario(
    "an operator locks the door",
    begins(.free) + [
      .order(.close(point0)), .run(1), .on([]),
      .expect(["accepted", "freeAccessEnded(operatorOrder)", "locked(operatorOrder)"]),
    ]),
  Scenario(
    "who has pressed the exit button gets out of a lockdown",
    begins(.free) + [
      .set(button, true), .run(1), lockdown, .run(1), .on([0]), .run(5_000), .on([]),
      .expect([
        "exitRequested(exitButton)", "accepted", "emergencyStarted", "freeAccessEnded(lockdown)", "locked",
      ]),
    ]),
  Scenario(
    "office mode becomes free access without being locked between",
    begins(.office) + [
      .order(.setAccess(point0, .free)), .run(1), .on([0]),
      .expect(["accepted", "officeModeEnded", "freeAccess"]),
    ]),
  Scenario(
    "propped open: no alarm while it may stand open",
    [
      .order(.setPropped(point0, true)), .order(.open(point0)), .run(1), open, .run(40_000),
      .expect(["accepted", "propped", "accepted", "unlocked(operatorOrder)", "opened(operatorOrder)"]),
      .state(.openDoor),
      .order(.setPropped(point0, false)), .run(25_000), .expect(["accepted", "proppedEnded"]), .run(5_001),
      .expect(["heldWarning", "heldOpen"]),
    ]),
  Scenario(
    "propped while the alarm stands ends it",
    [
      .order(.open(point0)), .run(1), open, .run(30_001), .state(.held), .order(.setPropped(point0, true)),
      .run(1),
      .state(.openDoor),
      .expect([
        "accepted", "unlocked(operatorOrder)", "opened(operatorOrder)", "heldWarning", "heldOpen", "accepted",
        "propped",
        "heldEnded",
      ]),
    ]),
  Scenario(
    "propped ends under lockdown",
    [
      .order(.setPropped(point0, true)), .run(1), lockdown, .run(1),
      .expect(["accepted", "propped", "accepted", "emergencyStarted", "proppedEnded(lockdown)"]),
    ]),
  Scenario(
    "propped hides no forcing",
    [
      .order(.setPropped(point0, true)), .run(1), open, .run(1),
      .expect(["accepted", "propped", "forcedOpen"]),
    ]),
]

@Test(arguments: scenarios) func aDoorForAll(_ scenario: Scenario) {
  scenario.play(site(), prepare: prepare)
}

@Test(arguments: Relock.allOfThem) func freeAccessOutlastsEveryRelock(_ relock: Relock) {
  let rig = Rig(site { $0.relock = relock })
  prepare(rig)
  rig.order(.setAccess(point0, .free))
  rig.run(1)
  for _ in 0..<3 {
    rig.set(contact, false)
    rig.run(100)
    #expect(rig[0])
    rig.set(contact, true)
    rig.run(10_000)
    #expect(rig[0])
  }
  #expect(rig.status().access == .free)
}

extension Relock {
  fileprivate static var allOfThem: [Relock] { [.onOpen, .onClose, .onTime] }
}

@Test func onlyADoorHasModes() {
  let barrier = BarrierSetting(raise: OutputIndex(0), lower: OutputIndex(1))
  let rig = Rig(
    ControllerSetting(
      outputs: [OutputSetting](repeating: OutputSetting(), count: 2), points: [.barrier(barrier)]))
  for point in [0, 1, 63] {
    rig.order(.setAccess(PointIndex(point), .free))
    rig.order(.setPropped(PointIndex(point), true))
  }
  rig.run(1)
  #expect(rig.log.count == 6 && rig.log.allSatisfy { $0.kind == .refused && $0.cause == .badArgument })
}

@Test func theExitButtonOfALockdownThatForbidsIt() {
  let rig = Rig(site { $0.exitInLockdown = false })
  prepare(rig)
  rig.set(button, true)
  rig.run(1)
  #expect(rig[0])
  rig.order(.startEmergency(PlanIndex(1), drill: false))
  rig.run(1)
  #expect(!rig[0])
  rig.set(button, false)
  rig.run(1)
  rig.forget()
  rig.set(button, true)
  rig.run(1)
  #expect(!rig[0])
  #expect(rig.words == ["exitRequested(exitButton)", "exitDenied(lockdown)"])
  // A fire lets everybody out, whatever the site forbids.
  rig.set(fire, true)
  rig.run(1)
  #expect(rig[0])
}
