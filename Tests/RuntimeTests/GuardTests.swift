import CLinux
import GPIODriver
import Glibc
import Messages
import Platform
import Testing

/// How a controller can be lost, seen from outside.
enum Loss: String, CaseIterable, CustomStringConvertible {
  case killed, stopped, trapped, illegal
  /// The scan alone stands still, the other threads run on: the bus is still written to.
  case hung

  private var signal: Int32? {
    switch self {
    case .killed: SIGKILL
    case .stopped: SIGSTOP
    // What Swift's own traps raise: overflow and precondition end in ud2 or brk.
    case .trapped: SIGTRAP
    case .illegal: SIGILL
    case .hung: nil
    }
  }

  /// What the guard says of it.
  var cause: String { signal == nil || self == .stopped ? "no heartbeat" : "signal \(signal!)" }

  /// - Returns: the thread that this one holds now and must let go by ``release(_:)``; 0 for none.
  func happen(to gateway: RunningGateway) throws -> Int32 {
    if let signal {
      gateway.signalController(signal)
      return 0
    }
    let scan = try #require(gateway.thread("scan"), "the controller has a thread called scan")
    try #require(gh_ptrace_seize(scan) == 0, "only root may hold a thread still: errno \(errno)")
    try #require(gh_ptrace_interrupt(scan) == 0)
    return scan
  }

  /// A dead thread that another process traces is gone only when that one has seen it.
  func release(_ thread: Int32) {
    var status: Int32 = 0
    while thread > 0, unsafe waitpid(thread, &status, Int32(bitPattern: 0x4000_0000)) == thread {
      if status & 0x7F != 0x7F { return }
    }
  }

  var description: String { rawValue }
}

@Suite(.serialized) struct GuardTests {
  /// From outside, with room for a processor that others use too; the bound itself is for the guard's own figure.
  private func expectSafe(after took: UInt64?) {
    #expect(took != nil && took! <= 200, "safe after \(took.map { "\($0)" } ?? "never") ms")
  }

  private func expectTold(_ gateway: RunningGateway, _ loss: Loss, lost: Int32) throws {
    #expect(gateway.controller != lost)
    let told = try gateway.status()["guard"]
    #expect(told?["last_cause"]?.stringValue?.contains(loss.cause) == true, "\(told ?? .null)")
    #expect(told?["restarts"] == 1)
    #expect(told?["last_safe_ms"]?.integerValue ?? 1_000 <= 100, "\(told ?? .null)")
    #expect(told?["last_not_safe"] == nil)
    let restarts = try waitUntil(limit: 2_000) {
      try gateway.records().count {
        $0["detail"]?["event"] == "controller-restarted" && $0["type"] == "system"
      }
        == 1
    }
    #expect(restarts != nil)
  }

  @Test(arguments: Loss.allCases)
  func linesAreSafeWithin100Milliseconds(_ loss: Loss) throws {
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
    let held = try loss.happen(to: gateway)
    let took = waitUntil(limit: 2_000) { !chip.output(16) && !chip.output(20) }
    expectSafe(after: took)
    loss.release(held)
    // The next controller locks the magnet again, and moves nothing.
    #expect(waitUntil(limit: 5_000) { chip.output(20) } != nil)
    #expect(waitUntil(limit: 1_200) { chip.output(16) || chip.output(17) || chip.output(18) } == nil)
    try expectTold(gateway, loss, lost: lost)
  }

  @Test(arguments: Loss.allCases)
  func busesAreSafeWithin100Milliseconds(_ loss: Loss) throws {
    let bench = try ModbusBench()
    defer { bench.stop() }
    let gateway = try RunningGateway(site: BenchSites.modbus(port: bench.port))
    bench.setInput(1, true)
    try gateway.startAndWait()
    #expect(waitUntil(limit: 5_000) { bench.coil(2) } != nil, "the magnet is on in service")
    try gateway.importList(BenchSites.list)
    #expect(try gateway.ingress().present("lane.camera", "plate:京A12345")["decision"] == "grant")
    #expect(waitUntil(limit: 1_000) { bench.coil(0) } != nil, "the arm's motor is on")
    let lost = gateway.controller
    let held = try loss.happen(to: gateway)
    let took = waitUntil(limit: 2_000) { !bench.coil(0) && !bench.coil(2) }
    expectSafe(after: took)
    loss.release(held)
    // The next controller locks the magnet again, and moves nothing.
    #expect(waitUntil(limit: 5_000) { bench.coil(2) } != nil)
    #expect(waitUntil(limit: 1_200) { bench.coil(0) || bench.coil(1) } == nil)
    try expectTold(gateway, loss, lost: lost)
  }

  /// The kernel takes a dead process out of `/proc`, and a guard that waits for that waits for all who read there.
  @Test func whoReadsOfTheControllerDoesNotDelayTheGuard() throws {
    for _ in 0..<6 {
      let gateway = try RunningGateway(site: BenchSites.simulated)
      try gateway.startAndWait()
      let chip = try gateway.chip("bench")
      #expect(waitUntil(limit: 5_000) { chip.output(20) } != nil, "the magnet is on in service")
      let lost = gateway.controller
      try BusyMachine(readersOf: lost, disk: gateway.directory.path).run {
        MonotonicClock.sleep(milliseconds: 100)
        gateway.signalController(SIGKILL)
        #expect(waitUntil(limit: 5_000) { gateway.controller != lost && gateway.controller > 0 } != nil)
      }
      let told = try gateway.status()["guard"]
      #expect(told?["last_safe_ms"]?.integerValue ?? 1_000 <= 100, "\(told ?? .null)")
    }
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
