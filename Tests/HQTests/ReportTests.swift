import Journal
import Messages
import Platform
import Testing

@testable import HQ

@Suite struct ReportTests {
  /// Reads the page with expat and html.parser, and tells its tables as JSON: nothing in it may come from elsewhere.
  private static let reader = """
    import html.parser, json, sys, xml.etree.ElementTree as tree
    text = open(sys.argv[1], encoding='utf-8').read()
    body = tree.fromstring(text.split('\\n', 1)[1])
    assert text.startswith('<!DOCTYPE html>\\n<html ')
    names, tables, numbers = [], {}, {}
    for element in body.iter():
        name = element.tag.split('}')[1]
        names.append(name)
        for key, value in element.attrib.items():
            assert key not in ('href', 'src', 'onload', 'xlink:href') and 'url(' not in value, (key, value)
        if name == 'b' and 'id' in element.attrib:
            numbers[element.attrib['id']] = int(element.text.replace(',', ''))
        if name == 'section':
            rows = [[''.join(cell.itertext()) for cell in row] for row in element.iter('{http://www.w3.org/1999/xhtml}tr')]
            tables[element.attrib['id']] = rows
        if name == 'svg':
            assert element.attrib['aria-label'] and element.attrib['viewBox']
    assert 'script' not in names and 'link' not in names and 'img' not in names
    seen = []
    class Reader(html.parser.HTMLParser):
        def handle_starttag(self, tag, attributes): seen.append(tag)
    Reader().feed(text)
    assert [n.lower() for n in names] == seen, 'a reader of HTML sees another page'
    json.dump({'tables': tables, 'numbers': numbers, 'svg': names.count('svg')}, open(sys.argv[2], 'w'))
    """

  private func report(_ sample: SampleEstate, _ arguments: [String] = []) throws -> JSONValue {
    let page = "\(sample.place.path)/page.html"
    try #require(HQProgram.run(["report", page, "--store", sample.path] + arguments) == 0)
    let script = "\(sample.place.path)/read.py"
    let told = "\(sample.place.path)/told.json"
    try Files.write(Array(Self.reader.utf8), to: script)
    let check = try ChildProcess("python3", [script, page, told])
    try #require(try check.wait() == .exited(0))
    return try JSONValue.parse(try Files.read(told))
  }

  private func sql(_ sample: SampleEstate, _ condition: String) throws -> Int64? {
    try Database(path: sample.path, mode: .readOnly).integer("SELECT count(*) FROM record WHERE \(condition)")
  }

  private func sum(_ rows: JSONValue?, column: Int) -> Int64 {
    (rows?.arrayValue ?? []).dropFirst().reduce(0) {
      $0 + (Int64($1[column]?.stringValue?.replacing(",", with: "") ?? "") ?? 0)
    }
  }

