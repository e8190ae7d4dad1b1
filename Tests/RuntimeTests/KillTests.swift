import Glibc
import Platform
import Testing

/// Whether the long run was asked for: `GATEHOUSE_SOAK=1`; `GATEHOUSE_KILLS=N` asks for so many cycles.
private let isSoak = unsafe getenv("GATEHOUSE_SOAK") != nil
private let kills = unsafe getenv("GATEHOUSE_KILLS").flatMap { unsafe Int(String(cString: $0)) }

/// SIGKILL at any moment, again and again: nothing that was answered as durable is lost, nothing stands twice.
@Suite(.serialized) struct KillTests {
  @Test func nothingAnsweredIsLostHoweverOftenTheControllerIsKilled() throws {
    let cycles = kills ?? (isSoak ? 10_000 : 100)
    var rig = try KillRig(seed: UInt64(WallClock.milliseconds()), disk: nil)
    for cycle in 1...cycles { try rig.run(cycle) }
    try rig.finish()
    print(rig.summary)
    #expect(rig.answered > cycles, "\(rig.summary)")
  }

  @Test(.enabled(if: MountedState.isPossible, "only root may mount the file system that this test fills"))
  func norWhereTheDiskIsFullNowAndThen() throws {
    let cycles = kills ?? (isSoak ? 1_000 : 15)
    var rig = try KillRig(seed: UInt64(WallClock.milliseconds()), disk: MountedState(megabytes: 6))
    for cycle in 1...cycles { try rig.run(cycle) }
    try rig.finish()
    print(rig.summary)
    #expect(rig.answered > cycles, "\(rig.summary)")
  }
}
