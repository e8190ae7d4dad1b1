import ControlCore
import Testing

/// Inputs of the door under test.
private let contact = 0
private let bond = 1
private let bolt = 2
private let fire = 3

/// A magnet with its bond, and a motor lock with the switch on its bolt.
private func site(_ fail: FailMode) -> ControllerSetting {
  var door = DoorSetting(lock: OutputIndex(0))
  door.fail = fail
  door.contact = InputIndex(contact)
  if fail == .safe { door.bond = InputIndex(bond) } else { door.lockPosition = InputIndex(bolt) }
  door.lockFeedback = .seconds(1)
  return ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: 4), outputs: [OutputSetting()],
    points: [.door(door)],
    emergencies: [EmergencySetting(inputs: [InputIndex(fire)], release: [PointIndex(0)])])
}

private func prepare(_ rig: Rig) {
  for input in [contact, bond, bolt] { rig.set(input, true) }
  rig.set(fire, false)
  rig.run(2)
}

private func play(_ scenario: Scenario, _ fail: FailMode) {
  scenario.play(site(fail), prepare: prepare)
}

private let magnets = [
  Scenario(
    "a magnet that holds nothing is a fault, and nothing is claimed unlocked",
    [
      .on([0]), .set(bond, false), .run(1_000), .expect([]), .state(.locked), .run(1),
      .expect(["fault(notLocked)"]),
      .fault(.notLocked), .state(.faulted), .on([0]), .run(20_000), .expect([]), .set(bond, true), .run(1),
      .expect(["faultEnded(notLocked)"]), .state(.locked), .fault(.none),
    ]),
  Scenario(
    "a bond that flickers is no fault",
    [.set(bond, false), .run(900), .set(bond, true), .run(1), .set(bond, false), .run(900), .expect([])]),
  Scenario(
    "a passage through a magnet that works",
    [
      .order(grant(7)), .run(1), .set(bond, false), .run(10), .set(contact, false), .run(3_000),
      .set(contact, true), .run(500), .set(bond, true), .run(5_000), .on([0]), .fault(.none),
      .expect([
        "accepted", "unlocked(credential)", "opened(credential)", "passage(credential)", "closed",
        "locked(passageEnded)",
      ]),
    ]),
  Scenario(
    "a magnet that does not let go",
    [
      .order(grant(7)), .run(1_002), .fault(.notUnlocked), .state(.faulted),
      .expect(["accepted", "unlocked(credential)", "fault(notUnlocked)"]), .run(5_000),
      .expect(["locked", "noEntry"]), .fault(.notUnlocked), .set(bond, false), .run(1),
      .expect(["faultEnded(notUnlocked)"]),
    ]),
  Scenario(
    "a magnet that does not let go in a fire",
    [
      .set(fire, true), .run(1_002), .on([]), .state(.released), .fault(.notUnlocked),
      .expect(["emergencyStarted", "unlocked(emergencyPlan)", "fault(notUnlocked)"]),
    ]),
  Scenario(
    "a bond at an open door lies",
    [
      .set(contact, false), .run(1_001), .expect(["forcedOpen", "fault(sensorStuck)"]), .set(bond, false),
      .run(1),
      .expect(["faultEnded(sensorStuck)"]),
    ]),
  Scenario(
    "a bond that is lost says nothing",
    [.lose(bond), .run(5_000), .expect(["inputLost"]), .fault(.none)]),
  Scenario(
    "a contact that is lost leaves the bond without a judge",
    [.lose(contact), .set(bond, false), .run(5_000), .expect(["inputLost"]), .fault(.none)]),
  Scenario(
    "a technician's test of the magnet is no fault",
    [
      .order(.setMaintenance(true)), .order(.testOutput(OutputIndex(0), level: false, for: .seconds(5))),
      .run(1),
      .set(bond, false), .run(4_990), .expect(["accepted", "maintenanceStarted", "accepted"]),
      .set(bond, true),
      .run(2_000), .expect(["outputTested"]),
    ]),
  Scenario(
    "a person's reset ends it until it is seen again",
    [
      .set(bond, false), .run(1_001), .expect(["fault(notLocked)"]), .order(.reset(point0)), .run(1),
      .expect(["accepted", "faultEnded(notLocked)"]), .run(1_001), .expect(["fault(notLocked)"]),
    ]),
]

@Test(arguments: magnets) func aMagnetIsWatched(_ scenario: Scenario) {
  play(scenario, .safe)
}

private let bolts = [
  Scenario(
    "a bolt that is not thrown",
    [.set(bolt, false), .run(1_001), .expect(["fault(notLocked)"]), .state(.faulted)]),
  Scenario(
    "a bolt that is not drawn",
    [
      .order(.open(point0)), .run(1_002),
      .expect(["accepted", "unlocked(operatorOrder)", "fault(notUnlocked)"]),
    ]),
  Scenario(
    "a bolt may be thrown in an open door",
    [
      .order(.open(point0)), .run(1), .set(bolt, false), .run(10), .set(contact, false), .run(1),
      .set(bolt, true),
      .order(.close(point0)), .run(3_000), .fault(.none), .state(.openDoor),
    ]),
]

@Test(arguments: bolts) func aBoltIsWatched(_ scenario: Scenario) {
  play(scenario, .secure)
}

@Test func aFaultNamesItsSensor() {
  let rig = Rig(site(.safe))
  prepare(rig)
  rig.set(bond, false)
  rig.run(1_001)
  #expect(rig.first(.fault)?.input == InputIndex(bond))
}

/// A door that is not known to be held counts as open for its airlock.
@Test(arguments: [FailMode.safe, .secure]) func aDoorWithoutItsHoldKeepsItsGroup(_ fail: FailMode) {
  var setting = site(fail)
  setting.outputs.append(OutputSetting())
  setting.points.append(.door(DoorSetting(lock: OutputIndex(1))))
  setting.interlocks = [[PointIndex(0), PointIndex(1)]]
  let rig = Rig(setting)
  prepare(rig)
  rig.set(fail == .safe ? bond : bolt, false)
  rig.grant(1, at: 1)
  rig.run(1)
  #expect(rig.first(.refused)?.cause == .interlock)
  rig.lose(fail == .safe ? bond : bolt)
  rig.grant(2, at: 1)
  rig.run(1)
  #expect(rig.count(.refused) == 2)
  rig.set(fail == .safe ? bond : bolt, true)
  rig.grant(3, at: 1)
  rig.run(1)
  #expect(rig.count(.accepted) == 1)
}
