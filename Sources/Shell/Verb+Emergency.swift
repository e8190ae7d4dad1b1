import Messages

/// Emergency plans.
extension Verb {
  static let emergencies: [Verb] = [
    Verb("emergency status", help: "which plans hold") { call throws(ShellFault) in
      try table(call, "emergency.status", ["plan", "kind", "state", "for"], right: [3]) { plan in
        [text(plan, "name"), text(plan, "kind"), state(plan), age(plan)]
      }
    },
    plan("start", "emergency.start", "starts a plan", .technician) { name in
      ["plan": .string(name), "drill": false]
    },
    Verb(
      "emergency drill", "PLAN [--wait]", help: "a drill; --wait: and its report",
      role: .technician, flags: ["--wait"], words: 1...1, names: .plan
    ) { call throws(ShellFault) in try drill(call) },
    plan("silence", "emergency.silence", "sirens off; the plan holds on", .technician) { name in
      ["plan": .string(name)]
    },
    Verb(
      "emergency report", "PLAN", help: "which points followed a plan, in how many ms",
      words: 1...1, names: .plan
    ) { call throws(ShellFault) in
      tell(try call.transport.ask("emergency.report", ["plan": .string(call.words.free[0])]), call)
    },
    plan("reset", "emergency.reset", "you have looked: ends a plan", .administrator) { name in
      ["plan": .string(name)]
    },
  ]

  private static func plan(
    _ word: String, _ verb: String, _ help: String, _ role: VerbRole,
    arguments: @escaping @Sendable (String) -> JSONValue
  ) -> Verb {
    Verb("emergency \(word)", "PLAN", help: help, role: role, words: 1...1, names: .plan) {
      call throws(ShellFault) in
      _ = try call.transport.ask(verb, arguments(call.words.free[0]))
      return done(call, "emergency \(word) \(call.words.free[0]): accepted")
    }
  }

  private static func state(_ plan: JSONValue) -> String {
    guard plan["active"]?.boolValue == true else { return "quiet" }
    let drill = plan["drill"]?.boolValue == true ? ", as a drill" : ""
    return "HOLDS\(drill)\(plan["silenced"]?.boolValue == true ? ", silenced" : "")"
  }

  private static func age(_ plan: JSONValue) -> String {
    plan["since_ms"]?.integerValue.map { Quantities.duration(milliseconds: $0) } ?? "-"
  }

  // MARK: Drills

  /// With `--wait`: until every point has followed or had its time. The plan holds on until its reset.
  private static func drill(_ call: Call) throws(ShellFault) -> Int32 {
    let name = call.words.free[0]
    let plan: JSONValue = ["plan": .string(name)]
    guard call.words.has("--wait") else {
      _ = try call.transport.ask("emergency.start", ["plan": .string(name), "drill": true])
      return done(call, "emergency drill \(name): accepted")
    }
    // A drill that holds already goes on, and so does its report; else the next one is waited for.
    let held = try call.transport.ask("emergency.status").arrayValue ?? []
    let goesOn = held.contains { $0["name"]?.stringValue == name && $0["active"]?.boolValue == true }
    let old = goesOn ? nil : try? call.transport.ask("emergency.report", plan)
    _ = try call.transport.ask("emergency.start", ["plan": .string(name), "drill": true])
    let patience = Stopwatch(milliseconds: 5_000)
    while call.console.goesOn() {
      let report = try? call.transport.ask("emergency.report", plan)
      let isNew = report != nil && (old == nil || report?["started"] != old?["started"])
      if isNew, let report, report["done"]?.boolValue == true { return tell(report, call) }
      guard isNew || !patience.isOver else { throw .refused("the controller has no report of the drill") }
      Stopwatch.pause(milliseconds: 100)
    }
    throw .refused("stopped before every point had its time; the drill holds on")
  }

  private static func tell(_ report: JSONValue, _ call: Call) -> Int32 {
    call.console.tell(report)
    call.console.say(EmergencyText.lines(report))
    return report["done"]?.boolValue == true && report["reacted"] == report["of"] ? 0 : 1
  }
}
