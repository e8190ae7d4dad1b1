import GPIODriver
import Glibc
import Messages
import Platform
import Testing

@testable import Runtime

/// A photocell that fails its test, and a technician who closes the arm in sight of it, by the running gateway.
@Suite(.serialized) struct HoldTests {
  private static let site = """
    {
      gateway: { id: "gw-hold", site: "bench", timezone: "UTC" },
      gpio: { bench: { simulated: true } },
      inputs: { up: { gpio: "bench", line: 0 }, down: { gpio: "bench", line: 1 }, beam: { gpio: "bench", line: 2 } },
      outputs: { raise: { gpio: "bench", line: 16, safe: false }, lower: { gpio: "bench", line: 17, safe: false },
                 test: { gpio: "bench", line: 18, safe: false } },
      points: {
        lane: { kind: "barrier", direction: "in", drive: "held",
                outputs: { motor_up: "raise", motor_down: "lower", sensor_test: "test" },
                inputs: { up: "up", down: "down", photocell: "beam" }, travel_ms: 20000, auto_close_ms: 1000 },
      },
      readers: {}, schedules: {}, groups: {}, journal: { capacity: 1000 },
    }
    """

  private let gateway: RunningGateway
  private let chip: SimulatedChip

  /// Open, and the photocell has not followed its test.
  init() throws {
    gateway = try RunningGateway(site: Self.site)
    try gateway.startAndWait()
    chip = try gateway.chip("bench")
    chip.setInput(1, true)
    MonotonicClock.sleep(milliseconds: 60)
    _ = try gateway.control().call("open", ["point": "lane"])
    try #require(waitUntil(limit: 2_000) { chip.output(16) } != nil)
    chip.setInput(1, false)
    MonotonicClock.sleep(milliseconds: 30)
    chip.setInput(0, true)
    let client = try gateway.control()
    try #require(
      try waitUntil(limit: 5_000) { try client.call("points").arrayValue?.first?["state"] == "open" } != nil)
  }

  private func hold(_ client: LineClient, _ way: String = "close") throws -> String {
    do {
      _ = try client.call("hold", ["point": "lane", "way": .string(way)])
      return "accepted"
    } catch let refused as LineClient.Refused {
      return refused.text
    }
  }

  private func failTest() throws {
    let client = try gateway.control()
    #expect(try hold(client).hasPrefix("refused: sensors-work"))
    // A car drives through, and the closing behind it is to be tested.
    chip.setInput(2, true)
    MonotonicClock.sleep(milliseconds: 100)
    chip.setInput(2, false)
    let failed = try waitUntil(limit: 8_000) {
      try client.call("points").arrayValue?.first?["fault"] == "sensor-stuck"
    }
    try #require(failed != nil)
  }

  private func words(_ records: [JSONValue]) -> [String] {
    records.compactMap { record in
      if record["detail"]?["verb"] == "hold" {
        let cause = record["detail"]?["cause"]?.stringValue.map { " \($0)" } ?? ""
        return "hold \(record["detail"]?["outcome"]?.stringValue ?? "")\(cause)"
      }
      guard record["detail"]?["cause"] == "hold-to-run" else { return nil }
      return record["detail"]?["event"]?.stringValue
    }
  }

  @Test func whatIsOrderedAgainAndAgainMovesAndSilenceStops() throws {
    try failTest()
    let client = try gateway.control()
    #expect(throws: LineClient.Refused.self) { try client.call("close", ["point": "lane"]) }
    var orders = 0
    for _ in 0..<8 {
      #expect(try hold(client) == "accepted")
      orders += 1
      if chip.output(17) { chip.setInput(0, false) }
      MonotonicClock.sleep(milliseconds: 50)
    }
    #expect(chip.output(17))
    // Somebody else may not take it over, and a wrong word is no order.
    #expect(try hold(try gateway.control()).contains("somebody else holds it"))
    #expect(try hold(client, "sideways").contains("must be open, close or stop"))
    #expect(waitUntil(limit: 3_000) { !chip.output(17) } != nil)
    // The session ends: it does not run on.
    MonotonicClock.sleep(milliseconds: 600)
    var other: LineClient? = try gateway.control()
    #expect(try hold(other!) == "accepted")
    #expect(waitUntil(limit: 400) { chip.output(17) } != nil)
    other = nil
    #expect(waitUntil(limit: 3_000) { !chip.output(17) } != nil)
    let told = try waitUntil(limit: 3_000) { words(try gateway.records()).count { $0 == "stopped" } >= 2 }
    let log = words(try gateway.records())
    #expect(told != nil, "\(log)")
    #expect(log.first == "hold refused sensors-work" && log.contains("hold refused already-busy"), "\(log)")
    // One line a session, and one more at most where this machine let two seconds pass.
    let accepted = log.count { $0 == "hold accepted" }
    #expect(accepted >= 2 && accepted < orders, "\(log)")
    #expect(log.count { $0 == "closing" } == log.count { $0 == "stopped" }, "\(log)")
  }
}
