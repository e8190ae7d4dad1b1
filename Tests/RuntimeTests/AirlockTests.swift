import GPIODriver
import Messages
import Platform
import Testing

/// A turnstile that counts who is inside, and an airlock whose doors wait for one another or do not.
private let site = """
  {
    gateway: { id: "gw-test", site: "bench", timezone: "UTC" },
    loop: { period_us: 1000, priority: 40, guard_ms: 50 },
    gpio: { bench: { simulated: true } },
    inputs: {
      "gym.in": { gpio: "bench", line: 0 }, "gym.out": { gpio: "bench", line: 1 },
      "a.contact": { gpio: "bench", line: 2 }, "b.contact": { gpio: "bench", line: 3 }, "b.rex": { gpio: "bench", line: 4 },
      "c.contact": { gpio: "bench", line: 5 },
    },
    outputs: {
      "gym.release_in": { gpio: "bench", line: 16 }, "gym.release_out": { gpio: "bench", line: 17 },
      "a.strike": { gpio: "bench", line: 18 }, "b.strike": { gpio: "bench", line: 19 }, "c.strike": { gpio: "bench", line: 20 },
    },
    points: {
      gym: { kind: "turnstile", outputs: { release_in: "gym.release_in", release_out: "gym.release_out" },
             inputs: { rotation_in: "gym.in", rotation_out: "gym.out" }, pulse_ms: 100, entry_ms: 2000, settle_ms: 50 },
      a: { kind: "door", outputs: { unlock: "a.strike" }, inputs: { contact: "a.contact" } },
      b: { kind: "door", outputs: { unlock: "b.strike" }, inputs: { contact: "b.contact", exit_button: "b.rex" } },
      c: { kind: "door", outputs: { unlock: "c.strike" }, inputs: { contact: "c.contact" } },
    },
    interlocks: [["a", "b"], { points: ["a", "c"], wait_ms: 5000 }],
    readers: {
      "gym.card_in": { point: "gym", side: "in", kind: "card" }, "gym.card_out": { point: "gym", side: "out", kind: "card" },
      "a.card": { point: "a", side: "in", kind: "card" }, "b.card": { point: "b", side: "in", kind: "card" },
      "c.card": { point: "c", side: "in", kind: "card" },
    },
    schedules: { always: {} },
    groups: { members: { points: ["gym", "a", "b", "c"], schedule: "always" } },
    areas: { gym: { entries: ["gym"], exits: ["gym"], passback: "hard" } },
    journal: { capacity: 10000, warn_at: 0.8, commit_budget_ms: 50 },
  }
  """

private let list = """
  credential,holder,groups,valid_from,valid_until,uses,flags
  card:H10301/1/1,Li Na,members,,,,

  """

private let card = "card:H10301/1/1"

@Suite(.serialized) struct AirlockTests {
  private func opened() throws -> (RunningGateway, SimulatedChip) {
    let gateway = try RunningGateway(site: site)
    try gateway.startAndWait()
    try gateway.importList(list)
    let chip = try gateway.chip("bench")
    for line in [2, 3, 5] { chip.setInput(line, true) }
    MonotonicClock.sleep(milliseconds: 50)
    return (gateway, chip)
  }

  private func turn(_ line: Int, _ chip: SimulatedChip) {
    chip.setInput(line, true)
    MonotonicClock.sleep(milliseconds: 100)
    chip.setInput(line, false)
    MonotonicClock.sleep(milliseconds: 100)
  }

  private func has(_ gateway: RunningGateway, _ holds: @escaping (JSONValue) -> Bool) -> Bool {
    waitUntil(limit: 5_000) { (try? gateway.records().contains(where: holds)) == true } != nil
  }

  @Test func aTurnstileKnowsWhoIsInside() throws {
    let (gateway, chip) = try opened()
    let ingress = try gateway.ingress()
    #expect(try ingress.present("gym.card_in", card)["decision"] == "grant")
    #expect(waitUntil(limit: 3_000) { chip.output(16) } != nil)
    turn(0, chip)
    #expect(
      has(gateway) { $0["type"] == "passage" && $0["side"] == "in" && $0["credential"]?.stringValue == card })
    #expect(try ingress.present("gym.card_in", card)["reason"] == "denied-passback")
    #expect(try ingress.present("gym.card_out", card)["decision"] == "grant")
    #expect(waitUntil(limit: 3_000) { chip.output(17) } != nil)
    turn(1, chip)
    #expect(has(gateway) { $0["type"] == "passage" && $0["side"] == "out" })
    // A grant that nobody uses leaves the person outside.
    #expect(try ingress.present("gym.card_in", card)["decision"] == "grant")
    #expect(has(gateway) { $0["reason"] == "no-entry-after-grant" })
    #expect(try ingress.present("gym.card_in", card)["decision"] == "grant")
    #expect(has(gateway) { $0["reason"] == "no-entry-after-grant" })
    turn(0, chip)
    MonotonicClock.sleep(milliseconds: 3_000)
    turn(0, chip)
    #expect(has(gateway) { $0["type"] == "door-alarm" && $0["reason"] == "forced-open" })
  }

  @Test func anAirlockDeniesOrLetsWait() throws {
    let (gateway, chip) = try opened()
    let ingress = try gateway.ingress()
    // Door a stands open: b is denied at once, its exit button too, and both are in the log.
    #expect(try ingress.present("a.card", card)["decision"] == "grant")
    #expect(waitUntil(limit: 3_000) { chip.output(18) } != nil)
    chip.setInput(2, false)
    MonotonicClock.sleep(milliseconds: 100)
    #expect(try ingress.present("b.card", card)["reason"] == "denied-interlock")
    chip.setInput(4, true)
    MonotonicClock.sleep(milliseconds: 100)
    chip.setInput(4, false)
    #expect(
      has(gateway) {
        $0["type"] == "access" && $0["point"] == "b" && $0["side"] == "out" && $0["decision"] == "deny"
          && $0["reason"] == "denied-interlock"
      })
    #expect(!chip.output(19))
    // Door c waits until a has fallen shut.
    #expect(try ingress.present("c.card", card)["decision"] == "grant")
    MonotonicClock.sleep(milliseconds: 200)
    #expect(!chip.output(20))
    chip.setInput(2, true)
    #expect(waitUntil(limit: 3_000) { chip.output(20) } != nil)
  }
}
