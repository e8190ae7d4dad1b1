import ControlCore
import GPIODriver
import Glibc
import Messages
import Platform
import Testing

@testable import Runtime

/// Ways in which a gateway goes and comes back.
enum Interruption: String, CaseIterable, CustomStringConvertible {
  /// The guard starts the next controller.
  case controllerKilled
  /// The service manager's stop and start.
  case stopped
  /// Both processes at once, as in a power cut.
  case allKilled

  var description: String { rawValue }

  func happen(to gateway: RunningGateway) throws {
    switch self {
    case .controllerKilled:
      let before = gateway.controller
      let restarts = try gateway.status()["guard"]?["restarts"]?.integerValue ?? 0
      gateway.signalController(SIGKILL)
      try #require(waitUntil(limit: 5_000) { gateway.controller > 0 && gateway.controller != before } != nil)
      try #require(
        waitUntil(limit: 5_000) {
          let told = (try? gateway.status())?["guard"]?["restarts"]?.integerValue
          return told.map { $0 > restarts } ?? false
        } != nil)
    case .stopped:
      #expect(try gateway.stop() == .exited(0))
      try gateway.startAndWait()
    case .allKilled:
      let controller = gateway.controller
      gateway.signalGuard(SIGKILL)
      #expect(try gateway.stop() == .signalled(SIGKILL))
      #expect(waitUntil(limit: 3_000) { kill(controller, 0) != 0 } != nil)
      try gateway.startAndWait()
    }
  }
}

/// An emergency holds until a person resets it, whatever becomes of the controller meanwhile.
@Suite(.serialized) struct EmergencyTests {
  private func active(_ gateway: RunningGateway) throws -> [Bool?] {
    let plan = try gateway.status()["emergencies"]?[0]
    return [plan?["active"]?.boolValue, plan?["drill"]?.boolValue]
  }

  private func kept(_ gateway: RunningGateway) -> String {
    (try? Files.read("\(gateway.state)/emergencies.json")).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// The outputs of the lane, of the strike and of the magnet.
  private func levels(_ chip: SimulatedChip) -> [Bool] { [16, 17, 18, 20].map { chip.output($0) } }

  private func startFire(_ gateway: RunningGateway, _ chip: SimulatedChip, by start: String) throws {
    switch start {
    case "input":
      chip.setInput(5, true)
      #expect(waitUntil(limit: 1_000) { chip.output(18) } != nil)
      chip.setInput(5, false)
    default:
      _ = try gateway.control().call("emergency.start", ["plan": "fire", "drill": .bool(start == "drill")])
    }
    #expect(waitUntil(limit: 1_000) { chip.output(18) && !chip.output(20) } != nil, "doors are released")
    #expect(waitUntil(limit: 1_000) { chip.output(16) } != nil, "the arm goes up")
    chip.setInput(1, false)
    chip.setInput(0, true)
    #expect(waitUntil(limit: 2_000) { !chip.output(16) } != nil)
    #expect(try active(gateway) == [true, start == "drill"])
    #expect(waitUntil(limit: 1_000) { kept(gateway).contains("\"fire\"") } != nil)
  }

  @Test(
    arguments: [
      ("input", .controllerKilled), ("input", .stopped), ("input", .allKilled),
      ("command", .controllerKilled),
      ("drill", .stopped),
    ] as [(String, Interruption)])
  func holdsOverARestartUntilTheReset(_ start: String, _ interruption: Interruption) throws {
    let gateway = try RunningGateway(site: BenchSites.simulated)
    try gateway.startAndWait()
    let chip = try gateway.chip("bench")
    chip.setInput(1, true)
    #expect(waitUntil(limit: 5_000) { chip.output(20) } != nil, "the magnet is on in service")
    try startFire(gateway, chip, by: start)
    try interruption.happen(to: gateway)
    #expect(try active(gateway) == [true, start == "drill"])
    #expect(waitUntil(limit: 1_000) { chip.output(18) } != nil, "the strike is energised")
    var seen = levels(chip)
    let moved = waitUntil(limit: 700) {
      seen = levels(chip)
      return seen != [false, false, true, false]
    }
    #expect(moved == nil, "\(seen) after \(moved ?? 0) ms: \(gateway.log)")
    let told = try waitUntil(limit: 2_000) {
      try gateway.records().contains {
        $0["type"] == "emergency" && $0["detail"]?["event"] == "emergency-holds"
          && $0["detail"]?["plan"] == "fire"
      }
    }
    #expect(told != nil)
    _ = try gateway.control().call("emergency.reset", ["plan": "fire"])
    #expect(waitUntil(limit: 1_000) { !chip.output(18) && chip.output(20) } != nil, "locked again")
    #expect(waitUntil(limit: 2_000) { !kept(gateway).contains("\"fire\"") } != nil)
    try interruption.happen(to: gateway)
    #expect(try active(gateway) == [false, false])
    #expect(waitUntil(limit: 1_000) { chip.output(20) } != nil)
    #expect(
      waitUntil(limit: 500) { chip.output(18) || chip.output(16) } == nil, "the fire does not come back")
  }

