import GPIODriver
import Glibc
import Messages
import Platform
import Testing

@testable import Runtime

/// Drills and emergencies over the real `gatehoused`, on simulated lines: what the plan's report tells.
@Suite(.serialized) struct DrillTests {
  /// A barrier that the test plays, one that nobody plays, a strike, a siren, a lamp, and a supply that can fail.
  private static let site = """
    {
      gateway: { id: "gw-drill", site: "bench", timezone: "UTC" },
      loop: { period_us: 1000, priority: 40, guard_ms: 50 },
      gpio: { bench: { simulated: true } },
      inputs: {
        "lane.up": { gpio: "bench", line: 0 }, "lane.down": { gpio: "bench", line: 1 },
        "dead.up": { gpio: "bench", line: 2 }, "dead.down": { gpio: "bench", line: 3 },
        "fire": { gpio: "bench", line: 5 }, "mains.fail": { gpio: "bench", line: 6 },
        "battery.low": { gpio: "bench", line: 7 },
      },
      outputs: {
        "lane.raise": { gpio: "bench", line: 16 }, "lane.lower": { gpio: "bench", line: 17 },
        "dead.raise": { gpio: "bench", line: 18 }, "dead.lower": { gpio: "bench", line: 19 },
        "lobby.strike": { gpio: "bench", line: 20 }, "siren": { gpio: "bench", line: 22 },
        "lamp": { gpio: "bench", line: 23 },
      },
      points: {
        lane: { kind: "barrier", outputs: { raise: "lane.raise", lower: "lane.lower" },
                inputs: { up: "lane.up", down: "lane.down" }, travel_ms: 1500, auto_close_ms: 0 },
        dead: { kind: "barrier", outputs: { raise: "dead.raise", lower: "dead.lower" },
                inputs: { up: "dead.up", down: "dead.down" }, travel_ms: 1500, auto_close_ms: 0 },
        lobby: { kind: "door", outputs: { unlock: "lobby.strike" }, unlock_ms: 400 },
      },
      readers: { "lobby.card": { point: "lobby", side: "in", kind: "card" } },
      schedules: { always: {} },
      groups: { residents: { points: ["lane", "lobby"], schedule: "always" } },
      power: { mains_fail: "mains.fail", battery_low: "battery.low" },
      emergency: {
        fire: { input: "fire", release: ["lobby", "lane", "dead"], react_s: 2,
                outputs: { siren: { can_silence: true }, lamp: {} } },
        lockdown: { points: ["lobby"] },
        mains: { kind: "power", input: "mains.fail", after_s: 0.3, hold_open: ["lane"], until: "input" },
      },
      journal: { capacity: 10000 },
    }
    """

  private func start() throws -> (RunningGateway, SimulatedChip) {
    let gateway = try RunningGateway(site: Self.site)
    try gateway.startAndWait()
    let chip = try gateway.chip("bench")
    chip.setInput(1, true)
    chip.setInput(3, true)
    MonotonicClock.sleep(milliseconds: 200)
    return (gateway, chip)
  }

  /// The arm takes 400 ms from its pulse to its limit.
  private func raise(_ chip: SimulatedChip) {
    #expect(waitUntil(limit: 3_000) { chip.output(16) } != nil, "the arm is told to go up")
    MonotonicClock.sleep(milliseconds: 400)
    chip.setInput(1, false)
    chip.setInput(0, true)
  }

  private func report(_ gateway: RunningGateway, _ plan: String = "fire") throws -> JSONValue {
    try gateway.control().call("emergency.report", ["plan": .string(plan)])
  }

  private func point(_ name: String, _ report: JSONValue) -> JSONValue? {
    report["points"]?.arrayValue?.first { $0["point"]?.stringValue == name }
  }

  private func records(_ gateway: RunningGateway, _ event: String) throws -> [JSONValue] {
    try gateway.records().filter { $0["detail"]?["event"]?.stringValue == event }
  }

  private func refusal(_ gateway: RunningGateway, _ verb: String, _ args: JSONValue) throws -> String {
    do {
      _ = try gateway.control().call(verb, args)
      return ""
    } catch let refused as LineClient.Refused {
      return refused.text
    }
  }

