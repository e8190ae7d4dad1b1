import Messages
import Testing

@testable import Shell

@Suite struct WearVerbTests {
  private static let points: JSONValue = [
    [
      "name": "lane1", "kind": "barrier", "state": "faulted", "fault": "relay-welded",
      "advice": "it moved as only its motor does while no output was on: measure both relays' contacts",
      "presence": false, "cycles": 12_311, "reversals": 4, "tailgates": 2, "opening_usual_ms": 1_420,
      "opening_last_ms": 1_900, "closing_usual_ms": 1_510, "closing_last_ms": 1_500, "slow": true,
      "since_ms": 1_000,
    ],
    ["name": "lobby", "kind": "door", "state": "locked", "presence": false, "cycles": 90, "since_ms": 5_000],
  ]
  private static let outputs: JSONValue = [
    ["name": "lane1.raise", "level": false, "safe": false, "wiring": "io coil 1", "operations": 12_400]
  ]

  @Test func pointsSayWhatToLookAt() {
    let run = ShellRun("points", DummyTransport(["points": Self.points]))
    #expect(run.output.count == 5, "\(run.text)")
    #expect(run.output[1].contains("relay-welded, slow"))
    #expect(run.output[3].hasPrefix("  ! lane1: relay-welded: it moved as only its motor does"))
    for line in run.output { #expect(line.count <= 80, "\(line)") }
  }

  @Test func wearIsTwoTables() {
    let run = ShellRun("wear", DummyTransport(["points": Self.points, "outputs": Self.outputs]))
    #expect(run.output.contains { $0.contains("12311") && $0.contains("1420 ms") && $0.hasSuffix("SLOW") })
    #expect(run.output.contains { $0.hasPrefix("lobby") && $0.contains("90") })
    #expect(run.output.contains { $0.hasPrefix("lane1.raise") && $0.hasSuffix("12400") })
    for line in run.output { #expect(line.count <= 80, "\(line)") }
  }

  @Test func aResetNamesItsPoint() {
    let transport = DummyTransport(["wear.reset": ["accepted": true]])
    let run = ShellRun("wear reset lane1", transport)
    #expect(run.output == ["wear reset lane1: accepted"])
  }
}
