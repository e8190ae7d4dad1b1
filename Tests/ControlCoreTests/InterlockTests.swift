import ControlCore
import Testing

/// So many doors in one group; contact, then exit button of each; the last input is the fire panel.
private func doors(_ count: Int, atMost: Int = 1, wait: Interval = .zero) -> ControllerSetting {
  let points = (0..<count).map { position in
    var door = DoorSetting(lock: OutputIndex(position))
    door.contact = InputIndex(position * 2)
    door.exitButton = InputIndex(position * 2 + 1)
    return PointSetting.door(door)
  }
  let all = (0..<count).map { PointIndex($0) }
  return ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: count * 2 + 1),
    outputs: [OutputSetting](repeating: OutputSetting(), count: count), points: points,
    interlocks: [InterlockSetting(points: all, atMost: atMost, wait: wait)],
    emergencies: [
      EmergencySetting(inputs: [InputIndex(count * 2)], release: all),
      EmergencySetting(lock: all),
    ])
}

private func start(_ setting: ControllerSetting) -> Rig {
  let rig = Rig(setting)
  for input in setting.inputs.indices {
    rig.set(input, input.isMultiple(of: 2) && input < setting.inputs.count - 1)
  }
  rig.run(2)
  rig.forget()
  return rig
}

private func pass(_ door: Int, _ rig: Rig) {
  rig.set(door * 2, false)
  rig.run(10)
  rig.set(door * 2, true)
  rig.run(2)
}

@Test(arguments: [(2, 1), (3, 1), (3, 2), (8, 1), (8, 7), (4, 3)])
func ofAGroupAtMostSoManyOpen(_ count: Int, _ atMost: Int) {
  let rig = start(doors(count, atMost: atMost))
  for door in 0..<count { rig.grant(UInt64(door + 1), at: door) }
  rig.run(1)
  #expect((0..<count).count { rig[$0] } == atMost)
  #expect(rig.log.count { $0.kind == .refused && $0.cause == .interlock } == count - atMost)
  for door in 0..<count where rig.status(door).interlocked { #expect(!rig[door]) }
  // One is used and shut behind: one more may open, and only one.
  pass(0, rig)
  rig.forget()
  for door in atMost..<count { rig.grant(UInt64(door + 100), at: door) }
  rig.run(1)
  #expect(rig.count(.accepted) == 1)
}

@Test func aGrantWaitsForTheOtherDoor() {
  let rig = start(doors(3, wait: .seconds(4)))
  rig.grant(1, at: 0)
  rig.run(1)
  rig.grant(2, at: 1)
  rig.grant(3, at: 2)
  rig.run(1)
  #expect(
    rig.words == [
      "accepted", "unlocked(credential)", "blocked(interlock)", "accepted", "blocked(interlock)", "accepted",
    ])
  rig.forget()
  pass(0, rig)
  // The oldest first, the next when that is shut again.
  #expect(rig[1] && !rig[2])
  pass(1, rig)
  #expect(!rig[1] && rig[2])
  pass(2, rig)
  #expect(rig.log.filter { $0.kind == .passage }.map(\.passage) == [1, 2, 3])
  #expect(rig.count(.noEntry) == 0)
}

@Test func aGrantWaitsOnlySoLong() {
  let rig = start(doors(2, wait: .seconds(2)))
  rig.grant(1, at: 0)
  rig.run(1)
  rig.grant(2, at: 1, side: .out)
  rig.run(2_000)
  #expect(rig.count(.noEntry) == 0)
  rig.run(1)
  #expect(rig.first(.noEntry)?.passage == 2)
  #expect(rig.first(.noEntry)?.cause == .interlock)
  #expect(rig.first(.noEntry)?.side == .out)
  rig.run(10_000)
  #expect(!rig[1] && rig.count(.noEntry) == 2)
}

@Test(
  arguments: [
    (.startEmergency(PlanIndex(1), drill: false), .lockdown), (.setMaintenance(true), .maintenance),
    (.setOutOfService(PointIndex(1), true), .outOfService),
    (.startEmergency(PlanIndex(0), drill: true), .emergency),
  ] as [(Command.Action, Cause)])
