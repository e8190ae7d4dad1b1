import ControlCore
import GPIODriver
import Messages
import Platform
import Site
import Testing

@testable import Runtime

/// Counts and learned travels are kept over a restart, written seldom, and reset by a person.
@Suite(.serialized) struct WearTests {
  private func site() throws -> SiteDescription {
    try SiteFile.read(Array(BenchSites.simulated.utf8), path: "site.json5", profiles: nil)
  }

  private func worn(_ file: WearFile) -> KnownWear {
    var wear = file.nothing
    wear.points[0].cycles = 41_000
    wear.points[0].reversals = 7
    wear.points[0].tailgates = 3
    wear.points[0].opening.count = 20
    wear.points[0].opening.total = .milliseconds(28_123)
    wear.points[0].closing.count = 3
    wear.points[0].closing.total = .milliseconds(4_200)
    wear.operations[1] = 90_001
    return wear
  }

  @Test func aFileGivesBackWhatWasWritten() throws {
    let directory = try TemporaryDirectory(prefix: "wear")
    let file = WearFile(directory: directory.path, site: try site())
    let empty = file.read()
    #expect(empty.wear == file.nothing)
    #expect(empty.fault == nil)
    try file.write(worn(file))
    let found = file.read()
    #expect(found.wear == worn(file))
    #expect(found.fault == nil)
    let setting = found.wear.applied(to: try site().control)
    #expect(setting.wear[0].cycles == 41_000)
    #expect(setting.outputs[1].operations == 90_001)
  }

  /// Half a file, another's file, numbers that cannot be: it counts from zero and says why.
  @Test(
    arguments: [
      "", "{\"points\":[{\"na", "[]", "{\"points\":[]}", "{\"points\":[{\"name\":\"lane\"}],\"outputs\":[]}",
      "{\"points\":[],\"outputs\":[{\"name\":\"lane.raise\",\"operations\":-1}]}",
      "{\"points\":[],\"outputs\":[{\"name\":\"lane.raise\",\"operations\":4294967296}]}",
      """
      {"points":[{"name":"lane","cycles":1,"reversals":0,"tailgates":0,"opening":{"count":21,"total_us":1},\
      "closing":{"count":0,"total_us":0}}],"outputs":[]}
      """,
    ]) func aDamagedFileIsTold(_ text: String) throws
  {
    let directory = try TemporaryDirectory(prefix: "wear")
    let file = WearFile(directory: directory.path, site: try site())
    try Files.write(Array(text.utf8), to: file.path)
    let found = file.read()
    #expect(found.wear == file.nothing)
    #expect(found.fault != nil)
  }

  /// A site that changed: names decide, not places; what is gone is no fault.
  @Test func namesDecide() throws {
    let directory = try TemporaryDirectory(prefix: "wear")
    let file = WearFile(directory: directory.path, site: try site())
    try file.write(worn(file))
    var other = try site()
    other.pointNames = ["new", "lane"]
    other.outputNames = ["lane.lower", "new"]
    let found = WearFile(directory: directory.path, site: other).read()
    #expect(found.fault == nil)
    #expect(found.wear.points.map(\.cycles) == [0, 41_000])
    #expect(found.wear.operations == [90_001, 0])
  }

