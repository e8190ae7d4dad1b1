import Glibc
import Messages
import Platform
import Testing

/// A barrier whose operator speaks Modbus, driven by the real gatehoused: position and faults come from its registers.
@Suite(.serialized) struct OperatorTests {
  private static let hardware =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/hardware"

  private static func site(port: Int) -> String {
    """
    {
      gateway: { id: "gw-arm", site: "bench", timezone: "UTC" },
      loop: { period_us: 1000, priority: 40, guard_ms: 50 },
      profiles: "own",
      buses: { io: { tcp: "127.0.0.1:\(port)", timeout_ms: 100, poll_ms: 5 } },
      devices: { arm: { bus: "io", unit: 1, profile: "gard", timeout_ms: 300, accept_no_watchdog: true } },
      inputs: {
        "lane.up": { device: "arm", value: "position", at_least: 98, stale_ms: 500 },
        "lane.down": { device: "arm", channel: "CLOSED", stale_ms: 500 },
      },
      outputs: {
        "lane.raise": { device: "arm", channel: "OPEN" }, "lane.lower": { device: "arm", channel: "CLOSE" },
      },
      points: {
        lane: { kind: "barrier", direction: "in", outputs: { raise: "lane.raise", lower: "lane.lower" },
                inputs: { up: "lane.up", down: "lane.down" },
                pulse_ms: 200, travel_ms: 1500, margin_ms: 1000, auto_close_ms: 0 },
      },
      readers: { "lane.camera": { point: "lane", side: "in", kind: "plate" } },
      schedules: { always: {} },
      groups: { residents: { points: ["lane"], schedule: "always" } },
      journal: { capacity: 10000, warn_at: 0.8, commit_budget_ms: 50 },
    }
    """
  }

  /// The profile that ships, with a text for the number that the played operator gives.
  private func start(_ gateway: RunningGateway) throws {
    let bytes = try Files.read("\(Self.hardware)/devices/came-gard-ptx.json5")
    let text = String(decoding: bytes, as: UTF8.self)
      .replacing("name: \"came-gard-ptx\"", with: "name: \"gard\"")
      .replacing(
        "address: 104, type: \"uint16\"",
        with: "address: 104, type: \"uint16\", meanings: { \"7\": \"obstacle\" }")
    try Files.makeDirectory("\(gateway.directory.path)/own/devices")
    try Files.write(Array(text.utf8), to: "\(gateway.directory.path)/own/devices/gard.json5")
    try gateway.startAndWait()
    try gateway.importList(BenchSites.list)
  }

  private func state(_ gateway: RunningGateway) -> String? {
    (try? gateway.control().call("points"))?[0]?["state"]?.stringValue
  }

  private func becomes(_ gateway: RunningGateway, _ wanted: String, limit: UInt64 = 6_000) -> Bool {
    waitUntil(limit: limit) { state(gateway) == wanted } != nil
  }

  private func input(_ gateway: RunningGateway, _ place: Int) throws -> JSONValue {
    try gateway.control().call("inputs")[place] ?? .null
  }

  @Test func anOperatorIsDrivenByItsRegisters() throws {
    let bench = try ModbusBench()
    defer { bench.stop() }
    let arm = try PlayedOperator(bench)
    defer { arm.stop() }
    let gateway = try RunningGateway(site: Self.site(port: bench.port))
    try start(gateway)
    #expect(becomes(gateway, "closed"))
    #expect(arm.orders.isEmpty, "a start moves nothing")

    _ = try gateway.ingress().present("lane.camera", "plate:京A12345")
    #expect(becomes(gateway, "open"))
    #expect(arm.orders == [.open])
    let up = try input(gateway, 0)
    #expect(up["level"] == true && up["quality"] == "good")
    #expect((98...100).contains(up["register"]?.integerValue ?? 0))
    #expect(waitUntil(limit: 2_000) { (try? input(gateway, 1)["meaning"]) == "open" } != nil)
    #expect(try input(gateway, 1)["register"] == 16)

    _ = try gateway.control().call("close", ["point": "lane"])
    #expect(becomes(gateway, "closed"))
    #expect(arm.orders == [.open, .close], "each order once")
    let opened = try gateway.records().first { $0["detail"]?["event"] == "opened" }
    #expect((opened?["detail"]?["ms"]?.integerValue ?? 0) >= 700, "the travel was measured")

    try obstruction(gateway, arm)
    try silence(gateway, arm)
    let log = try gateway.control().call("log.verify")
    #expect(log["ok"] == true)
  }

  /// The operator goes back up by itself: the controller believes no closing, gives no order again, and says why.
  private func obstruction(_ gateway: RunningGateway, _ arm: PlayedOperator) throws {
    _ = try gateway.control().call("open", ["point": "lane"])
    #expect(becomes(gateway, "open"))
    arm.obstruct(true)
    let before = arm.orders
    _ = try gateway.control().call("close", ["point": "lane"])
    let told = waitUntil(limit: 4_000) {
      (try? gateway.status())?["faults"]?.arrayValue?.contains("device arm: fault 7, obstacle") == true
    }
    #expect(told != nil)
    // Longer than a whole travel and its margin.
    MonotonicClock.sleep(milliseconds: 3_000)
    #expect(arm.orders == before + [.close], "\(arm.orders)")
    #expect(state(gateway) != "closed")
    let record = try gateway.records().last { $0["detail"]?["device"] == "device arm" }
    #expect(record?["type"] == "device" && record?["detail"]?["state"] == "fault 7")
    #expect(record?["detail"]?["code"] == 7 && record?["detail"]?["text"] == "obstacle")

    arm.obstruct(false)
    arm.clearError()
    let cleared = waitUntil(limit: 3_000) {
      (try? gateway.records())?.last { $0["detail"]?["device"] == "device arm" }?["detail"]?["state"]
        == "good"
    }
    #expect(cleared != nil)
    _ = try gateway.control().call("reset", ["point": "lane"])
    #expect(becomes(gateway, "open"))
    _ = try gateway.control().call("close", ["point": "lane"])
    #expect(becomes(gateway, "closed"))
  }

  /// The unit falls silent while the arm is on its way: nothing is believed, and nothing is ordered until a person does.
  private func silence(_ gateway: RunningGateway, _ arm: PlayedOperator) throws {
    let before = arm.orders
    _ = try gateway.control().call("open", ["point": "lane"])
    #expect(waitUntil(limit: 2_000) { arm.bench.register(102) > 20 } != nil)
    arm.bench.isSilent = true
    let lost = try waitUntil(limit: 5_000) {
      let inputs = try gateway.control().call("inputs")
      return inputs[0]?["quality"] == "bad" && inputs[1]?["quality"] == "bad"
    }
    #expect(lost != nil)
    MonotonicClock.sleep(milliseconds: 3_000)
    let refused = try? gateway.control().call("close", ["point": "lane"])
    #expect(refused?["accepted"] != true, "nothing closes while nobody knows where the arm is")
    arm.bench.isSilent = false
    #expect(becomes(gateway, "open", limit: 10_000) || state(gateway) == "faulted")
    MonotonicClock.sleep(milliseconds: 500)
    #expect(arm.orders == before + [.open], "no order comes back with the line: \(arm.orders)")
    let lostInputs = try gateway.records().filter { $0["detail"]?["event"] == "input-lost" }
    #expect(Set(lostInputs.compactMap { $0["detail"]?["input"]?.stringValue }) == ["lane.up", "lane.down"])
  }
}
