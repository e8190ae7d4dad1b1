import Messages
import Testing

@testable import Shell

@Suite struct VerbTests {
  @Test func statusSaysWhatIsWrongFirstAndNamesTheWire() {
    let run = ShellRun("status", DummyTransport(["status": Answers.status, "inputs": Answers.inputs]))
    #expect(run.code == 0)
    #expect(
      run.text == """
        gw-0417 at riverside, boot 7, up 2 h, clock synced
        WRONG (5):
          ! EMERGENCY fire (drill) holds until 'gatehouse emergency reset fire'
          ! lobby.contact: no signal since 12 s (io unit 2 discrete input 0)
          ! clock: holdover
          ! io unit 2 does not answer: timed out
          ! the guard has restarted the controller 1 times, last: ended by signal 9
            (Killed)
        points  lane1 closed, lobby unknown
        log     1 to 5120, 120 not yet at HQ, 1 MB
        list    version 42, 813 credentials
        scan    7200000, 2 overruns, late p50 30 us, p99 90 us, max 1.2 ms
        grants  12, credential to output p50 1.1 ms, p99 4.2 ms
        """)
  }

  @Test func aQuietControllerIsWell() {
    let run = ShellRun("status", DummyTransport(["status": ["gateway": "g"], "inputs": []]))
    #expect(run.output.contains("all is well"))
  }

  @Test func pointsFitTheirTable() {
    let run = ShellRun("points", DummyTransport(["points": Answers.points]))
    #expect(
      run.text == """
        point  kind     state       for  car  cycles  note
        lane1  barrier  open        2 s  yes     311  passage p-7-19
        yard   gate     faulted  10 min  -         4  obstructed-twice, locked down, o..
        """)
  }

  @Test func jsonIsJSONLinesAndNothingElse() throws {
    let run = ShellRun("points --json", DummyTransport(["points": Answers.points]))
    #expect(run.output.count == 2)
    for line in run.output { _ = try JSONValue.parse(Array(line.utf8)) }
    let status = ShellRun("--json status", DummyTransport(["status": Answers.status]))
    #expect(status.output == [Answers.status.text])
  }

  @Test func watchTellsEachRecordOnOneLine() {
    let events: [JSONValue] = [
      ["record": Answers.record], ["record": Answers.record], ["record": Answers.record],
    ]
    let run = ShellRun("watch --count 2", DummyTransport(events: events))
    let line = "101 08:00:00.123 lane1.camera plate:京A12345 GRANT granted"
    #expect(run.output == [line, line])
  }

  @Test func logPullPrintsTheLogsOwnBytes() {
    let odd = #"{"v":1,  "seq":7,"detail":{"x":"\u0041"}}"#
    let transport = DummyTransport(["log.pull": ["records": [.string(odd)], "last": 7]])
    for line in ["log pull --after 6 --limit 1", "log pull --after 6 --limit 1 --json"] {
      #expect(ShellRun(line, transport).output == [odd])
    }
    #expect(transport.asked[0] == #"log.pull {"after":6,"limit":1}"#)
  }

  @Test(arguments: [
    ("open lane1", #"open {"point":"lane1"}"#),
    ("close lane1", #"close {"point":"lane1"}"#),
    ("reset lane1", #"reset {"point":"lane1"}"#),
    ("service lane1 out", #"service {"point":"lane1","out":true}"#),
    ("service lane1 in", #"service {"point":"lane1","out":false}"#),
    ("free lobby on", #"free {"point":"lobby","on":true}"#),
    ("free lobby off", #"free {"point":"lobby","on":false}"#),
    ("maintenance on", #"maintenance {"on":true}"#),
    ("test output lane1.raise --for 500ms", #"test.output {"name":"lane1.raise","level":true,"for_ms":500}"#),
    ("test output x --for 2s --level off", #"test.output {"name":"x","level":false,"for_ms":2000}"#),
    ("emergency start fire", #"emergency.start {"plan":"fire","drill":false}"#),
    ("emergency drill fire", #"emergency.start {"plan":"fire","drill":true}"#),
    ("emergency reset fire", #"emergency.reset {"plan":"fire"}"#),
    ("emergency silence fire", #"emergency.silence {"plan":"fire"}"#),
    ("emergency report fire", #"emergency.report {"plan":"fire"}"#),
    ("list lookup plate:A1", #"list.lookup {"credential":"plate:A1"}"#),
    ("log explain 101", #"log.explain {"seq":101}"#),
    (
      "why --reader r --credential plate:A --confidence 0.5",
      #"why {"reader":"r","credential":"plate:A","confidence":0.5}"#
    ),
  ])
  func aVerbAsksWhatItSays(line: String, asked: String) {
    let transport = DummyTransport()
    _ = ShellRun(line, transport)
    #expect(transport.asked == [asked])
  }

  @Test(
    arguments: [
      ("log verify --db good.db", 0, "12 records, chain intact"),
      ("log verify --db bad.db", 1, "chain broken at record 5: digest"),
      ("log pull --db good.db --after 4 --limit 2", 0, #"{"seq":5}"#),
      ("why --site s --list l --reader r --credential plate:A --at now", 0, "GRANT  granted"),
      ("why --site s --list l --reader r --credential plate:B --at now", 1, "DENY  granted"),
    ] as [(String, Int32, String)])
  func someVerbsNeedNoController(line: String, code: Int32, first: String) {
    let transport = DummyTransport()
    let run = ShellRun(line, transport)
    #expect(run.code == code && run.output.first == first)
    #expect(transport.asked.isEmpty)
  }

  /// Again and again until the point is there, and let go of in the end.
  @Test func holdRepeatsUntilItIsThere() {
    let there: JSONValue = [["name": "lane1", "state": "closed"]]
    let transport = DummyTransport(["points": there])
    let run = ShellRun("hold lane1 close", transport)
    #expect(run.code == 0 && run.output == ["lane1 is closed"])
    let way = { (way: String) in #"hold {"point":"lane1","way":"\#(way)"}"# }
    #expect(transport.asked == [way("close"), "points {}", way("stop")])
    let moving = DummyTransport(["points": [["name": "lane1", "state": "closing"]]])
    let stopped = ShellRun("hold lane1 close --for 400ms", moving)
    #expect(stopped.code == 1 && stopped.output == ["lane1: let go on its way"])
    #expect(moving.asked.count { $0 == way("close") } >= 2 && moving.asked.last == way("stop"))
    let refused = DummyTransport(refusal: .refused("refused: sensors-work"))
    #expect(ShellRun("hold lane1 close", refused).code == 1)
  }

  @Test func selftestFailsWithItsCheck() {
    let answer: JSONValue = [
      "ok": false, "checks": [["name": "journal", "ok": false, "detail": "disk full"]],
    ]
    let run = ShellRun("selftest", DummyTransport(["selftest": answer]))
    #expect(run.code == 1 && run.text.contains("journal  FAILS  disk full"))
  }
}