func whatWaitsIsTakenBack(_ action: Command.Action, _ cause: Cause) {
  let rig = start(doors(2, wait: .seconds(60)))
  rig.set(0, false)
  rig.run(1)
  rig.grant(2, at: 1)
  rig.run(1)
  rig.order(action)
  rig.run(2)
  #expect(rig.first(.noEntry)?.cause == cause)
  rig.set(0, true)
  rig.run(10)
  #expect(rig.status(1).state != .unlocked)
}

@Test func moreGrantsThanMayWait() {
  let rig = start(doors(2, wait: .seconds(5)))
  rig.set(0, false)
  rig.run(1)
  for passage in 1...16 { rig.grant(UInt64(passage), at: 1) }
  rig.run(1)
  rig.grant(17, at: 1)
  rig.run(1)
  #expect(rig.count(.accepted) == 16)
  #expect(rig.first(.refused)?.cause == .interlock)
  rig.run(5_001)
  #expect(rig.count(.noEntry) == 16)
}

@Test func aDeniedWayOutIsTold() {
  let rig = start(doors(2))
  rig.set(0, false)
  rig.run(1)
  rig.forget()
  rig.set(3, true)
  rig.run(1)
  #expect(rig.words == ["exitRequested(exitButton)", "exitDenied(interlock)"])
  #expect(rig.first(.exitDenied)?.side == .out)
  // It does not open by itself behind: the button must be pressed anew.
  rig.set(0, true)
  rig.run(100)
  #expect(!rig[1])
}

@Test func aWayOutWaitsLikeAGrant() {
  let rig = start(doors(2, wait: .seconds(3)))
  rig.set(0, false)
  rig.run(1)
  rig.forget()
  rig.set(3, true)
  rig.run(1_000)
  #expect(rig.words == ["exitRequested(exitButton)", "blocked(interlock)"])
  rig.set(0, true)
  rig.run(2)
  #expect(rig[1])
  rig.set(3, false)
  pass(1, rig)
  rig.forget()
  rig.set(0, false)
  rig.run(1)
  rig.set(3, true)
  rig.run(3_002)
  #expect(rig.words.suffix(2) == ["blocked(interlock)", "exitDenied(interlock)"])
}

@Test func aReleaseKnowsNoInterlock() {
  let rig = start(doors(4))
  rig.grant(1, at: 0)
  rig.run(1)
  rig.set(8, true)
  rig.run(1)
  #expect((0..<4).allSatisfy { rig[$0] })
  rig.set(8, false)
  rig.run(1)
  rig.order(.resetEmergency(PlanIndex(0)))
  rig.run(1)
  #expect((0..<4).allSatisfy { !rig[$0] })
}

@Test func aPointOfTwoGroupsNeedsBoth() {
  var setting = doors(4)
  setting.interlocks = [[PointIndex(0), PointIndex(1)], [PointIndex(1), PointIndex(2), PointIndex(3)]]
  let rig = start(setting)
  rig.grant(1, at: 3)
  rig.run(1)
  rig.grant(2, at: 1)
  rig.grant(3, at: 0)
  rig.run(1)
  #expect(!rig[1] && rig[0] && rig[3])
}

@Test func theShortestWaitOfTheFullGroupsHolds() {
  var setting = doors(3)
  setting.interlocks = [
    InterlockSetting(points: [PointIndex(0), PointIndex(1)], wait: .seconds(9)),
    InterlockSetting(points: [PointIndex(0), PointIndex(2)]),
  ]
  let rig = start(setting)
  rig.set(2, false)
  rig.run(1)
  rig.grant(1, at: 0)
  rig.run(1)
  #expect(rig.count(.accepted) == 1)
  rig.set(4, false)
  rig.run(1)
  rig.grant(2, at: 0)
  rig.run(1)
  #expect(rig.first(.refused)?.cause == .interlock)
}
