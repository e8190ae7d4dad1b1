import Messages
import Testing

@testable import Shell

@Suite struct LogVerbTests {
  /// A log of 1,200 records, three points in turn, one in a hundred an alarm.
  private final class LogTransport: ControlTransport {
    private let first: Int64 = 101
    private let last: Int64 = 1_300
    private(set) var pulls = 0

    func ask(_ verb: String, _ arguments: JSONValue) throws(ShellFault) -> JSONValue {
      if verb == "status" { return ["journal": ["first": .integer(first), "last": .integer(last)]] }
      pulls += 1
      let after = max(first - 1, arguments["after"]?.integerValue ?? 0)
      let limit = arguments["limit"]?.integerValue ?? 0
      let end = min(last, after + limit)
      guard after < end else { return ["records": [], "last": .integer(after)] }
      return [
        "records": .array((after + 1...end).map { .string(Self.record($0).text) }), "last": .integer(end),
      ]
    }

    func stream(
      _ verb: String, _ arguments: JSONValue, while goesOn: () -> Bool, each: (JSONValue) -> Void
    ) throws(ShellFault) {
      for seq in last + 1...last + 200 where goesOn() { each(["record": Self.record(seq)]) }
    }

    static func record(_ seq: Int64) -> JSONValue {
      let isAlarm = seq % 100 == 0
      return [
        "v": 1, "seq": .integer(seq), "at": "2026-11-22T08:00:00.123Z",
        "type": isAlarm ? "door-alarm" : "access", "point": .string("p\(seq % 3)"),
        "reason": isAlarm ? "forced-open" : "granted", "detail": .object([]),
      ]
    }
  }

  private func run(_ line: String) -> (output: [String], code: Int32, pulls: Int) {
    final class Box { var lines: [String] = [] }
    let box = Box()
    let transport = LogTransport()
    let shell = TechnicianShell(
      table: .standard(offline: .none), connect: { _ in transport }, write: { box.lines.append($0) },
      complain: { box.lines.append($0) })
    let code = shell.run(TechnicianShell.split(line), isTerminal: false)
    return (box.lines, code, transport.pulls)
  }

  private func seqs(_ lines: [String]) -> [Int64] {
    lines.compactMap { Int64($0.prefix { $0 != " " && $0 != "," }) }
  }

  @Test func tailShowsTheNewestThatPass() {
    #expect(seqs(run("log tail --lines 3").output) == [1_298, 1_299, 1_300])
    let alarms = run("log tail --lines 3 --type door-alarm")
    #expect(seqs(alarms.output) == [1_100, 1_200, 1_300] && alarms.pulls == 1)
    #expect(seqs(run("log tail --lines 2 --reason forced-open --point p0").output) == [900, 1_200])
    #expect(seqs(run("log tail --lines 50 --type door-alarm").output).count == 12)
    #expect(run("log tail --type emergency").output.isEmpty)
    #expect(alarms.output.allSatisfy { DisplayWidth.of($0) <= 80 })
  }

  @Test func tailFollowsWhatPasses() {
    let lines = run("log tail --lines 1 --follow --type door-alarm").output
    #expect(seqs(lines) == [1_300, 1_400, 1_500])
  }

  @Test func exportIsATableByRFC4180() throws {
    let table = run("log export --csv --after 1290 --limit 3").output
    #expect(
      table == [
        "seq,at,clock,type,point,reader,side,credential,decision,reason,list,passage,detail\r",
        "1291,2026-11-22T08:00:00.123Z,,access,p1,,,,,granted,,,\r",
        "1292,2026-11-22T08:00:00.123Z,,access,p2,,,,,granted,,,\r",
        "1293,2026-11-22T08:00:00.123Z,,access,p0,,,,,granted,,,\r",
      ])
    #expect(seqs(run("log export --csv --type door-alarm --limit 4").output) == [200, 300, 400, 500])
    #expect(run("log export --csv").output.count == 1_201)
    let odd: JSONValue = [
      "seq": 7, "type": "access", "credential": "plate:A,1", "reason": "say \"no\"", "list": 42,
      "detail": ["text": "two\nlines"],
    ]
    #expect(
      RecordTable.row(odd.text)
        == #"7,,,access,,,,"plate:A,1",,"say ""no""",42,,"{""text"":""two\nlines""}""# + "\r")
    #expect(RecordTable.row(#"{"v":1,"seq":9,"redacted":true,"digest":"00"}"#) == "9,,,redacted,,,,,,,,,\r")
  }

  @Test(arguments: ["log export", "log export --csv --json", "log export --csv --frob", "log tail --point"])
  func misuseIsSaid(_ line: String) {
    #expect(run(line).code == 2)
  }

  @Test func verifySaysWhatThereIs() {
    let answer: JSONValue = [
      "ok": true, "records": 1_200, "first": 101, "last": 1_310, "redacted": 40, "lost": 10,
    ]
    let transport = DummyTransport(["log.verify": answer])
    #expect(
      ShellRun("log verify", transport).output == [
        "1200 records, chain intact", "seq 101 to 1310, 40 redacted, 10 told as lost",
      ])
    #expect(ShellRun("log verify --json", transport).output == [answer.text])
    #expect(ShellRun("log verify --db good.db").output == ["12 records, chain intact"])
  }

  @Test func statusTellsWhatTheCardHasToTake() {
    let written: JSONValue = ["bytes": 90_000, "bytes_per_record": 9_000, "bytes_per_day": 86_000_000]
    let status: JSONValue = ["gateway": "g", "journal": ["written": written]]
    let run = ShellRun("status", DummyTransport(["status": status, "inputs": []]))
    #expect(
      run.output.contains { $0.hasPrefix("card    ") && $0.contains("a record") && $0.contains("a day") })
  }
}