  @Test(
    arguments: [
      ([], "1"), (["--gateway", "gw-1"], "gateway = 1"), (["--site", "hill"], "gateway = 3"),
      (["--from", "2026-11-18", "--to", "2026-11-19"], "at >= 1794960000000 AND at < 1795046400000"),
      (
        ["--from", "2026-11-18", "--to", "2026-11-19", "--utc-offset", "+08:00"],
        "at >= 1794931200000 AND at < 1795017600000"
      ), (["--from", "2027-01-01"], "0"),
    ] as [([String], String)])
  func itsNumbersAreThoseOfTheStore(arguments: [String], condition: String) throws {
    var sample = try SampleEstate()
    try sample.add("gw-1", days: 4, points: ["lane1", "lane2", "lobby"])
    try sample.add("gw-2", days: 4, points: ["yard"])
    try sample.add("gw-1", site: "hill", days: 4, points: ["lane1"])
    let period =
      arguments.isEmpty || !arguments[0].hasPrefix("--from")
      ? ["--from", "2026-11-16", "--to", "2026-11-20"] : []
    let selection = arguments.first == "--gateway" ? ["--gateway", "riverside/gw-1"] : arguments
    let told = try report(sample, selection + period)
    let numbers = try #require(told["numbers"])
    let tables = try #require(told["tables"])
    func expect(_ found: Int64?, _ what: String) throws {
      #expect(try found == sql(sample, "(\(condition)) AND \(what)"), "\(what)")
    }
    try expect(numbers["n-records"]?.integerValue, "1")
    try expect(numbers["n-grants"]?.integerValue, "decision = 'grant'")
    try expect(numbers["n-denials"]?.integerValue, "decision = 'deny'")
    try expect(numbers["n-passages"]?.integerValue, "type = 'passage' AND event = 'passage'")
    try expect(sum(tables["decisions"], column: 1), "decision = 'grant'")
    try expect(sum(tables["decisions"], column: 2), "decision = 'deny'")
    try expect(sum(tables["traffic"], column: 1), "type = 'passage' AND event = 'passage'")
    try expect(sum(tables["reasons"], column: 1), "decision = 'deny'")
    try expect(sum(tables["doors"], column: 1), "type = 'door-alarm' AND event = 'held-open'")
    try expect(sum(tables["doors"], column: 2), "type = 'door-alarm' AND event = 'forced-open'")
    try expect(sum(tables["wear"], column: 1), "type = 'actuator' AND event IN ('opened', 'unlocked')")
    try expect(sum(tables["wear"], column: 7), "type = 'actuator' AND event = 'obstruction'")
    for (place, bounds) in ["<= 10000", "BETWEEN 10001 AND 60000", "BETWEEN 60001 AND 3600000"].enumerated() {
      try expect(sum(tables["lag"], column: place + 1), "stored_at - at \(bounds)")
    }
    let hour = selection.contains("+08:00") ? "(at + 28800000)" : "at"
    for column in [0, 7, 12, 18, 23] {
      try expect(
        sum(tables["traffic"], column: column + 2),
        "type = 'passage' AND \(hour) / 3600000 % 24 = \(column)")
    }
  }

  @Test func anEmptyEstateHasAPageToo() throws {
    let told = try report(try SampleEstate())
    #expect(told["numbers"]?["n-gateways"] == 0)
    #expect(told["numbers"]?["n-records"] == 0)
  }

  @Test func fiftyGatewaysFitOnOnePage() throws {
    var sample = try SampleEstate(seed: 5)
    for number in 1...50 { try sample.add("gw-\(number)", days: 1, points: ["lane1", "lobby"]) }
    let told = try report(sample)
    #expect(told["numbers"]?["n-gateways"] == 50)
    #expect(told["tables"]?["chain"]?.arrayValue?.count == 51)
    #expect(told["tables"]?["traffic"]?.arrayValue?.count == 101)
    #expect((told["svg"]?.integerValue ?? 0) <= 20)
  }

  @Test func whatGatewaysCallThingsIsOnlyText() throws {
    var sample = try SampleEstate()
    let names = [
      "<script>alert(1)</script>", "\"><img src=x onerror=y>", "a&b;&lt;", "\u{1B}[2J\u{0}", "]]>\u{FFFF}",
      "' or 1",
    ]
    var records: [LogRecord] = []
    for (number, name) in names.enumerated() {
      for type in [LogRecord.Kind.passage, .doorAlarm, .access, .gap, .actuator] {
        let event = [.passage: "passage", .doorAlarm: "forced-open", .actuator: "opened"][type]
        records.append(
          LogRecord(
            at: Timestamp(milliseconds: SampleEstate.start + Int64(number) * 60_000), clock: .synced,
            monotonic: 1,
            type: type, point: name, credential: "plate:\(name)", decision: type == .access ? .deny : nil,
            reason: name,
            detail: event.map { ["event": .string($0), "ms": .integer(.max)] } ?? ["count": .integer(.min)]))
      }
    }
    try sample.send(records, "gw-1", "<b>hill</b>")
    let told = try report(sample, ["--from", "2026-11-16", "--to", "2026-11-17"])
    #expect(told["tables"]?["reasons"]?.arrayValue?.count == names.count + 1)
    #expect(told["tables"]?["reasons"]?.arrayValue?.contains { $0[0] == "<script>alert(1)</script>" } == true)
    #expect(told["tables"]?["chain"]?[1]?[0] == "<b>hill</b>/gw-1")
    #expect(told["tables"]?["gaps"]?.arrayValue?.count == names.count + 1)
  }