  @Test func whatCannotBeReadIsTold() throws {
    let gateway = try RunningGateway(site: BenchSites.simulated)
    try gateway.startAndWait()
    let chip = try gateway.chip("bench")
    #expect(waitUntil(limit: 5_000) { chip.output(20) } != nil)
    _ = try gateway.control().call("emergency.start", ["plan": "fire", "drill": false])
    #expect(waitUntil(limit: 1_000) { kept(gateway).contains("\"fire\"") } != nil)
    #expect(try gateway.stop() == .exited(0))
    try Files.write(Array("{\"held\":[{\"pl".utf8), to: "\(gateway.state)/emergencies.json")
    try gateway.startAndWait()
    #expect(try active(gateway) == [false, false])
    let told = try waitUntil(limit: 2_000) {
      try gateway.records().contains { $0["detail"]?["event"] == "emergencies-unreadable" }
    }
    #expect(told != nil)
    #expect(waitUntil(limit: 1_000) { kept(gateway) == "{\"held\":[]}\n" } != nil, "from now on it is known")
  }

  @Test(
    arguments: [
      ("{\"held\":[]}", [], [], nil),
      ("{\"held\":[{\"plan\":\"b\",\"drill\":true}],\"more\":1}", ["b"], [], nil),
      (
        "{\"held\":[{\"plan\":\"old\",\"drill\":false},{\"plan\":\"a\",\"drill\":false}]}", ["a"], ["old"],
        nil
      ),
      ("", [], [], "not what was written"), ("[]", [], [], "not what was written"),
      ("{\"held\":[{\"plan\":\"a\"}]}", [], [], "not what was written"),
    ] as [(String, [String], [String], String?)])
  func theFileSaysWhatHolds(_ text: String, _ held: [String], _ gone: [String], _ fault: String?) throws {
    let directory = try TemporaryDirectory(prefix: "emergencies")
    let plans = ["a", "b"]
    let file = EmergencyFile(directory: directory.path, plans: plans)
    try Files.write(Array(text.utf8), to: file.path)
    let found = file.read()
    #expect(plans.filter { found.held.holds(PlanIndex(plans.firstIndex(of: $0)!)) } == held)
    #expect(found.gone == gone)
    #expect((found.fault == nil) == (fault == nil))
    if let fault { #expect(found.fault?.contains(fault) == true) }
    try file.write(found.held)
    #expect(file.read() == EmergencyFile.Found(held: found.held))
    #expect(HeldEmergencies(word: found.held.word) == found.held)
  }

  @Test func aFileThatIsGoneIsAFaultOnlyWhereThereWasOne() throws {
    let directory = try TemporaryDirectory(prefix: "emergencies")
    let file = EmergencyFile(directory: directory.path, plans: ["a"])
    #expect(file.read() == EmergencyFile.Found())
    try Files.write([], to: "\(directory.path)/gatehouse.db")
    #expect(file.read().fault?.contains("emergencies.json") == true)
    #expect(HeldEmergencies(word: 0) == nil)
  }
}
