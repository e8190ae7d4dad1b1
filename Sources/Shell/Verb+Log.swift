import Messages

/// Whether a log's chain is whole.
public enum LogVerdict: Sendable, Equatable {
  case intact(records: Int64, span: LogSpan? = nil)
  case broken(seq: Int64, why: String)
}

/// What a log holds.
public struct LogSpan: Sendable, Equatable {
  public var first: Int64
  public var last: Int64
  /// Records whose content was dropped for privacy.
  public var redacted: Int64
  /// Seqs between the first and the last that are told as lost.
  public var lost: Int64

  public init(first: Int64, last: Int64, redacted: Int64, lost: Int64) {
    self.first = first
    self.last = last
    self.redacted = redacted
    self.lost = lost
  }

  /// Of the answer to `log.verify`; nil where it does not say.
  init?(_ answer: JSONValue) {
    guard let first = answer["first"]?.integerValue, let last = answer["last"]?.integerValue else {
      return nil
    }
    self.init(
      first: first, last: last, redacted: answer["redacted"]?.integerValue ?? 0,
      lost: answer["lost"]?.integerValue ?? 0)
  }

  var text: String { "seq \(first) to \(last), \(redacted) redacted, \(lost) told as lost" }

  var members: [(key: String, value: JSONValue)] {
    [
      ("first", .integer(first)), ("last", .integer(last)), ("redacted", .integer(redacted)),
      ("lost", .integer(lost)),
    ]
  }
}

/// The log.
extension Verb {
  /// Records asked for at once.
  private static var page: Int64 { 500 }

  static func logging(_ offline: OfflineWork) -> [Verb] {
    [
      Verb(
        "log tail", "[--lines 20] [--follow] [--point P] [--type T] [--reason R]",
        help: "the newest records, one line each", options: RecordFilter.options.union(["--lines"]),
        flags: ["--follow"]
      ) { call throws(ShellFault) in try tail(call) },
      Verb(
        "log pull", "--after N [--limit M] [--db FILE]",
        help: "records byte for byte; a file needs no controller",
        options: ["--after", "--limit", "--db"]
      ) { call throws(ShellFault) in
        guard let after = try call.words.count("--after") else { throw .misuse("'log pull' needs --after N") }
        let limit = try call.words.count("--limit") ?? Int64.max
        if let path = call.words["--db"] {
          try offline.records(path, after, limit) { call.console.verbatim($0) }
        } else {
          try pull(call.transport, after: after, limit: limit) { call.console.verbatim($0) }
        }
        return 0
      },
      Verb(
        "log export", "--csv [--after N] [--limit M] [--point P] [--type T] [--reason R]",
        help: "records as a table for a spreadsheet",
        options: RecordFilter.options.union(["--after", "--limit"]), flags: ["--csv"]
      ) { call throws(ShellFault) in try export(call) },
      Verb(
        "log verify", "[--db FILE]", help: "checks the log's chain; a file needs no controller",
        options: ["--db"]
      ) { call throws(ShellFault) in try verify(call, offline) },
    ]
  }

  static func pull(
    _ transport: any ControlTransport, after: Int64, limit: Int64, each: (String) -> Void
  ) throws(ShellFault) {
    var after = after
    var left = limit
    while left > 0 {
      let part = try transport.ask(
        "log.pull", ["after": .integer(after), "limit": .integer(min(left, page))])
      let records = part["records"]?.arrayValue ?? []
      guard !records.isEmpty, let last = part["last"]?.integerValue, last > after else { return }
      for record in records { each(record.stringValue ?? record.text) }
      after = last
      left -= Int64(records.count)
    }
  }

  private static func tail(_ call: Call) throws(ShellFault) -> Int32 {
    let lines = try call.words.count("--lines") ?? 20
    let filter = RecordFilter(call.words)
    for line in try newest(lines, filter, call.transport) { show(line, call.console) }
    guard call.words.has("--follow") else { return 0 }
    try call.transport.stream("watch", .object([]), while: { call.console.goesOn() }) { event in
      if let record = event["record"], filter.takes(record) {
        call.console.tell(record)
        call.console.say(RecordText.line(record))
      }
    }
    return 0
  }

  /// The newest records that pass, in their order: pages from the end backwards until there are enough.
  private static func newest(
    _ wanted: Int64, _ filter: RecordFilter, _ transport: any ControlTransport
  ) throws(ShellFault) -> [String] {
    let journal = try transport.ask("status")["journal"]
    var end = journal?["last"]?.integerValue ?? 0
    let first = max(1, journal?["first"]?.integerValue ?? 1)
    var found: [String] = []
    while end >= first, Int64(found.count) < wanted {
      let size = min(filter.isOpen ? wanted : page, end)
      var lines: [String] = []
      try pull(transport, after: end - size, limit: size) { line in
        // Where seqs are missing, so many records reach into the page behind.
        guard let record = try? JSONValue.parse(Array(line.utf8)),
          record["seq"]?.integerValue ?? 0 <= end, filter.takes(record)
        else { return }
        lines.append(line)
      }
      found = lines + found
      end -= size
    }
    return Array(found.suffix(Int(clamping: wanted)))
  }

  private static func export(_ call: Call) throws(ShellFault) -> Int32 {
    guard call.words.has("--csv") else { throw .misuse("'log export' needs --csv") }
    guard !call.console.json else {
      throw .misuse("'log export' prints CSV; 'log pull --after 0' prints JSON lines")
    }
    let after = try call.words.count("--after") ?? 0
    var left = try call.words.count("--limit") ?? Int64.max
    let filter = RecordFilter(call.words)
    call.console.verbatim(RecordTable.header)
    try pull(call.transport, after: after, limit: filter.isOpen ? left : Int64.max) { line in
      guard left > 0, filter.takes(line: line) else { return }
      left -= 1
      call.console.verbatim(RecordTable.row(line))
    }
    return 0
  }

  private static func show(_ text: String, _ console: Console) {
    guard !console.json, let record = try? JSONValue.parse(Array(text.utf8)) else {
      console.verbatim(text)
      return
    }
    console.say(RecordText.line(record))
  }

  private static func verify(_ call: Call, _ offline: OfflineWork) throws(ShellFault) -> Int32 {
    let verdict: LogVerdict
    if let path = call.words["--db"] {
      verdict = try offline.verify(path)
    } else {
      let result = try call.transport.ask("log.verify")
      verdict =
        result["ok"]?.boolValue == true
        ? .intact(records: result["records"]?.integerValue ?? 0, span: LogSpan(result))
        : .broken(seq: result["first_broken"]?.integerValue ?? 0, why: result["why"]?.stringValue ?? "")
    }
    switch verdict {
    case .intact(let records, let span):
      call.console.say("\(records) records, chain intact")
      if let span, records > 0 { call.console.say(span.text) }
      call.console.tell(.object([("ok", true), ("records", .integer(records))] + (span?.members ?? [])))
      return 0
    case .broken(let seq, let why):
      call.console.say(
        DisplayWidth.cut("chain broken at record \(seq)" + (why.isEmpty ? "" : ": \(why)"), to: 80))
      call.console.tell(["ok": false, "first_broken": .integer(seq), "why": .string(why)])
      return 1
    }
  }
}