  @Test func whatIsLeftOutIsCounted() throws {
    let estate = try Estate()
    let lines = ExportTests.oddRecords
    try estate.take(UplinkLogBatch(gateway: "gw-1", first: 1, previous: Digest.zero, records: lines))
    let store = estate.store
    let figures = try store.figures(
      of: [try estate.gateway()], in: ReportPeriod(from: 0, to: 4_000_000_000_000, offset: 0),
      named: { $0.name })
    #expect(figures.records == 1)
    #expect(figures.unreadable == 2)
    #expect(figures.gateways.map(\.redacted) == [1])
    #expect(figures.gateways.map(\.outside) == [0])
  }

  @Test func whatIsWrongIsInRed() throws {
    var sample = try SampleEstate()
    try sample.add("gw-1", days: 1, points: ["lane1"])
    let gateway = try #require(try sample.store.gateways().first)
    _ = try sample.store.raise(.logCut, "its log ends", of: gateway, at: SampleEstate.start + 1)
    do {
      try Database(path: sample.path, mode: .readWrite).execute(
        "UPDATE entry SET record = x'7b7d' WHERE id & 65535 = 4")
    }
    let told = try report(sample, ["--from", "2026-11-16", "--to", "2026-11-17"])
    #expect(told["numbers"]?["n-broken"] == 1)
    #expect(told["numbers"]?["n-unreadable"] == 1)
    #expect(told["numbers"]?["n-alarms"] == 1)
    #expect(told["tables"]?["chain"]?[1]?[1]?.stringValue?.contains("BROKEN at seq 4") == true)
    #expect(told["tables"]?["alarms"]?[1]?[1] == "log-cut")
  }

  @Test(
    arguments: [
      (0.0, 1.0), (1, 1), (3, 3), (7, 8), (10, 10), (11, 15), (99, 100), (1_234, 1_500), (1e6, 1e6),
      (1e300, 1e300),
    ])
  func anAxisEndsAtARoundNumberAboveAll(highest: Double, end: Double) {
    let axis = Axis(highest: highest)
    #expect(axis.end >= highest)
    #expect(axis.marks.count <= 6)
    #expect(axis.end <= end * 1.000_001)
  }

  @Test(
    arguments: [
      ("+08:00", 28_800_000), ("-05:00", -18_000_000), ("+00:00", 0), ("Z", 0), ("8", nil), ("", nil),
      ("+25:00", nil),
    ] as [(String, Int64?)])
  func offsets(text: String, offset: Int64?) {
    #expect(ReportPeriod.offset(text) == offset)
  }

  @Test func stepsFollowThePeriod() {
    let day = ReportPeriod.Step.day.rawValue
    let start = SampleEstate.start
    let cases: [(Int64, Int64, ReportPeriod.Step, Int)] = [
      (start, start + day, .hour, 24), (start, start + 3 * day, .hour, 72), (start, start + 4 * day, .day, 4),
      (start + 1, start + day * 92, .day, 92), (start, start + day * 98, .week, 14),
      (start - 1, start + day * 98, .week, 15),
      (start, start + 1, .hour, 1), (-1, 1, .hour, 2),
    ]
    for (from, to, step, count) in cases {
      let period = ReportPeriod(from: from, to: to, offset: 0)
      #expect(period.step == step)
      #expect(period.count == count, "\(from) to \(to)")
      #expect(period.place(from) == 0)
      #expect(period.place(to - 1) == count - 1)
    }
    #expect(ReportPeriod(from: start, to: start + 100 * day, offset: 0).label(1) == "2026-11-23")
    #expect(ReportPeriod(from: start, to: start + day, offset: 19_800_000).label(0) == "11-16 05h")
    #expect(ReportPeriod(from: start, to: start + day, offset: 19_800_000).zone == "UTC+05:30")
    #expect(ReportPeriod(from: start, to: start + day, offset: -3_600_000).hour(start) == 23)
  }
}
