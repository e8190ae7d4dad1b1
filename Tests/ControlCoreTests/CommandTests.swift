import ControlCore
import Testing

/// Doors 0 and 1 in an interlock, door 2 apart; contacts 0, 1, 2, exit buttons 3, 4, 5, fire 6.
private func doors() -> ControllerSetting {
  let points = (0..<3).map { position in
    var door = DoorSetting(lock: OutputIndex(position))
    door.contact = InputIndex(position)
    door.exitButton = InputIndex(position + 3)
    return PointSetting.door(door)
  }
  return ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: 7),
    outputs: [OutputSetting](repeating: OutputSetting(), count: 4), points: points,
    interlocks: [[PointIndex(0), PointIndex(1)]],
    emergencies: [
      EmergencySetting(inputs: [InputIndex(6)], lostCounts: true, release: [PointIndex(0), PointIndex(1)]),
      EmergencySetting(release: [PointIndex(1)]),
    ])
}

private func start(_ setting: ControllerSetting = doors()) -> Rig {
  let rig = Rig(setting)
  for input in 0..<7 { rig.set(input, input < 3) }
  rig.run(2)
  rig.forget()
  return rig
}

@Test func staleAndFutureCommandsMoveNothing() {
  let actions: [Command.Action] = [
    grant(1), .open(point0), .close(point0), .reset(point0), .setOutOfService(point0, true),
    .startEmergency(PlanIndex(0), drill: false), .resetEmergency(PlanIndex(0)), .setMaintenance(true),
    .testOutput(OutputIndex(3), level: true, for: .seconds(1)),
  ]
  for action in actions {
    let rig = start()
    rig.run(10)
    let now = rig.now + .milliseconds(1)
    rig.order(action, expires: now)
    rig.order(action, issued: now + .milliseconds(1_001))
    rig.run(1)
    #expect(rig.words == ["refused(stale)", "refused(stale)"], "\(action)")
    #expect((0..<4).allSatisfy { !rig[$0] }, "\(action)")
    rig.order(action, issued: now + .seconds(1), expires: now + .milliseconds(2))
    rig.run(1)
    #expect(rig.log.last?.cause != .stale, "\(action)")
  }
}

@Test(
  arguments: [
    grant(1, at: 3), .open(PointIndex(64)), .close(PointIndex(500)), .reset(PointIndex(3)),
    .setOutOfService(PointIndex(3), true), .startEmergency(PlanIndex(2), drill: true),
    .resetEmergency(PlanIndex(16)),
  ] as [Command.Action]) func placesThatAreNotThere(_ action: Command.Action)
{
  let rig = start()
  rig.order(action)
  rig.run(1)
  #expect(rig.words == ["refused(badArgument)"])
}

@Test func answersCarryTheToken() {
  let rig = start()
  let one = rig.order(.open(point0))
  let two = rig.order(.open(PointIndex(1)))
  rig.run(1)
  #expect(rig.first(.accepted)?.token == one)
  #expect(rig.first(.refused)?.token == two)
  #expect(rig.first(.refused)?.cause == .interlock)
}

@Test func oneDoorOfAGroupAtATime() {
  let rig = start()
  rig.grant(1, at: 0)
  rig.grant(2, at: 1)
  rig.grant(3, at: 2)
  rig.run(1)
  #expect(rig.count(.accepted) == 2)
  #expect(rig.first(.refused)?.cause == .interlock)
  #expect(rig[0] && !rig[1] && rig[2])
  // Used, open and locked behind: the other still waits for the leaf.
  rig.set(0, false)
  rig.run(10)
  rig.forget()
  rig.set(4, true)
  rig.run(1)
  #expect(rig.words == ["exitRequested(exitButton)", "exitDenied(interlock)"])
  rig.set(0, true)
  rig.run(1)
  rig.forget()
  rig.grant(4, at: 1)
  rig.run(1)
  #expect(rig[1])
}

@Test func aDoorThatCannotBeSeenHoldsItsGroup() {
  let rig = start()
  rig.lose(0)
  rig.run(1)
  rig.grant(1, at: 1)
  rig.run(1)
  #expect(rig.first(.refused)?.cause == .interlock)
}

@Test func anEmergencyOverridesTheInterlock() {
  let rig = start()
  rig.grant(1, at: 0)
  rig.run(1)
  rig.order(.startEmergency(PlanIndex(0), drill: true))
  rig.run(1)
  #expect(rig[0] && rig[1] && !rig[2])
  #expect(rig.log.filter { $0.kind == .unlocked && $0.cause == .emergencyPlan }.allSatisfy { $0.drill })
  #expect(rig.emergency() == (active: true, drill: true))
  #expect(rig.status().released)
}

@Test func aRealCallEndsADrill() {
  let rig = start()
  rig.order(.startEmergency(PlanIndex(0), drill: true))
  rig.run(1)
  rig.set(6, true)
  rig.run(1)
  #expect(rig.emergency() == (active: true, drill: false))
  #expect(rig.log.last { $0.kind == .emergencyStarted }?.input == InputIndex(6))
  rig.order(.startEmergency(PlanIndex(0), drill: true))
  rig.run(1)
  #expect(rig.emergency() == (active: true, drill: false))
}

