import Messages

extension Verb {
  /// A decision of the past, made once more.
  static let explaining = Verb(
    "log explain", "SEQ", help: "how a past decision came about, rule by rule", words: 1...1
  ) { call throws(ShellFault) in
    guard let seq = Int64(call.words.free[0]), seq >= 0 else {
      throw .misuse("'log explain' needs the seq of a record, not '\(call.words.free[0])'")
    }
    let answer = try call.transport.ask("log.explain", ["seq": .integer(seq)])
    call.console.tell(answer)
    for line in explained(answer) { call.console.say(line) }
    return answer["agrees"]?.boolValue == true ? 0 : 1
  }

  private static func explained(_ answer: JSONValue) -> [String] {
    func decision(_ value: JSONValue) -> String {
      "\(value["decision"]?.stringValue == "grant" ? "GRANT" : "DENY")  \(value["reason"]?.stringValue ?? "")"
    }
    let head =
      ["\(answer["seq"]?.integerValue ?? 0)  \(decision(answer))"] + asked(answer)
      + ["list version \(answer["list"]?.integerValue ?? 0)"]
    guard answer["replayed"]?.boolValue == true else {
      let unknown = (answer["unknown"]?.arrayValue ?? []).flatMap {
        StatusText.wrapped("  - ", $0.stringValue ?? "")
      }
      return head + ["not made again; no longer known:"] + unknown
        + StatusText.wrapped(
          "",
          "the record says: \(answer["decision"]?.stringValue ?? ""), \(answer["reason"]?.stringValue ?? "")")
    }
    let verdict =
      answer["again"].map {
        StatusText.wrapped(
          "",
          "made again it comes out otherwise: \(decision($0)). The program is another one than then, or the record is wrong."
        )
      } ?? ["made again under the list and the state of then: the same"]
    return head + verdict + ruleLines(answer)
  }
}
