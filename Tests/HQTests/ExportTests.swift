import Journal
import Messages
import Platform
import Testing

@testable import HQ

@Suite struct ExportTests {
  @Test(
    arguments: [
      ("", ""), ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""),
      ("two\nlines", "\"two\nlines\""), ("=1+2", "'=1+2"), ("+49", "'+49"), ("-1", "'-1"),
      ("@SUM(A1)", "'@SUM(A1)"),
      ("\t=1", "'\t=1"), ("\r\n=1", "\"'\r\n=1\""),
      ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
      ("plate:京A12345", "plate:京A12345"), ("é=1", "é=1"),
    ])
  func aCellIsTextAndOneCell(text: String, cell: String) {
    #expect(CSVText.cell(text) == cell)
  }

  private func filled() throws -> Estate {
    let estate = try Estate()
    var drafts: [LogRecord] = []
    for number in 0..<30 {
      var draft = LogRecord(
        at: Timestamp(milliseconds: 1_795_334_400_000 + Int64(number) * 60_000), clock: .synced, monotonic: 1,
        type: number % 3 == 0 ? .access : .actuator, point: number % 2 == 0 ? "lane1" : "lane2",
        credential: "plate:=cmd|'x'!A\(number),\"", reason: number % 3 == 0 ? "granted" : nil)
      draft.detail = ["event": "opened", "ms": .integer(Int64(number))]
      drafts.append(draft)
    }
    _ = try estate.journal.append(drafts)
    try estate.journal.redact([5])
    try estate.take(try estate.batch(after: 0, limit: 30))
    return estate
  }

  private func export(_ estate: Estate, _ arguments: [String]) throws -> String {
    let path = "\(estate.place.path)/export"
    #expect(HQProgram.run(["export"] + arguments + [path, "--store", "\(estate.place.path)/hq.db"]) == 0)
    return String(decoding: try Files.read(path), as: UTF8.self)
  }

  @Test(
    arguments: [
      ([], 30), (["--after", "20"], 10), (["--limit", "7"], 7), (["--point", "lane1"], 15),
      (["--type", "access"], 10), (["--reason", "granted", "--point", "lane2"], 5),
      (["--from", "2026-11-22T08:10:00Z", "--to", "2026-11-22T08:20:00Z"], 10),
      (["--from", "2026-11-23"], 0),
      (["--gateway", "gw-1"], 30), (["--site", "riverside", "--after", "29"], 1),
    ] as [([String], Int)])
  func onlyWhatIsAskedForIsWritten(arguments: [String], count: Int) throws {
    let estate = try filled()
    let first = try estate.reader.records(after: 0, limit: 1)
    try #require(String(decoding: first[0].bytes, as: UTF8.self).contains("2026-11-22T"))
    let asksForColumns = arguments.contains { ["--point", "--type", "--reason", "--from"].contains($0) }
    let lines = try export(estate, ["jsonl"] + arguments).split(separator: "\n")
    // The redacted record has no columns that could be asked for.
    let redacted = lines.count { $0.contains("\"redacted\":true") }
    #expect(redacted == 0 || !asksForColumns)
    #expect(abs(lines.count - count) <= (asksForColumns ? 1 : 0))
  }

  @Test func csvHasTheSameCellsInEveryRow() throws {
    let estate = try filled()
    let script = """
      import csv, sys
      rows = list(csv.reader(open(sys.argv[1], newline=''), strict=True))
      assert len(rows) == 31, len(rows)
      assert {len(row) for row in rows} == {18}, {len(row) for row in rows}
      assert rows[1][10] == "plate:=cmd|'x'!A0,\\"", rows[1]
      assert rows[5][6] == 'redacted' and rows[5][10] == '', rows[5]
      assert [row[2] for row in rows[1:]] == [str(n) for n in range(1, 31)]
      assert not [cell for row in rows for cell in row if cell[:1] in '=+-@' and cell]
      """
    _ = try export(estate, ["csv"])
    try Files.write(Array(script.utf8), to: "\(estate.place.path)/check.py")
    let check = try ChildProcess("python3", ["\(estate.place.path)/check.py", "\(estate.place.path)/export"])
    #expect(try check.wait() == .exited(0))
  }

  /// A good one, one of a type that only a newer gateway knows, one of an impossible time, and a redacted one.
  static var oddRecords: [[UInt8]] {
    [
      LogRecord(
        gateway: "gw-1", boot: 1, at: Timestamp(milliseconds: 1_795_334_400_000), clock: .synced,
        monotonic: 1,
        type: .system
      ).encoded(seq: 1),
      Array(#"{"v":1,"gateway":"gw-1","seq":2,"at":"2026-11-22T08:00:00.000Z","type":"hologram"}"#.utf8),
      Array(#"{"v":1,"gateway":"gw-1","seq":3,"at":"2026-13-77T99:00:00.000Z","type":"system"}"#.utf8),
      Array(
        #"{"v":1,"gateway":"gw-1","seq":4,"redacted":true,"digest":"\#(String(repeating: "ab", count: 32))"}"#
          .utf8),
    ]
  }

  @Test func whatCannotBeReadIsNotCalledRedacted() throws {
    let estate = try Estate()
    try estate.take(
      UplinkLogBatch(gateway: "gw-1", first: 1, previous: Digest.zero, records: Self.oddRecords))
    let types = try export(estate, ["csv"]).split(separator: "\r\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false)[6]
    }
    #expect(types == ["system", "unreadable", "unreadable", "redacted"])
  }

  /// The store fails in the middle of it.
  @Test func anExportThatFailsLeavesNothing() throws {
    let estate = try filled()
    do {
      try Database(path: "\(estate.place.path)/hq.db", mode: .readWrite).execute(
        "DROP VIEW record; ALTER TABLE entry RENAME COLUMN stored_at TO lost;")
    }
    let path = "\(estate.place.path)/export"
    try Files.write([1], to: path)
    #expect(HQProgram.run(["export", "csv", path, "--store", "\(estate.place.path)/hq.db"]) == 1)
    #expect(!Files.exists("\(path).new"))
    #expect(try Files.read(path) == [1])
  }

  @Test func whoeverGetsTheLinesCanFollowTheChain() throws {
    let estate = try filled()
    var link = Digest.zero
    for line in try export(estate, ["jsonl"]).split(separator: "\n") {
      let text = try #require(line.split(separator: "\"record\":", maxSplits: 1).last)
      let value = try JSONValue.parse(Array(line.utf8))
      let digest =
        value["record"]?["digest"]?.stringValue.flatMap(Hex.bytes) ?? Digest.of(Array(text.dropLast().utf8))
      link = Digest.chained(link, digest)
      #expect(value["hash"]?.stringValue == Hex.text(link))
      #expect(value["site"] == "riverside")
    }
    #expect(try estate.gateway().through.hash == link)
  }

  @Test(
    arguments: [
      (["export"], 2), (["export", "xml"], 2), (["export", "csv", "--from", "yesterday"], 2),
      (["export", "csv", "--type", "nonsense"], 2), (["export", "csv", "--gateway", "gw-9"], 1),
      (["export", "csv", "--site", "s"], 1), (["export", "csv", "/nowhere/x.csv"], 1),
      (["log", "gw-1", "--after", "-1"], 2), (["log", "gw-1", "--limit", "0"], 0), (["verify", "--all"], 0),
      (["verify", "gw-1", "--json"], 0), (["gateways", "--json"], 0), (["status", "--json"], 0),
      (["status"], 0),
      (["alarms"], 0), (["list", "status"], 0), (["verify"], 2), (["retire", "gw-9"], 1),
      (["open", "gw-1", "p"], 2),
      (["list", "publish", "/nowhere.csv"], 2), (["serve", "--broker", "mqtts://x", "--part", "3/2"], 2),
      (["serve", "--broker", "mqtts://x", "--silent-after", "x"], 2),
    ] as [([String], Int32)])
  func exitCodes(arguments: [String], code: Int32) throws {
    let estate = try filled()
    #expect(HQProgram.run(arguments + ["--store", "\(estate.place.path)/hq.db"]) == code)
  }
}