  @Test func aDrillReportsWhoReactedAndWhoDidNot() throws {
    let (gateway, chip) = try start()
    #expect(try refusal(gateway, "emergency.report", ["plan": "fire"]).contains("has not held yet"))
    _ = try gateway.control().call("emergency.start", ["plan": "fire", "drill": true])
    raise(chip)
    #expect(try report(gateway)["done"]?.boolValue == false)
    #expect(try waitUntil(limit: 6_000) { try report(gateway)["done"]?.boolValue == true } != nil)
    let told = try report(gateway)
    #expect(told["drill"]?.boolValue == true && told["by"]?.stringValue != nil)
    #expect([told["of"], told["reacted"], told["did_not_react"]] == [3, 2, 1], "\(told.text)")
    #expect(point("lobby", told)?["ms"]?.integerValue == 0, "a lock follows in the scan of the start")
    let travel = try #require(point("lane", told)?["ms"]?.integerValue)
    #expect((400...2_000).contains(travel), "\(travel) ms")
    #expect(point("dead", told)?["result"] == "did-not-react")
    #expect(point("dead", told)?["limit_ms"] == 2_000)
    // A denial in a drill is the drill's.
    _ = try gateway.ingress().present("lobby.card", "card:H10301/1/1")
    #expect(waitUntil(limit: 2_000) { (try? gateway.records().last?["type"]) == "access" } != nil)
    let pointRecords = try gateway.records().filter { $0["point"] != nil && $0["type"] != "operator" }
    #expect(pointRecords.count >= 5)
    for record in pointRecords { #expect(record["detail"]?["drill"] == true, "\(record.text)") }
    let reacted = try records(gateway, "point-reacted")
    #expect(Set(reacted.compactMap { $0["point"]?.stringValue }) == ["lobby", "lane"])
    #expect(reacted.allSatisfy { $0["type"] == "emergency" && $0["detail"]?["ms"] != nil })
    #expect(try records(gateway, "point-not-reacted").map { $0["point"]?.stringValue } == ["dead"])

    #expect(chip.output(22) && chip.output(23))
    _ = try gateway.control().call("emergency.silence", ["plan": "fire"])
    #expect(waitUntil(limit: 1_000) { !chip.output(22) } != nil && chip.output(23))
    #expect(try refusal(gateway, "emergency.silence", ["plan": "lockdown"]).contains("can_silence"))
    try becomesReal(gateway, chip, drill: told)
  }

  /// The fire comes during its drill: in earnest from then on, told so, and not reset while it burns.
  private func becomesReal(_ gateway: RunningGateway, _ chip: SimulatedChip, drill: JSONValue) throws {
    chip.setInput(5, true)
    #expect(waitUntil(limit: 1_000) { chip.output(22) } != nil, "the siren sounds again")
    #expect(waitUntil(limit: 3_000) { (try? records(gateway, "drill-became-real").count) == 1 } != nil)
    #expect(try refusal(gateway, "emergency.start", ["plan": "fire", "drill": true]).contains("for real"))
    let refused = try refusal(gateway, "emergency.reset", ["plan": "fire"])
    #expect(refused.contains("'fire' still calls"), "\(refused)")
    chip.setInput(5, false)
    #expect(waitUntil(limit: 2_000) { (try? records(gateway, "emergency-input-ended").count) == 1 } != nil)
    #expect(try waitUntil(limit: 6_000) { try report(gateway)["done"]?.boolValue == true } != nil)
    let told = try report(gateway)
    #expect(told["drill"]?.boolValue == false && told["input"] == "fire")
    #expect(told["started"] != drill["started"])
    _ = try gateway.control().call("emergency.reset", ["plan": "fire"])
    let reset = try #require(
      waitUntil(limit: 2_000) { (try? records(gateway, "emergency-reset").count) == 1 })
    #expect(reset < 2_000)
    #expect(
      try records(gateway, "emergency-reset").first?["detail"]?["by"]?.stringValue == drill["by"]?.stringValue
    )
    #expect(waitUntil(limit: 2_000) { (try? report(gateway)["ended"]) != nil } != nil)
    #expect(try gateway.stop() == .exited(0))
    try gateway.startAndWait()
    let kept = try report(gateway)
    #expect(kept["points"] == (try report(gateway))["points"] && kept["ended"] != nil, "kept over a restart")
    #expect(kept["started"] == told["started"])
  }

  @Test func mainsThatFailOpenTheExitAndEndByThemselves() throws {
    let (gateway, chip) = try start()
    func faults() -> String { ((try? gateway.status()["faults"])?.map(\.text)) ?? "" }
    #expect(!faults().contains("power"))
    chip.setInput(6, true)
    raise(chip)
    #expect(waitUntil(limit: 2_000) { faults().contains("the mains have failed (mains.fail)") } != nil)
    chip.setInput(7, true)
    #expect(waitUntil(limit: 2_000) { faults().contains("the battery is low (battery.low)") } != nil)
    let reasons = { Set((try? gateway.records().compactMap { $0["reason"]?.stringValue }) ?? []) }
    #expect(waitUntil(limit: 2_000) { reasons().isSuperset(of: ["mains-fault", "battery-low"]) } != nil)
    let lane = try gateway.control().call("points").arrayValue?.first { $0["name"] == "lane" }
    #expect(lane?["held_open"] == true && lane?["released"] == false)
    #expect(try refusal(gateway, "close", ["point": "lane"]) == "refused: emergency")
    #expect(try report(gateway, "mains")["reacted"] == 1)
    // The mains come back while the whole box is off.
    #expect(try gateway.stop() == .exited(0))
    chip.setInput(6, false)
    chip.setInput(7, false)
    try gateway.startAndWait()
    #expect(
      waitUntil(limit: 2_000) {
        (try? gateway.status()["emergencies"]?.arrayValue?.contains { $0["active"] == true }) == false
      } != nil, "the plan has ended by itself")
    #expect(waitUntil(limit: 2_000) { (try? records(gateway, "emergency-ended").count) == 1 } != nil)
    #expect(waitUntil(limit: 700) { chip.output(16) || chip.output(17) } == nil, "and nothing moves")
    _ = try gateway.control().call("close", ["point": "lane"])
    #expect(waitUntil(limit: 1_000) { chip.output(17) } != nil, "by order it closes")
  }
}
