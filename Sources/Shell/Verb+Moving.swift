import Messages

/// Verbs that ask for something to move, or not to.
extension Verb {
  static let moving: [Verb] = [
    order("open", help: "opens a point; it closes by its own rules"),
    order("close", help: "closes a point as far as that is safe"),
    Verb(
      "hold", "POINT open|close [--for 30s]", help: "drives it while you watch, though a sensor has failed",
      role: .technician, options: ["--for"], words: 2...2, names: .point
    ) { call throws(ShellFault) in try hold(call) },
    order("reset", help: "you have looked: ends a latched fault or alarm"),
    Verb(
      "service", "POINT in|out", help: "takes a point out of service, or puts it back", role: .technician,
      words: 2...2, names: .point
    ) { call throws(ShellFault) in
      let out = try choice(call.words.free[1], yes: "out", no: "in")
      _ = try call.transport.ask("service", ["point": .string(call.words.free[0]), "out": .bool(out)])
      return done(call, "\(call.words.free[0]) is \(out ? "out of" : "back in") service")
    },
    Verb(
      "free", "POINT on|off", help: "begins or ends a door's free access, within its schedule",
      role: .technician, words: 2...2, names: .point
    ) { call throws(ShellFault) in
      let on = try choice(call.words.free[1], yes: "on", no: "off")
      _ = try call.transport.ask("free", ["point": .string(call.words.free[0]), "on": .bool(on)])
      return done(call, "\(call.words.free[0]) is \(on ? "free for all" : "controlled")")
    },
  ]

  static let testing: [Verb] = [
    Verb(
      "maintenance", "on|off", help: "no point moves by itself; outputs can be tested",
      role: .technician, words: 1...1
    ) { call throws(ShellFault) in
      let on = try choice(call.words.free[0], yes: "on", no: "off")
      _ = try call.transport.ask("maintenance", ["on": .bool(on)])
      return done(call, "maintenance is \(on ? "on" : "off")")
    },
    Verb(
      "test output", "NAME --for 500ms [--level off]",
      help: "holds one output for a while, in maintenance",
      role: .technician, options: ["--for", "--level"], words: 1...1, names: .output
    ) { call throws(ShellFault) in
      guard let time = try call.words.duration("--for") else {
        throw .misuse("'test output' needs --for 500ms")
      }
      let level = try choice(call.words["--level"] ?? "on", yes: "on", no: "off")
      let name = call.words.free[0]
      _ = try call.transport.ask(
        "test.output", ["name": .string(name), "level": .bool(level), "for_ms": .integer(time)])
      return done(call, "\(name) is \(level ? "on" : "off") for \(Quantities.duration(milliseconds: time))")
    },
  ]

  private static func order(_ name: String, help: String) -> Verb {
    Verb(name, "POINT", help: help, role: .technician, words: 1...1, names: .point) {
      call throws(ShellFault) in
      _ = try call.transport.ask(name, ["point": .string(call.words.free[0])])
      return done(call, "\(name) \(call.words.free[0]): accepted")
    }
  }

  static func choice(_ word: String, yes: String, no: String) throws(ShellFault) -> Bool {
    if word == yes { return true }
    if word == no { return false }
    throw .misuse("'\(yes)' or '\(no)', not '\(word)'")
  }

  static func done(_ call: Call, _ text: String) -> Int32 {
    call.console.say(text)
    call.console.tell(["ok": true])
    return 0
  }
}
