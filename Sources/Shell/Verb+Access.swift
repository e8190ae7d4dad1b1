import Messages

/// Verbs about single credentials, and about who is taken to be where.
extension Verb {
  static let access: [Verb] = [
    Verb(
      "credential suspend", "KIND:VALUE [--for 2h | --until TIME]",
      help: "refuses one credential for a while, or until it is resumed", role: .technician,
      options: ["--for", "--until"], words: 1...1
    ) { call throws(ShellFault) in
      var arguments: [(key: String, value: JSONValue)] = [("credential", .string(call.words.free[0]))]
      if let time = try call.words.duration("--for") { arguments.append(("for_ms", .integer(time))) }
      if let until = call.words["--until"] { arguments.append(("until", .string(until))) }
      let answer = try call.transport.ask("credential.suspend", .object(arguments))
      let notes = (answer["notes"]?.arrayValue ?? []).compactMap(\.stringValue)
      for note in notes { call.console.say("note: \(note)") }
      return done(call, "suspended")
    },
    Verb(
      "credential resume", "KIND:VALUE", help: "ends a suspension", role: .administrator, words: 1...1
    ) { call throws(ShellFault) in
      _ = try call.transport.ask("credential.resume", ["credential": .string(call.words.free[0])])
      return done(call, "resumed")
    },
    Verb(
      "passback reset", "KIND:VALUE | --area NAME", help: "forgets where somebody is, or who is in an area",
      role: .technician, options: ["--area"], words: 0...1
    ) { call throws(ShellFault) in
      switch (call.words.free.first, call.words["--area"]) {
      case (let credential?, nil):
        _ = try call.transport.ask("passback.reset", ["credential": .string(credential)])
      case (nil, let area?): _ = try call.transport.ask("passback.reset", ["area": .string(area)])
      default: throw .misuse("'passback reset' needs a credential, or --area and its name")
      }
      return done(call, "forgotten")
    },
  ]
}
