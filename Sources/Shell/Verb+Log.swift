import Messages

/// Whether a log's chain is whole.
public enum LogVerdict: Sendable, Equatable {
  case intact(records: Int64)
  case broken(seq: Int64, why: String)
}

/// The log.
extension Verb {
  /// Records asked for at once.
  private static var page: Int64 { 500 }

  static func logging(_ offline: OfflineWork) -> [Verb] {
    [
      Verb(
        "log tail", "[--lines 20] [--follow]", help: "the newest records, one line each",
        options: ["--lines"],
        flags: ["--follow"]
      ) { call throws(ShellFault) in try tail(call) },
      Verb(
        "log pull", "--after N [--limit M]", help: "records as they stand in the log, byte for byte",
        options: ["--after", "--limit"]
      ) { call throws(ShellFault) in
        guard let after = try call.words.count("--after") else { throw .misuse("'log pull' needs --after N") }
        let limit = try call.words.count("--limit") ?? Int64.max
        try pull(call.transport, after: after, limit: limit) { call.console.verbatim($0) }
        return 0
      },
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
    let newest = try call.transport.ask("status")["journal"]?["last"]?.integerValue ?? 0
    try pull(call.transport, after: max(0, newest - min(lines, newest)), limit: lines) {
      show($0, call.console)
    }
    guard call.words.has("--follow") else { return 0 }
    try call.transport.stream("watch", .object([]), while: { call.console.goesOn() }) { event in
      if let record = event["record"] {
        call.console.tell(record)
        call.console.say(RecordText.line(record))
      }
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
        ? .intact(records: result["records"]?.integerValue ?? 0)
        : .broken(seq: result["first_broken"]?.integerValue ?? 0, why: result["why"]?.stringValue ?? "")
    }
    switch verdict {
    case .intact(let records):
      call.console.say("\(records) records, chain intact")
      call.console.tell(["ok": true, "records": .integer(records)])
      return 0
    case .broken(let seq, let why):
      call.console.say(
        DisplayWidth.cut("chain broken at record \(seq)" + (why.isEmpty ? "" : ": \(why)"), to: 80))
      call.console.tell(["ok": false, "first_broken": .integer(seq), "why": .string(why)])
      return 1
    }
  }
}
