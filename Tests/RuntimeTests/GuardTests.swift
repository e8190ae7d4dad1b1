import GPIODriver
import Glibc
import Messages
import Platform
import Testing

/// How a controller can be lost, seen from outside.
enum Loss: String, CaseIterable, CustomStringConvertible {
  case killed, hung, trapped, illegal

  var signal: Int32 {
    switch self {
    case .killed: SIGKILL
    case .hung: SIGSTOP
    // What Swift's own traps raise: overflow and precondition end in ud2.
    case .trapped: SIGTRAP
    case .illegal: SIGILL
    }
  }

  var description: String { rawValue }
}

@Suite(.serialized) struct GuardTests {
  @Test(arguments: Loss.allCases)
  func outputsAreSafeWithin100Milliseconds(_ loss: Loss) throws {
    let gateway = try RunningGateway(site: BenchSites.simulated)
    try gateway.startAndWait()
    let chip = try gateway.chip("bench")
    chip.setInput(1, true)
    #expect(waitUntil(limit: 5_000) { chip.output(20) } != nil, "the magnet is on in service")
    try gateway.importList(BenchSites.list)
    #expect(
      try gateway.ingress().present("lane.camera", "plate:京A12345", confidence: 0.9)["decision"] == "grant")
    #expect(waitUntil(limit: 1_000) { chip.output(16) } != nil, "the arm's motor is on")
    let lost = gateway.controller
    gateway.signalController(loss.signal)
    let took = waitUntil(limit: 2_000) { !chip.output(16) && !chip.output(20) }
    #expect(took != nil && took! <= 100, "safe after \(took.map { "\($0)" } ?? "never") ms")
    // The next controller locks the magnet again, and moves nothing.
    #expect(waitUntil(limit: 5_000) { chip.output(20) } != nil)
    #expect(waitUntil(limit: 700) { chip.output(16) || chip.output(17) || chip.output(18) } == nil)
    #expect(gateway.controller != lost)
    let told = try gateway.status()["guard"]
    #expect(told?["restarts"] == 1)
    #expect(told?["last_safe_ms"]?.integerValue ?? 1_000 <= 100)
    let restarts = try gateway.records().filter { $0["detail"]?["event"] == "controller-restarted" }
    #expect(restarts.count == 1)
    #expect(restarts.first?["type"] == "system")
  }

  @Test func aBusIsSafeToo() throws {
    let bench = try ModbusBench()
    defer { bench.stop() }
    let gateway = try RunningGateway(site: BenchSites.modbus(port: bench.port))
    bench.setInput(1, true)
    try gateway.startAndWait()
    #expect(waitUntil(limit: 5_000) { bench.coil(2) } != nil, "the magnet is on in service")
    try gateway.importList(BenchSites.list)
    _ = try gateway.ingress().present("lane.camera", "plate:京A12345")
    #expect(waitUntil(limit: 1_000) { bench.coil(0) } != nil, "the arm's motor is on")
    gateway.signalController(SIGKILL)
    let took = waitUntil(limit: 2_000) { !bench.coil(0) && !bench.coil(2) }
    #expect(took != nil && took! <= 100, "safe after \(took.map { "\($0)" } ?? "never") ms")
    #expect(waitUntil(limit: 5_000) { bench.coil(2) } != nil)
    #expect(waitUntil(limit: 700) { bench.coil(0) || bench.coil(1) } == nil)
  }

  @Test func stopsInOrderWithOutputsSafeAndTheLogWhole() throws {
    let gateway = try RunningGateway(site: BenchSites.simulated)
    try gateway.startAndWait()
    let chip = try gateway.chip("bench")
    #expect(waitUntil(limit: 5_000) { chip.output(20) } != nil)
    let first = try gateway.records().count
    #expect(try gateway.stop() == .exited(0))
    #expect(!chip.output(20))
    #expect(!Files.exists("\(gateway.run)/control.sock"))
    try gateway.startAndWait()
    let records = try gateway.records()
    #expect(records.count > first)
    #expect(records.contains { $0["detail"]?["event"] == "stopped" })
    #expect(try gateway.control().call("log.verify")["ok"] == true)
  }

  @Test func theControllerDoesNotOutliveItsGuard() throws {
    let gateway = try RunningGateway(site: BenchSites.simulated)
    try gateway.startAndWait()
    let controller = gateway.controller
    gateway.signalGuard(SIGKILL)
    #expect(waitUntil(limit: 3_000) { kill(controller, 0) != 0 } != nil)
  }

  @Test func goesOnTryingWhenTheControllerDiesAgainAndAgain() throws {
    let gateway = try RunningGateway(site: BenchSites.simulated)
    try gateway.startAndWait()
    var before: Int32 = 0
    for _ in 0..<3 {
      try #require(
        waitUntil(limit: 6_000) { gateway.controller != before && gateway.controller > 0 } != nil,
        "\(gateway.log)")
      before = gateway.controller
      gateway.signalController(SIGKILL)
    }
    #expect(waitUntil(limit: 8_000) { (try? gateway.status())?["guard"]?["restarts"] == 3 } != nil)
  }
}
