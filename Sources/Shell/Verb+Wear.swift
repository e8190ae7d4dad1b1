import Messages

/// What motors and relays have done, and how they do it.
extension Verb {
  static let wearing: [Verb] = [
    Verb("wear", help: "cycles, travel times against the usual, relays") {
      call throws(ShellFault) in
      let points = try call.transport.ask("points").arrayValue ?? []
      let outputs = try call.transport.ask("outputs").arrayValue ?? []
      var motors = TextTable(
        ["point", "cycles", "turned", "tailgates", "opens", "usual", "closes", "usual", ""],
        right: [1, 2, 3, 4, 5, 6, 7])
      for point in points {
        motors.add(
          [
            text(point, "name"), number(point, "cycles"), number(point, "reversals"),
            number(point, "tailgates"),
          ]
            + ["opening_last_ms", "opening_usual_ms", "closing_last_ms", "closing_usual_ms"].map {
              point[$0]?.integerValue.map { "\($0) ms" } ?? "-"
            } + [point["slow"]?.boolValue == true ? "SLOW" : ""])
      }
      var relays = TextTable(["output", "switched on"], right: [1])
      for output in outputs { relays.add([text(output, "name"), number(output, "operations")]) }
      call.console.tell(["points": .array(points), "outputs": .array(outputs)])
      call.console.say(motors.lines + [""] + relays.lines)
      return 0
    },
    Verb(
      "wear reset", "POINT", help: "a new motor: its counts and travels begin anew",
      role: .technician, words: 1...1, names: .point
    ) { call throws(ShellFault) in
      _ = try call.transport.ask("wear.reset", ["point": .string(call.words.free[0])])
      return done(call, "wear reset \(call.words.free[0]): accepted")
    },
  ]

  /// Under the table of points: what a technician should look at, point by point.
  static func advice(_ points: [JSONValue]) -> [String] {
    points.flatMap { point -> [String] in
      guard let advice = point["advice"]?.stringValue else { return [] }
      return StatusText.wrapped("  ", "! \(text(point, "name")): \(text(point, "fault")): \(advice)")
    }
  }
}
