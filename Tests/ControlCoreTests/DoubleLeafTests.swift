import ControlCore
import Testing

private let active = 0
private let passive = 1

private func site(_ relock: Relock = .onClose) -> ControllerSetting {
  var door = DoorSetting(lock: OutputIndex(0))
  door.contact = InputIndex(active)
  door.passiveContact = InputIndex(passive)
  door.relock = relock
  return ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: 2), outputs: [OutputSetting()],
    points: [.door(door)])
}

private func prepare(_ rig: Rig) {
  rig.set(active, true)
  rig.set(passive, true)
  rig.run(2)
}

private let scenarios = [
  Scenario(
    "shut only when both leaves are",
    [
      .order(grant(7)), .run(1), .set(active, false), .run(10), .set(passive, false), .run(10),
      .expect(["accepted", "unlocked(credential)", "opened(credential)", "passage(credential)"]),
      .set(active, true), .run(1_000), .state(.openDoor), .on([0]), .expect([]), .set(passive, true), .run(1),
      .on([]), .state(.locked), .expect(["closed", "locked(passageEnded)"]),
    ]),
  Scenario(
    "the passive leaf alone is forced",
    [.set(passive, false), .run(1), .expect(["forcedOpen"]), .state(.forced)]),
  Scenario(
    "one leaf lost and one open is an open door",
    [
      .lose(active), .run(1), .state(.unknown), .set(passive, false), .run(1),
      .expect(["inputLost", "forcedOpen"]),
    ]),
  Scenario(
    "one leaf lost is not known to be shut",
    [.lose(passive), .run(1), .state(.unknown), .set(passive, true), .run(1), .state(.locked)]),
]

@Test(arguments: scenarios) func aDoorOfTwoLeaves(_ scenario: Scenario) {
  scenario.play(site(), prepare: prepare)
}

@Test(arguments: [(true, false, passive), (false, true, active), (false, false, active)])
func anAlarmNamesTheLeaf(_ activeShut: Bool, _ passiveShut: Bool, _ named: Int) {
  let rig = Rig(site())
  prepare(rig)
  rig.order(.open(point0))
  rig.run(1)
  rig.set(active, activeShut)
  rig.set(passive, passiveShut)
  rig.run(30_001)
  #expect(rig.first(.heldWarning)?.input == InputIndex(named))
  #expect(rig.first(.heldOpen)?.input == InputIndex(named))
}

@Test func aForcedLeafIsNamed() {
  let rig = Rig(site())
  prepare(rig)
  rig.set(passive, false)
  rig.run(1)
  #expect(rig.first(.forcedOpen)?.input == InputIndex(passive))
}
