import Messages

/// Verbs that only look.
extension Verb {
  static let looking: [Verb] = [
    Verb("status", help: "what is wrong first, then how everything stands") { call throws(ShellFault) in
      let status = try call.transport.ask("status")
      let inputs = try call.transport.ask("inputs")
      call.console.tell(status)
      call.console.say(StatusText.lines(status: status, inputs: inputs))
      return 0
    },
    Verb(
      "watch", "[--for 10s] [--count N]", help: "every record as it is written, until you stop it",
      options: ["--for", "--count"]
    ) { call throws(ShellFault) in try watch(call) },
    Verb("points", help: "barriers, gates and doors: state, passage, presence") { call throws(ShellFault) in
      let points = try call.transport.ask("points").arrayValue ?? []
      var table = TextTable(["point", "kind", "state", "for", "car", "cycles", "note"], right: [3, 5])
      for point in points {
        call.console.tell(point)
        table.add([
          text(point, "name"), text(point, "kind"), text(point, "state"),
          Quantities.duration(milliseconds: point["since_ms"]?.integerValue ?? 0),
          point["presence"]?.boolValue == true ? "yes" : "-", number(point, "cycles"), pointNote(point),
        ])
      }
      call.console.say(table.lines + advice(points))
      return 0
    },
    Verb("inputs", help: "every input: level, quality, wire") { call throws(ShellFault) in
      try table(call, "inputs", ["input", "level", "quality", "age", "wire"], right: [3]) { input in
        [
          text(input, "name"), input["level"]?.boolValue == true ? "on" : "off", InputText.state(input),
          input["age_ms"]?.integerValue.map { Quantities.duration(milliseconds: $0) } ?? "-",
          InputText.wire(input),
        ]
      }
    },
    Verb("outputs", help: "every output: level, safe level, what it does, wire") { call throws(ShellFault) in
      try table(call, "outputs", ["output", "level", "safe", "state", "wire"]) { output in
        let silent = output["quality"]?.stringValue == "bad"
        return [
          text(output, "name"), output["level"]?.boolValue == true ? "on" : "off",
          output["safe"]?.boolValue == true ? "on" : "off",
          output["fault"]?.stringValue ?? (silent ? "no answer" : "ok"), text(output, "wiring"),
        ]
      }
    },
    Verb("readers", help: "cameras and card readers: how many reads, the last one") {
      call throws(ShellFault) in
      try table(call, "readers", ["reader", "point", "side", "kind", "reads", "last"], right: [4]) { reader in
        ["name", "point", "side", "kind"].map { text(reader, $0) } + [
          number(reader, "reads"), reader["last"]?.stringValue ?? "-",
        ]
      }
    },
    Verb("buses", help: "each bus and each unit on it: polls, errors") { call throws(ShellFault) in
      try buses(call)
    },
    Verb("loop", help: "how punctual the scan is") { call throws(ShellFault) in
      let loop = try call.transport.ask("loop")
      call.console.tell(loop)
      call.console.say(LoopText.lines(loop))
      return 0
    },
    Verb("selftest", help: "asks the controller to check itself") { call throws(ShellFault) in
      let result = try call.transport.ask("selftest")
      call.console.tell(result)
      var table = TextTable(["check", "", "found"])
      for check in result["checks"]?.arrayValue ?? [] {
        table.add([
          text(check, "name"), check["ok"]?.boolValue == true ? "ok" : "FAILS", text(check, "detail"),
        ])
      }
      call.console.say(table.lines)
      return result["ok"]?.boolValue == true ? 0 : 1
    },
  ]

  static func text(_ value: JSONValue, _ key: String) -> String { value[key]?.stringValue ?? "-" }

  static func number(_ value: JSONValue, _ key: String) -> String {
    value[key]?.integerValue.map { "\($0)" } ?? "-"
  }

  /// A verb whose result is an array: JSON lines, or a table.
  static func table(
    _ call: Call, _ verb: String, _ head: [String], right: Set<Int> = [], row: (JSONValue) -> [String]
  ) throws(ShellFault) -> Int32 {
    let elements = try call.transport.ask(verb).arrayValue ?? []
    var table = TextTable(head, right: right)
    for element in elements {
      call.console.tell(element)
      table.add(row(element))
    }
    call.console.say(table.lines)
    return 0
  }

  static func pointNote(_ point: JSONValue) -> String {
    var notes: [String] = []
    if let fault = point["fault"]?.stringValue { notes.append(fault) }
    if point["slow"]?.boolValue == true { notes.append("slow") }
    if point["released"]?.boolValue == true { notes.append("released") }
    if point["held_open"]?.boolValue == true { notes.append("held open") }
    if point["locked_down"]?.boolValue == true { notes.append("locked down") }
    if point["out_of_service"]?.boolValue == true { notes.append("out of service") }
    if let access = point["access"]?.stringValue, access != "controlled" { notes.append(access) }
    if point["propped"]?.boolValue == true { notes.append("may stand open") }
    if let passage = point["passage"]?.stringValue { notes.append("passage \(passage)") }
    return notes.joined(separator: ", ")
  }

  private static func buses(_ call: Call) throws(ShellFault) -> Int32 {
    var table = TextTable(["bus", "unit", "state", "polls", "errors", "last error"], right: [1, 3, 4])
    for bus in try call.transport.ask("buses").arrayValue ?? [] {
      call.console.tell(bus)
      table.add([text(bus, "name"), "", text(bus, "state"), "", "", text(bus, "link")])
      for unit in bus["units"]?.arrayValue ?? [] {
        table.add([
          "", number(unit, "unit"), text(unit, "state"), number(unit, "polls"), number(unit, "errors"),
          unit["last_error"]?.stringValue ?? "",
        ])
      }
    }
    call.console.say(table.lines)
    return 0
  }

  private static func watch(_ call: Call) throws(ShellFault) -> Int32 {
    var left = try call.words.count("--count") ?? Int64.max
    let end = try call.words.duration("--for").map { Stopwatch(milliseconds: $0) }
    try call.transport.stream(
      "watch", .object([]), while: { left > 0 && end?.isOver != true && call.console.goesOn() }
    ) { event in
      guard left > 0, let record = event["record"] else { return }
      left -= 1
      call.console.tell(record)
      call.console.say(RecordText.line(record))
    }
    return 0
  }
}
