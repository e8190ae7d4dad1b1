import ControlCore
import Glibc
import Messages
import Platform
import Testing

@testable import Runtime

/// A fire line and an emergency stop, counted in scans: on lines in a file, and on a chip of the kernel's gpio-sim with 16
/// lines, labelled as GATEHOUSE_KERNEL_CHIP says; `Tests/hardware/scans` boots a kernel that has one.
private let kernelChip = unsafe getenv("GATEHOUSE_KERNEL_CHIP").map { unsafe String(cString: $0) }

private enum Plant {
  static let fire = 3
  static let closed = 5
  static let opened = 6
  static let stop = 7
  static let strike = 8
  static let motor = 9

  static func site(chip: String, debounce: Int) -> String {
    """
    {
      gateway: { id: "gw-scans", site: "bench", timezone: "UTC" },
      // A guest among other processes may stand still for longer than a board ever does.
      loop: { period_us: 1000, priority: 80, guard_ms: 500 },
      gpio: { bench: { \(chip) } },
      inputs: {
        "fire": { gpio: "bench", line: 3, debounce_ms: \(debounce) },
        "yard.closed": { gpio: "bench", line: 5, debounce_ms: 0 },
        "yard.opened": { gpio: "bench", line: 6, debounce_ms: 0 },
        "yard.estop": { gpio: "bench", line: 7, debounce_ms: \(debounce) },
      },
      outputs: {
        "lobby.strike": { gpio: "bench", line: 8 },
        "yard.open": { gpio: "bench", line: 9 }, "yard.close": { gpio: "bench", line: 10 },
      },
      points: {
        lobby: { kind: "door", outputs: { unlock: "lobby.strike" } },
        yard: { kind: "gate", outputs: { motor_open: "yard.open", motor_close: "yard.close" },
                inputs: { closed_limit: "yard.closed", open_limit: "yard.opened", emergency_stop: "yard.estop" },
                travel_s: 600, margin_s: 60, dead_time_ms: 50, auto_close_ms: 0 },
      },
      emergency: { fire: { input: "fire", release: ["lobby"] } },
      journal: { capacity: 100000 },
    }
    """
  }

  /// Both ways; prints what came of it.
  static func count(
    _ gateway: RunningGateway, _ lines: any BenchLines, on chip: String, debounce: Int
  ) throws -> [ScanCounter.Result] {
    let seed = UInt64(debounce) + 41
    var counter = try ScanCounter(gateway: gateway, lines: lines, seed: seed)
    let delay = Interval.milliseconds(UInt64(debounce))
    let released = try counter.measure(
      ScanCounter.Way(
        name: "\(chip): fire line to released lock", input: fire, output: strike, level: true,
        event: "emergency-started", cause: nil, debounce: delay), times: tries
    ) { client in
      try lines.set(fire, false)
      try settle(
        "the lock is not on again", client, { try !lines.value(strike) }, trying: "emergency.reset",
        ["plan": "fire"])
      // The line's return is behind its debounce too.
      MonotonicClock.sleep(milliseconds: UInt64(debounce) * 2)
    }
    let stopped = try counter.measure(
      ScanCounter.Way(
        name: "\(chip): emergency stop to motor off", input: stop, output: motor, level: false,
        event: "fault", cause: "emergency-stop-pressed", debounce: delay), times: tries
    ) { client in
      try lines.set(stop, false)
      try lines.set(closed, true)
      try settle(
        "the gate is not closed", client, { try client.call("points")[1]?["state"] == "closed" },
        trying: "reset", ["point": "yard"])
      try settle(
        "the gate does not open", client, { try lines.value(motor) }, trying: "open", ["point": "yard"])
      try lines.set(closed, false)
      MonotonicClock.sleep(milliseconds: 20)
    }
    for result in [released, stopped] { print("scans: \(result) (seed \(seed))") }
    return [released, stopped]
  }

  private static func settle(
    _ aim: String, _ client: LineClient, _ holds: () throws -> Bool, trying verb: String,
    _ arguments: JSONValue
  ) throws {
    let end = MonotonicClock.now() + 10_000_000_000
    var answer = ""
    while try !holds() {
      guard MonotonicClock.now() < end else {
        let points = try client.call("points").text
        throw ScanCounter.Missed(what: "\(aim): \(verb) answers \(answer); points \(points)")
      }
      do { answer = try client.call(verb, arguments).text } catch { answer = "\(error)" }
      MonotonicClock.sleep(milliseconds: 20)
    }
  }
}

/// The one that had read its inputs already when the change came, and the next.
private let mostScans = 2

/// How often; more for a figure that is published.
private let tries = unsafe getenv("GATEHOUSE_SCAN_TRIES").flatMap { unsafe Int(String(cString: $0)) } ?? 25

@Suite(.serialized) struct ScanCountTests {
  @Test(arguments: [0, 20])
  func aStopTakesAtMostTwoScans(_ debounce: Int) throws {
    let gateway = try RunningGateway(site: Plant.site(chip: "simulated: true", debounce: debounce))
    try gateway.startAndWait()
    let lines = SimulatedLines(chip: try gateway.chip("bench"))
    for result in try Plant.count(gateway, lines, on: "simulated chip", debounce: debounce) {
      #expect(result.most <= mostScans, "\(result)")
    }
  }

  /// The trace keeps the newest scans in their order, each after the one before.
  @Test func scansAreTold() throws {
    let trace = ScanTrace()
    #expect(trace.last(10).isEmpty)
    for number in 0..<10_000 as Range<UInt64> { trace.note(began: number * 10, ended: number * 10 + 3) }
    let last = trace.last(100)
    #expect(last.map(\.number) == Array(9_900..<10_000))
    #expect(last.allSatisfy { $0.began == $0.number * 10 && $0.ended == $0.began + 3 })
    #expect(trace.last(.max).count == Int(ScanTrace.capacity / 2))
  }
}

@Suite(.serialized, .enabled(if: kernelChip != nil, "needs a chip of gpio-sim: see hardware/bench"))
struct KernelChipScanTests {
  @Test(arguments: [0, 20])
  func aStopTakesAtMostTwoScans(_ debounce: Int) throws {
    let chip = kernelChip ?? ""
    let lines = try KernelLines()
    // Whoever had the chip before may have left its lines at any level.
    for line in [Plant.fire, Plant.opened, Plant.stop] { try lines.set(line, false) }
    try lines.set(Plant.closed, true)
    let gateway = try RunningGateway(site: Plant.site(chip: "label: \"\(chip)\"", debounce: debounce))
    try gateway.startAndWait()
    do {
      for result in try Plant.count(gateway, lines, on: "kernel chip \(chip)", debounce: debounce) {
        #expect(result.most <= mostScans, "\(result)")
      }
    } catch {
      Issue.record("\(error), and the gateway says: \(gateway.log)")
    }
  }
}
