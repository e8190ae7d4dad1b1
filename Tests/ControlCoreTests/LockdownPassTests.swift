import ControlCore
import Testing

/// A grant that passes a lockdown goes through it; every other one is refused as before.
struct LockdownPassTests {
  private static let passes = Command.Action.grant(
    PointIndex(0), Grant(passage: 8, side: .in, passesLockdown: true))
  private static let lockdown = Command.Action.startEmergency(PlanIndex(0), drill: false)

  private func door() -> Rig {
    var door = DoorSetting(lock: OutputIndex(0))
    door.contact = InputIndex(0)
    let rig = Rig(
      ControllerSetting(
        inputs: [InputSetting()], outputs: [OutputSetting()], points: [.door(door)],
        emergencies: [EmergencySetting(lock: [PointIndex(0)])]))
    rig.set(0, true)
    rig.run(2)
    rig.forget()
    return rig
  }

  @Test func aDoorUnlocksForItAndForNobodyElse() {
    let rig = door()
    rig.order(Self.lockdown)
    rig.run(1)
    rig.order(grant(7))
    rig.run(1)
    #expect(rig.words == ["accepted", "emergencyStarted", "refused(lockdown)"])
    #expect(!rig[0])
    rig.forget()
    rig.order(Self.passes)
    rig.run(100)
    #expect(rig.words == ["accepted", "unlocked(credential)"])
    #expect(rig[0])
    rig.order(grant(9))
    rig.run(1)
    rig.set(0, false)
    rig.run(10)
    rig.set(0, true)
    rig.run(10)
    #expect(!rig[0])
    #expect(rig.words.contains("refused(lockdown)"))
    #expect(rig.words.contains { $0.hasPrefix("passage") })
  }

  @Test func itsTimeEndsLikeAnyOther() {
    let rig = door()
    rig.order(Self.lockdown)
    rig.order(Self.passes)
    rig.run(4_900)
    #expect(rig[0])
    rig.run(200)
    #expect(!rig[0])
  }

  @Test func aLockdownEndsAGrantAndNotThatOne() {
    let plain = door()
    plain.order(grant(7))
    plain.run(10)
    plain.order(Self.lockdown)
    plain.run(2)
    #expect(!plain[0])
    let rig = door()
    rig.order(Self.passes)
    rig.run(10)
    rig.order(Self.lockdown)
    rig.run(2)
    #expect(rig[0])
  }

  @Test func aBarrierOpensForItAndForNobodyElse() {
    let rig = Rig(
      ControllerSetting(
        inputs: [], outputs: [OutputSetting(), OutputSetting()],
        points: [.barrier(BarrierSetting(raise: OutputIndex(0), lower: OutputIndex(1)))],
        emergencies: [EmergencySetting(lock: [PointIndex(0)])]))
    rig.run(2)
    rig.order(Self.lockdown)
    rig.order(grant(7))
    rig.run(1)
    #expect(rig.words.contains("refused(lockdown)"))
    #expect(!rig[0])
    rig.order(Self.passes)
    rig.run(1)
    #expect(rig[0])
  }
}