@Test func aLostWireCallsOnlyAfterItWasLost() {
  // Never read is no loss: a start calls nothing.
  let rig = Rig(doors())
  rig.run(100)
  #expect(rig.log.isEmpty)
  rig.image.quality[6] = .bad
  rig.run(1)
  #expect(
    rig.words == [
      "inputLost", "emergencyStarted", "unlocked(emergencyPlan)", "unlocked(emergencyPlan)",
    ])
}

@Test func twoPlansOneDoor() {
  let rig = start()
  rig.order(.startEmergency(PlanIndex(0), drill: false))
  rig.order(.startEmergency(PlanIndex(1), drill: false))
  rig.run(1)
  rig.order(.resetEmergency(PlanIndex(0)))
  rig.run(1)
  #expect(!rig[0] && rig[1])
  rig.order(.resetEmergency(PlanIndex(1)))
  rig.run(1)
  #expect(!rig[1])
}

@Test func aPlanHoldsOverARestart() {
  var setting = doors()
  setting.emergencies[0].startsActive = true
  let rig = Rig(setting)
  rig.scan()
  #expect(rig[0] && rig[1])
  #expect(rig.emergency().active)
  rig.run(10)
  rig.order(.resetEmergency(PlanIndex(0)))
  rig.run(1)
  #expect(!rig[0] && !rig[1])
}

/// An arm and a gate that a plan released before the start: its open limit is there, or not, or says so.
private func released(withLimits: Bool) -> ControllerSetting {
  var barrier = BarrierSetting(raise: OutputIndex(0), lower: OutputIndex(1))
  var gate = GateSetting(open: OutputIndex(2), close: OutputIndex(3))
  if withLimits {
    barrier.up = InputIndex(0)
    gate.openLimit = InputIndex(1)
  }
  return ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(debounce: .milliseconds(20)), count: 2),
    outputs: [OutputSetting](repeating: OutputSetting(), count: 4), points: [.barrier(barrier), .gate(gate)],
    emergencies: [EmergencySetting(release: [PointIndex(0), PointIndex(1)], startsActive: true)])
}

@Test(
  arguments: [(true, true, false), (true, nil, false), (false, nil, false), (true, false, true)]
    as [(Bool, Bool?, Bool)])
func aRestartOpensOnlyWhatIsNotOpen(_ withLimits: Bool, _ open: Bool?, _ moves: Bool) {
  let rig = Rig(released(withLimits: withLimits))
  if let open {
    rig.set(0, open)
    rig.set(1, open)
  }
  var moved: Set<Int> = []
  rig.afterScan = { rig in moved.formUnion((0..<4).filter { rig[$0] }) }
  rig.run(15)
  #expect(moved.isEmpty, "nothing is believed before the debounce")
  rig.run(60)
  #expect(moved == (moves ? [0, 2] : []))
  rig.order(.resetEmergency(PlanIndex(0)))
  rig.run(20)
  rig.order(.startEmergency(PlanIndex(0), drill: false))
  rig.run(30)
  #expect(moved == (open == true ? [] : [0, 2]), "a new one does not wait for a limit")
}

@Test func aFreeOutputKeepsItsSafeLevel() {
  var setting = doors()
  setting.outputs[3].safe = true
  let rig = start(setting)
  #expect(rig[3])
  rig.order(.setMaintenance(true))
  rig.order(.testOutput(OutputIndex(3), level: false, for: .milliseconds(5)))
  rig.run(5)
  #expect(!rig[3])
  rig.run(1)
  #expect(rig[3])
}

@Test func tooManyEventsAreCounted() {
  let setting = ControllerSetting(inputs: [InputSetting](repeating: InputSetting(), count: 512))
  let rig = Rig(setting)
  for input in 0..<512 { rig.set(input, true) }
  rig.run(1)
  for input in 0..<512 { rig.lose(input) }
  rig.run(1)
  #expect(rig.log.count == Limits.eventsOfScan)
  #expect(rig.log.last?.kind == .overflow)
  #expect(rig.log.last?.value == UInt64(512 - 255))
}

@Test func aChangeMustHold() {
  let setting = ControllerSetting(inputs: [InputSetting(debounce: .milliseconds(20))])
  let rig = Rig(setting)
  #expect(rig.sensed(0) == (level: false, quality: .unknown))
  rig.set(0, true)
  rig.run(20)
  #expect(rig.sensed(0).quality == .unknown)
  rig.run(1)
  #expect(rig.sensed(0) == (level: true, quality: .good))
  rig.set(0, false)
  rig.run(20)
  rig.set(0, true)
  rig.run(30)
  #expect(rig.sensed(0).level)
  rig.lose(0)
  rig.run(5)
  #expect(rig.sensed(0).quality == .bad)
  rig.set(0, false)
  rig.run(20)
  #expect(rig.words == ["inputLost"])
  rig.run(1)
  #expect(rig.words == ["inputLost", "inputReturned"])
  #expect(rig.sensed(0) == (level: false, quality: .good))
}

@Test func fullQueues() {
  let rig = start()
  rig.grant(1)
  rig.run(1)
  for passage in 2...9 { rig.grant(UInt64(passage)) }
  rig.run(1)
  #expect(rig.count(.accepted) == 8)
  #expect(rig.first(.refused)?.cause == .alreadyBusy)
  rig.run(6_000)
  #expect(rig.count(.noEntry) == 8)
}
