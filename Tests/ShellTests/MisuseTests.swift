import Messages
import Platform
import Testing

@testable import Shell

@Suite struct MisuseTests {
  @Test(arguments: [
    ("staus", "did you mean 'status'?"),
    ("log", "needs one more word"),
    ("list frobnicate", "needs one more word"),
    ("open", "usage: gatehouse open POINT"),
    ("open lane1 lane2", "one word too many"),
    ("status --fast", "knows no option --fast"),
    ("service lane1 away", "'out' or 'in', not 'away'"),
    ("test output x", "needs --for 500ms"),
    ("test output x --for 500", "a duration such as 500ms"),
    ("hold lane1", "usage: gatehouse hold POINT open|close"),
    ("hold lane1 up", "'open' or 'close', not 'up'"),
    ("hold lane1 close --for 10m", "at most 120s"),
    ("log pull", "needs --after"),
    ("log explain", "usage: gatehouse log explain SEQ"),
    ("log explain last", "the seq of a record, not 'last'"),
    ("log pull --after minus", "a whole number"),
    ("log pull --after 1 --after 2", "stands twice"),
    ("why --reader r", "needs --credential"),
    ("why --reader r --credential c --confidence 2", "from 0 to 1"),
    ("list import /no/such/file", "check the path"),
    ("--run", "--run needs a directory"),
    ("", "no verb"),
  ])
  func misuseIsExitTwoAndSaysWhatIsRight(line: String, said: String) {
    let transport = DummyTransport()
    let run = ShellRun(line, transport)
    #expect(run.code == 2)
    #expect(run.errors.joined().contains(said), "said \(run.errors)")
    #expect(run.output.isEmpty, "nothing on standard output")
    #expect(transport.asked.isEmpty, "nothing was asked")
  }

  @Test func aRefusalIsExitOneAndSilenceExitThree() {
    #expect(ShellRun("open lane1", DummyTransport(refusal: .refused("refused: emergency"))).code == 1)
    let gone = TechnicianShell(table: .standard(offline: .none), write: { _ in }, complain: { _ in })
    #expect(gone.run(["--run", "/no/such/run", "status"], isTerminal: false) == 3)
    #expect(gone.run(["status", "--run=/no/such/run"], isTerminal: false) == 3)
  }

  @Test func everyVerbHasItsHelpWithin80Columns() {
    let run = ShellRun("help")
    #expect(run.code == 0)
    for verb in VerbTable.standard(offline: .none).verbs {
      #expect(run.output.contains { $0.contains("  \(verb.name) ") && $0.contains(verb.help) })
      #expect(ShellRun("help \(verb.name)").text.contains(verb.help))
    }
  }

  @Test func aListTravelsWholeInPiecesAndNeverCutsACharacter() throws {
    let folder = try TemporaryDirectory()
    let text = (0..<4_000).map { "plate:京A\($0),住户 \($0),residents,,,,\n" }.joined()
    try Files.write(Array(text.utf8), to: "\(folder.path)/list.csv")
    let transport = DummyTransport([
      "list.begin": ["import": 3], "list.commit": ["version": 2, "count": 4_000, "skipped": []],
    ])
    let run = ShellRun("list import \(folder.path)/list.csv --merge", transport)
    #expect(run.output == ["list version 2 with 4000 credentials"])
    #expect(transport.asked.first == #"list.begin {"merge":true,"skip_bad":false}"#)
    var sent = ""
    for line in transport.asked where line.hasPrefix("list.rows ") {
      #expect(line.utf8.count < MessageLimits.lineBytes)
      sent += try JSONValue.parse(Array(line.dropFirst(10).utf8))["text"]?.stringValue ?? ""
    }
    #expect(sent == text)
  }

  @Test func theTabulatorCompletesVerbsOptionsAndNames() {
    let transport = DummyTransport(["points": [["name": "lane1"], ["name": "lane2"], ["name": "lobby"]]])
    let completion = Completion(table: .standard(offline: .none), transport: transport)
    #expect(completion.words([], "sta") == ["status"])
    #expect(
      completion.words(["emergency"], "") == ["drill", "report", "reset", "silence", "start", "status"])
    #expect(completion.words(["open"], "la") == ["lane1", "lane2"])
    #expect(completion.words(["log", "pull"], "--l") == ["--limit"])
  }

  @Test(
    arguments: [
      ("500ms", 500), ("2s", 2_000), ("3min", 180_000), ("5", nil), ("ms", nil), ("-1s", nil), ("1.5s", nil),
    ] as [(String, Int64?)])
  func durations(text: String, milliseconds: Int64?) {
    #expect(Quantities.milliseconds(text) == milliseconds)
  }
}
