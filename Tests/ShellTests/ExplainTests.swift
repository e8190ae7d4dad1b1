import Glibc
import Messages
import Platform
import TestSupport
import Testing

@testable import Shell

/// What a guard reads of a decision, past or possible.
@Suite struct ExplainTests {
  private static let told: [(key: String, value: JSONValue)] = [
    ("seq", 101), ("decision", "deny"), ("reason", "denied-passback"), ("reader", "lobby.card"),
    ("point", "lobby"),
    ("credential", "card:H10301/123/45678"), ("at", "2026-11-22T08:00:00.123Z"), ("list", 41),
  ]

  private static let rules: JSONValue = [
    ["rule": "list", "outcome": "pass", "why": "in the list as card:H10301/****78 (Li Na), version 41"],
    [
      "rule": "passback", "outcome": "fail",
      "why": "area garage: is not inside the outer yard of the whole estate, which lies around it",
    ],
  ]

  private func run(_ more: [(key: String, value: JSONValue)], _ line: String = "log explain 101") -> ShellRun
  {
    ShellRun(line, DummyTransport(["log.explain": .object(Self.told + more)]))
  }

  @Test func theSameAgainIsExitZero() {
    let run = run([("replayed", true), ("agrees", true), ("rules", Self.rules), ("unknown", [])])
    #expect(run.code == 0)
    #expect(
      run.output == [
        "101  DENY  denied-passback",
        "card:H10301/123/45678 at lobby.card (point lobby), 2026-11-22T08:00:00.123Z", "list version 41",
        "made again under the list and the state of then: the same", "rule           outcome  why",
        "list           pass     in the list as card:H10301/****78 (Li Na), version 41",
        "passback       fail     area garage: is not inside the outer yard of the whole",
        "                        estate, which lies around it",
      ])
  }

  @Test func whatIsNotKnownIsTold() {
    let run = run([
      ("replayed", false),
      ("unknown", ["the list of then, version 41, is no longer kept: only 42 and newer are"]),
    ])
    #expect(run.code == 1)
    #expect(
      Array(run.output.dropFirst(3)) == [
        "not made again; no longer known:",
        "  - the list of then, version 41, is no longer kept: only 42 and newer are",
        "the record says: deny, denied-passback",
      ])
  }

  @Test func anotherOutcomeIsTold() {
    let again: JSONValue = ["decision": "grant", "reason": "granted"]
    let answer: [(key: String, value: JSONValue)] = [
      ("replayed", true), ("agrees", false), ("again", again), ("rules", Self.rules), ("unknown", []),
    ]
    #expect(run(answer).code == 1)
    #expect(run(answer).text.contains("made again it comes out otherwise: GRANT granted"))
    let json = run(answer, "log explain 101 --json")
    #expect(json.output == [JSONValue.object(Self.told + answer).text])
  }

  @Test func aRefusalIsExitOne() {
    #expect(ShellRun("log explain 7", DummyTransport(refusal: .refused("seq 7 is lost"))).code == 1)
  }
}

/// `why` of the running gateway and without one, by the real programs.
@Suite(.serialized) struct WhyTests {
  private static let site = """
    {
      gateway: { id: "gw-why", site: "bench", timezone: "Europe/Berlin" },
      gpio: { bench: { simulated: true } },
      outputs: { a: { gpio: "bench", line: 0, safe: false }, b: { gpio: "bench", line: 1, safe: false } },
      points: { front: { kind: "door", outputs: { unlock: "a" }, fail: "secure", unlock_ms: 400 },
                vault: { kind: "door", outputs: { unlock: "b" }, fail: "secure", unlock_ms: 400 } },
      readers: { card: { point: "front", side: "in", kind: "card" },
                 camera: { point: "front", side: "in", kind: "plate", match: "tolerant", min_confidence: 0.8 },
                 pair: { point: "vault", side: "in", kind: "card", two_person: true } },
      schedules: { always: {}, office: { mon: ["08:00-12:00"] } },
      groups: { all: { points: ["front", "vault"], schedule: "always" },
                staff: { points: ["front"], schedule: "office", untrusted_clock: "deny" } },
      areas: { house: { capacity: 5, entries: ["front"], exits: ["vault"], passback: "hard" } },
      journal: { capacity: 1000 },
    }
    """

  private static let list = """
    credential,holder,groups,valid_from,valid_until,uses,flags
    card:H10301/1/1,Ann,all,2026-01-01T00:00:00Z,2027-01-01T00:00:00Z,3,
    card:H10301/1/2,Bob,staff,,,,
    plate:B-GH 417,Ann,all,,,,
    plate:B-GH 9I8,Bob,all,,,,deny

    """

  private let folder: TemporaryDirectory
  private let daemon: ChildProcess
  private let running: [String]
  private let offline: [String]

  init() throws {
    folder = try TemporaryDirectory(prefix: "why")
    let path = folder.path
    try Files.write(Array(Self.site.utf8), to: "\(path)/site.json5")
    try Files.write(Array(Self.list.utf8), to: "\(path)/list.csv")
    running = ["--run", "\(path)/run"]
    offline = ["--site", "\(path)/site.json5", "--list", "\(path)/list.csv"]
    try Files.makeDirectory("\(path)/run")
    daemon = try ChildProcess(
      try program("gatehoused"),
      ["--site", "\(path)/site.json5", "--state", "\(path)/state", "--run", "\(path)/run"],
      environment: ["SWIFT_BACKTRACE": "enable=no"], error: .append(path: "\(path)/log"))
    for _ in 0..<200 where try Program.run(running + ["status"]).code == 3 {
      MonotonicClock.sleep(milliseconds: 50)
    }
    let imported = try Program.run(running + ["list", "import", "\(path)/list.csv"])
    #expect(imported.code == 0)
  }

  private func end() throws {
    daemon.signal(SIGTERM)
    _ = try daemon.wait(milliseconds: 8_000)
  }

  @Test func theGatewayAnswersAsTheProgramAlone() throws {
    defer { try? end() }
    let cases: [(question: [String], reason: String)] = [
      (["card", "card:H10301/1/1"], "granted"), (["card", "card:H10301/1/2"], "denied-out-of-time-range"),
      (["card", "card:H10301/1/9"], "denied-unknown-credential"),
      (["pair", "card:H10301/1/1"], "authorization-delayed"),
      (["camera", "plate:BGH4I7"], "granted"),
      (["camera", "plate:BGH4T7"], "denied-unknown-credential"),
      (["camera", "plate:BGH918"], "denied-credential-manual-disable"),
      (["camera", "plate:BGH417", "0.5"], "denied-authentication-factor-error"),
      (["card", "plate:BGH417"], "denied-authentication-factor-error"),
    ]
    for (question, reason) in cases {
      var words = [
        "why", "--reader", question[0], "--credential", question[1], "--at", "2026-11-22T14:00:00+01:00",
      ]
      if question.count > 2 { words += ["--confidence", question[2]] }
      for form in question[0] == "card" ? [["--json"]] : [[], ["--json"]] {
        let live = try Program.run(running + words + form)
        let alone = try Program.run(words + offline + form)
        #expect(live.lines == alone.lines && live.code == alone.code, "\(question)")
        #expect(live.lines.joined().contains(reason), "\(question): \(live.lines)")
        #expect(live.code == (reason == "granted" ? 0 : 1))
      }
    }
  }
}
