import Messages

/// Emergency plans.
extension Verb {
  static let emergencies: [Verb] = [
    Verb("emergency status", help: "which plans hold") { call throws(ShellFault) in
      try table(call, "emergency.status", ["plan", "state"]) { plan in
        let drill = plan["drill"]?.boolValue == true ? ", as a drill" : ""
        return [text(plan, "name"), plan["active"]?.boolValue == true ? "HOLDS\(drill)" : "quiet"]
      }
    },
    plan("start", "emergency.start", "starts a plan", .technician) { name in
      ["plan": .string(name), "drill": false]
    },
    plan("drill", "emergency.start", "starts a plan as a drill", .technician) { name in
      ["plan": .string(name), "drill": true]
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
}
