public import Messages

/// What `why` is asked without a controller.
public struct WhyQuestion: Sendable, Equatable {
  public var site: String
  public var list: String
  public var reader: String
  public var credential: String
  public var at: String
  public var confidence: Double?
}

/// The object that `why` answers with.
public typealias WhyAnswer = JSONValue

extension Verb {
  static func why(_ offline: OfflineWork) -> Verb {
    Verb(
      "why", "--reader R --credential K:V [--at TIME] [--confidence X] [--site FILE --list CSV]",
      help: "how a credential is decided; alone with --site",
      options: ["--site", "--list", "--reader", "--credential", "--at", "--confidence"]
    ) { call throws(ShellFault) in
      let answer = try ask(call, offline)
      call.console.tell(answer)
      call.console.say(whyLines(answer))
      return answer["decision"]?.stringValue == "grant" ? 0 : 1
    }
  }

  private static func ask(_ call: Call, _ offline: OfflineWork) throws(ShellFault) -> JSONValue {
    func needed(_ option: String) throws(ShellFault) -> String {
      guard let value = call.words[option] else { throw .misuse("'why' needs \(option)") }
      return value
    }
    let confidence = try call.words["--confidence"].map { (text) throws(ShellFault) -> Double in
      guard let value = Double(text), (0...1).contains(value) else {
        throw .misuse("--confidence needs a number from 0 to 1, not '\(text)'")
      }
      return value
    }
    if let site = call.words["--site"] {
      return try offline.why(
        WhyQuestion(
          site: site, list: needed("--list"), reader: needed("--reader"), credential: needed("--credential"),
          at: needed("--at"), confidence: confidence))
    }
    var arguments: [(key: String, value: JSONValue)] = [
      ("reader", .string(try needed("--reader"))), ("credential", .string(try needed("--credential"))),
    ]
    if let confidence { arguments.append(("confidence", .number(confidence))) }
    if let at = call.words["--at"] { arguments.append(("at", .string(at))) }
    return try call.transport.ask("why", .object(arguments))
  }

  private static func whyLines(_ answer: JSONValue) -> [String] {
    let decision = answer["decision"]?.stringValue == "grant" ? "GRANT" : "DENY"
    return ["\(decision)  \(answer["reason"]?.stringValue ?? "")"] + asked(answer) + ruleLines(answer)
  }

  /// Who asked where, when.
  static func asked(_ answer: JSONValue) -> [String] {
    StatusText.wrapped(
      "",
      "\(answer["credential"]?.stringValue ?? "") at \(answer["reader"]?.stringValue ?? "")"
        + " (point \(answer["point"]?.stringValue ?? "?")), \(answer["at"]?.stringValue ?? "")")
  }

  /// Every rule with its outcome and, in full, why.
  static func ruleLines(_ answer: JSONValue) -> [String] {
    ["rule           outcome  why"]
      + (answer["rules"]?.arrayValue ?? []).flatMap { rule in
        let head =
          DisplayWidth.padded(rule["rule"]?.stringValue ?? "", to: 15)
          + DisplayWidth.padded(rule["outcome"]?.stringValue ?? "", to: 9)
        return StatusText.wrapped(head, rule["why"]?.stringValue ?? "")
      }
  }
}
