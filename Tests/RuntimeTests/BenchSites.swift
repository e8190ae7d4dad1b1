/// The sites of these tests.
enum BenchSites {
  /// A barrier and two doors on a simulated chip. Line 20 is a magnet, which locks with power and so is on in service.
  static let simulated = """
    {
      gateway: { id: "gw-test", site: "bench", timezone: "UTC" },
      loop: { period_us: 1000, priority: 40, guard_ms: 50 },
      gpio: { bench: { simulated: true } },
      inputs: {
        "lane.up": { gpio: "bench", line: 0 },
        "lane.down": { gpio: "bench", line: 1 },
        "lane.loop": { gpio: "bench", line: 2 },
        "lobby.contact": { gpio: "bench", line: 3 },
        "lobby.rex": { gpio: "bench", line: 4 },
        "fire": { gpio: "bench", line: 5 },
      },
      outputs: {
        "lane.raise": { gpio: "bench", line: 16, safe: false },
        "lane.lower": { gpio: "bench", line: 17, safe: false },
        "lobby.strike": { gpio: "bench", line: 18, safe: false },
        "exit.magnet": { gpio: "bench", line: 20, safe: false },
      },
      points: {
        lane: { kind: "barrier", direction: "in", outputs: { raise: "lane.raise", lower: "lane.lower" },
                inputs: { up: "lane.up", down: "lane.down", closing_loop: "lane.loop" },
                pulse_ms: 900, travel_ms: 1500, auto_close_ms: 1000 },
        lobby: { kind: "door", outputs: { unlock: "lobby.strike" },
                 inputs: { contact: "lobby.contact", exit_button: "lobby.rex" }, fail: "secure", unlock_ms: 400 },
        exit: { kind: "door", outputs: { unlock: "exit.magnet" }, fail: "safe", unlock_ms: 1000 },
      },
      readers: {
        "lane.camera": { point: "lane", side: "in", kind: "plate", min_confidence: 0.8, hold_off_ms: 2000 },
        "lobby.card": { point: "lobby", side: "in", kind: "card" },
        "lobby.wires": { point: "lobby", side: "in", kind: "card",
                         wiegand: { gpio: "bench", d0: 30, d1: 31, frame_gap_ms: 100, formats: ["H10301"] } },
        "lobby.guarded": { point: "lobby", side: "in", kind: "card", source_user: "nobody" },
      },
      schedules: { always: {} },
      groups: { residents: { points: ["lane", "lobby"], schedule: "always" } },
      emergency: { fire: { input: "fire", release: ["lobby", "exit", "lane"], until: "reset" } },
      journal: { capacity: 10000, warn_at: 0.8, commit_budget_ms: 50 },
    }
    """

  /// A magnet door, a strike and a barrier on a Modbus server.
  static func modbus(port: Int) -> String {
    """
    {
      gateway: { id: "gw-bus", site: "bench", timezone: "UTC" },
      loop: { period_us: 1000, priority: 40, guard_ms: 50 },
      buses: { io: { tcp: "127.0.0.1:\(port)", timeout_ms: 200 } },
      inputs: {
        "lane.up": { bus: "io", unit: 1, table: "discrete_input", address: 0 },
        "lane.down": { bus: "io", unit: 1, table: "discrete_input", address: 1 },
      },
      outputs: {
        "lane.raise": { bus: "io", unit: 1, table: "coil", address: 0, safe: false, accept_no_watchdog: true },
        "lane.lower": { bus: "io", unit: 1, table: "coil", address: 1, safe: false, accept_no_watchdog: true },
        "exit.magnet": { bus: "io", unit: 1, table: "coil", address: 2, safe: false, accept_no_watchdog: true },
      },
      points: {
        lane: { kind: "barrier", direction: "in", outputs: { raise: "lane.raise", lower: "lane.lower" },
                inputs: { up: "lane.up", down: "lane.down" }, pulse_ms: 900, travel_ms: 1500, auto_close_ms: 0 },
        exit: { kind: "door", outputs: { unlock: "exit.magnet" }, fail: "safe", unlock_ms: 1000 },
      },
      readers: { "lane.camera": { point: "lane", side: "in", kind: "plate" } },
      schedules: { always: {} },
      groups: { residents: { points: ["lane"], schedule: "always" } },
      journal: { capacity: 10000, warn_at: 0.8, commit_budget_ms: 50 },
    }
    """
  }

  static let list = """
    credential,holder,groups,valid_from,valid_until,uses,flags
    plate:京A12345,unit 3-1201,residents,,,,
    card:H10301/123/45678,Li Na,residents,,,,
    plate:粤BD12345,blocked,,,,,deny

    """
}