  @Test func itWritesSeldomAndAResetAtOnce() throws {
    let directory = try TemporaryDirectory(prefix: "wear")
    let site = try site()
    let file = WearFile(directory: directory.path, site: site)
    try file.write(worn(file))
    let ports = ScanPorts()
    let status = StatusBoard(readers: 4)
    var keeper = WearKeeper(file: file, ports: ports, status: status, now: 0)
    let before = keeper.found
    let pause = RuntimeLimits.wearPause.nanoseconds
    keeper.look(now: pause * 2)
    #expect(file.read().wear == before, "before the first scan nothing is known")
    func publish(_ cycles: UInt32) {
      ports.snapshot.publish { snapshot in
        snapshot.at = Instant(nanoseconds: 1)
        snapshot.wear[0] = before.points[0]
        snapshot.wear[0].cycles = cycles
        snapshot.operations[1] = before.operations[1]
      }
    }
    publish(41_005)
    keeper.look(now: pause - 1)
    #expect(file.read().wear == before)
    keeper.look(now: pause)
    #expect(file.read().wear.points[0].cycles == 41_005)
    publish(41_006)
    keeper.look(now: pause + 1)
    #expect(file.read().wear.points[0].cycles == 41_005, "once in a while is enough")
    publish(0)
    keeper.look(now: pause + 2)
    #expect(file.read().wear.points[0].cycles == 0, "a person's reset is durable at once")
    publish(1)
    keeper.finish()
    #expect(file.read().wear.points[0].cycles == 1)
    #expect(status.wearFault == nil)
  }

  @Test func whatCannotBeKeptIsAFault() throws {
    let site = try site()
    let ports = ScanPorts()
    let status = StatusBoard(readers: 4)
    var keeper = WearKeeper(
      file: WearFile(directory: "/nowhere/at/all", site: site), ports: ports, status: status, now: 0)
    ports.snapshot.publish { snapshot in
      snapshot.at = Instant(nanoseconds: 1)
      snapshot.wear[0].cycles = 1
    }
    keeper.look(now: RuntimeLimits.wearPause.nanoseconds)
    #expect(status.wearFault?.contains("/nowhere/at/all") == true)
  }

  private func lane(_ gateway: RunningGateway) throws -> JSONValue {
    try gateway.control().call("points")[0] ?? .null
  }

  /// The real program: one motion, a stop in order, a start, a reset; and a limit that drifts, with its advice.
  @Test func aMotionIsCountedOverARestart() throws {
    let gateway = try RunningGateway(site: BenchSites.simulated)
    try gateway.startAndWait()
    let chip = try gateway.chip("bench")
    chip.setInput(1, true)
    #expect(try waitUntil(limit: 5_000) { try lane(gateway)["state"] == "closed" } != nil)
    _ = try gateway.control().call("open", ["point": "lane"])
    #expect(waitUntil(limit: 1_000) { chip.output(16) } != nil)
    chip.setInput(1, false)
    chip.setInput(0, true)
    #expect(try waitUntil(limit: 2_000) { try lane(gateway)["state"] == "open" } != nil)
    chip.setInput(0, false)
    #expect(try waitUntil(limit: 2_000) { try lane(gateway)["fault"] == "drifted" } != nil)
    #expect(try lane(gateway)["advice"]?.stringValue?.contains("brake") == true)
    let told = try waitUntil(limit: 2_000) {
      try gateway.records().contains {
        $0["detail"]?["cause"] == "drifted" && $0["detail"]?["advice"]?.stringValue?.contains("brake") == true
      }
    }
    #expect(told != nil, "the record tells the technician too")
    #expect(try gateway.stop() == .exited(0))
    try gateway.startAndWait()
    #expect(try lane(gateway)["cycles"] == 1)
    #expect(try gateway.control().call("outputs")[0]?["operations"] == 1)
    _ = try gateway.control().call("wear.reset", ["point": "lane"])
    #expect(try waitUntil(limit: 2_000) { try lane(gateway)["cycles"] == 0 } != nil)
    let kept = try waitUntil(limit: 3_000) {
      let bytes = try Files.read("\(gateway.state)/wear.json")
      return try JSONValue.parse(bytes, maximumBytes: 1 << 20)["points"]?[0]?["cycles"] == 0
    }
    #expect(kept != nil)
    let logged = try waitUntil(limit: 2_000) {
      try gateway.records().contains {
        $0["type"] == "operator" && $0["detail"]?["verb"] == "wear.reset"
          && $0["detail"]?["outcome"] == "accepted"
      }
    }
    #expect(logged != nil)
  }
}
