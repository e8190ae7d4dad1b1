import ControlCore
import Testing

private func told(_ rig: Rig) -> [String] {
  rig.log.filter(Rig.isReaction).map {
    "\($0.point!.raw) \(Rig.word($0)) \($0.value)\($0.drill ? " drill" : "")"
  }
}

/// A barrier with an upper limit, a door with a contact, a door without, a gate with an emergency stop.
private func site() -> ControllerSetting {
  var barrier = BarrierSetting(raise: OutputIndex(0), lower: OutputIndex(1))
  barrier.up = InputIndex(0)
  barrier.down = InputIndex(1)
  var door = DoorSetting(lock: OutputIndex(2))
  door.contact = InputIndex(2)
  var gate = GateSetting(open: OutputIndex(4), close: OutputIndex(5))
  gate.emergencyStop = InputIndex(3)
  gate.travel = .seconds(2)
  let points = (0..<4).map { PointIndex($0) }
  return ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: 4),
    outputs: [OutputSetting](repeating: OutputSetting(), count: 6),
    points: [.barrier(barrier), .door(door), .door(DoorSetting(lock: OutputIndex(3))), .gate(gate)],
    emergencies: [
      EmergencySetting(kind: .fire, release: points), EmergencySetting(kind: .lockdown, lock: points),
      EmergencySetting(release: [PointIndex(0)], reaction: .milliseconds(400)),
    ])
}

private func start() -> Rig {
  let rig = Rig(site())
  for input in 0..<4 { rig.set(input, input == 1 || input == 2) }
  rig.run(5)
  rig.forget()
  return rig
}

@Test(arguments: [true, false]) func everyPointTellsWhenItHasFollowed(_ drill: Bool) {
  let rig = start()
  rig.order(.startEmergency(PlanIndex(0), drill: drill))
  rig.run(1)
  let mark = drill ? " drill" : ""
  #expect(
    told(rig) == ["1 pointReacted 0\(mark)", "2 pointReacted 0\(mark)"], "a lock follows in the same scan")
  rig.set(1, false)
  rig.run(1_199)
  rig.set(0, true)
  rig.run(1)
  #expect(told(rig).last == "0 pointReacted 1200\(mark)")
  rig.run(8_000)
  // A gate without a limit has followed when its travel is over.
  #expect(told(rig).count == 4 && told(rig).last?.hasPrefix("3 pointReacted 2") == true)
  #expect(
    rig.log.filter { $0.point != nil }.allSatisfy { $0.drill == drill }, "every record of a drill says so")
  rig.forget()
  rig.order(.resetEmergency(PlanIndex(0)))
  rig.run(1)
  #expect(rig.count(.locked) == 2 && rig.log.filter { $0.kind == .locked }.allSatisfy { $0.drill == drill })
  rig.forget()
  rig.order(.open(PointIndex(1)))
  rig.run(1)
  #expect(rig.first(.unlocked)?.drill == false, "and after it no more")
}

@Test func whatDoesNotFollowIsToldWithItsCause() {
  let rig = start()
  rig.set(3, true)
  rig.run(5)
  rig.forget()
  rig.order(.startEmergency(PlanIndex(0), drill: false))
  rig.run(2_000)
  rig.lose(0)
  rig.run(10_000)
  let words = told(rig)
  #expect(words.contains { $0.hasPrefix("3 pointNotReacted(emergencyStopPressed)") })
  #expect(words.contains { $0.hasPrefix("0 pointNotReacted(") && !$0.contains("(none)") })
  rig.forget()
  rig.set(0, true)
  rig.run(5)
  #expect(told(rig).count == 1 && told(rig)[0].hasPrefix("0 pointReacted 1200"), "late is told too")
}

@Test func aLockdownTellsWhatStandsOpen() {
  let rig = start()
  rig.set(2, false)
  rig.set(1, false)
  rig.set(0, true)
  rig.run(5)
  rig.forget()
  rig.order(.startEmergency(PlanIndex(1), drill: true))
  rig.run(4_000)
  let words = told(rig)
  #expect(words.contains("2 pointReacted 0 drill"))
  #expect(words.contains("1 pointNotReacted 2000 drill"), "the leaf stands open behind a locked bolt")
  #expect(words.contains { $0.hasPrefix("0 pointNotReacted") })
  rig.set(2, true)
  rig.run(1)
  #expect(told(rig).last?.hasPrefix("1 pointReacted 4") == true)
}

@Test func aPlanMaySetItsOwnLimitAndItsResetEndsTheMeasuring() {
  let rig = start()
  rig.order(.startEmergency(PlanIndex(2), drill: true))
  rig.run(500)
  #expect(told(rig) == ["0 pointNotReacted 400 drill"])
  rig.order(.resetEmergency(PlanIndex(2)))
  rig.run(1)
  rig.forget()
  rig.set(1, false)
  rig.set(0, true)
  rig.run(100)
  #expect(told(rig).isEmpty)
}

/// More points than one scan can tell of: the rest is told by the next ones, and none is lost.
@Test func aWholeHouseTellsOfEveryPoint() {
  let count = Limits.points
  let points = (0..<count).map { PointIndex($0) }
  let plan = EmergencySetting(release: points)
  let rig = Rig(
    ControllerSetting(
      outputs: [OutputSetting](repeating: OutputSetting(), count: count),
      points: points.map { .door(DoorSetting(lock: OutputIndex($0.position))) },
      emergencies: [EmergencySetting](repeating: plan, count: Limits.emergencyPlans)))
  for plan in 0..<Limits.emergencyPlans { rig.order(.startEmergency(PlanIndex(plan), drill: true)) }
  rig.run(100)
  #expect(rig.count(.pointReacted) == count * Limits.emergencyPlans)
  #expect(rig.count(.pointNotReacted) == 0 && rig.count(.overflow) == 0)
}
