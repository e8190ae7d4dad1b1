import Messages
import Testing

@testable import Shell

private let report: JSONValue = [
  "plan": "fire", "kind": "fire", "drill": true, "started": "2026-11-22T08:00:00.123Z", "by": "root",
  "done": true, "of": 4, "reacted": 2, "late": 1, "did_not_react": 1,
  "points": [
    ["point": "lobby", "does": "release", "result": "reacted", "limit_ms": 2_000, "ms": 0],
    ["point": "lane1", "does": "release", "result": "reacted", "limit_ms": 2_700, "ms": 1_512],
    ["point": "lane2", "does": "release", "result": "late", "limit_ms": 2_700, "ms": 9_100],
    [
      "point": "yard", "does": "release", "result": "did-not-react", "limit_ms": 7_500, "ms": 7_500,
      "cause": "emergency-stop-pressed",
    ],
  ],
]

@Suite struct EmergencyTests {
  private let text = """
    DRILL of fire started 2026-11-22T08:00:00.123Z by root, holds
    point  does         reacted    limit  why not
    lobby  release         0 ms  2000 ms
    lane1  release      1512 ms  2700 ms
    lane2  release  LATE 9100 ms  2700 ms
    yard   release  NO REACTION  7500 ms  emergency-stop-pressed
    2 of 4 points reacted in time, the slowest after 1512 ms, 1 late, 1 not at all
    """

  @Test func aReportIsATableAndANo() {
    let run = ShellRun("emergency report fire", DummyTransport(["emergency.report": report]))
    #expect(run.code == 1)
    #expect(
      run.output.map { $0.split(separator: " ") }
        == text.split(separator: "\n").map { $0.split(separator: " ") })
    let json = ShellRun("emergency report fire --json", DummyTransport(["emergency.report": report]))
    #expect(json.output == [report.text] && json.code == 1)
  }

  @Test func aDrillThatWaitsEndsWithItsReport() {
    // The plan holds already: its own report is the one that is waited for.
    let transport = DummyTransport([
      "emergency.report": report, "emergency.status": [["name": "fire", "active": true, "drill": true]],
    ])
    let run = ShellRun("emergency drill fire --wait", transport)
    #expect(run.code == 1 && run.output.count == 7)
    #expect(
      transport.asked == [
        "emergency.status {}", #"emergency.start {"plan":"fire","drill":true}"#,
        #"emergency.report {"plan":"fire"}"#,
      ])
  }

  @Test func everyPointInTimeIsAYes() {
    let good: JSONValue = [
      "plan": "power", "drill": false, "started": "t", "input": "mains", "done": true, "of": 1, "reacted": 1,
      "ended": "u",
      "points": [
        ["point": "exit", "does": "hold-open", "result": "reacted", "limit_ms": 2_700, "ms": 1_500]
      ],
    ]
    let run = ShellRun("emergency report power", DummyTransport(["emergency.report": good]))
    #expect(run.code == 0)
    #expect(run.output.first == "power, in earnest, started t by input mains, ended u")
    #expect(run.output.last == "1 of 1 points reacted in time, the slowest after 1500 ms")
  }
}
