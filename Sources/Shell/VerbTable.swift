/// Every verb by its name.
public struct VerbTable: Sendable {
  public let verbs: [Verb]

  public init(_ verbs: [Verb]) {
    precondition(Set(verbs.map(\.name)).count == verbs.count, "a verb stands twice")
    self.verbs = verbs
  }

  /// All that the shell can do with a controller; `offline` does what needs none.
  public static func standard(offline: OfflineWork, more: [Verb] = []) -> VerbTable {
    VerbTable(
      Verb.looking + Verb.wearing + Verb.moving + Verb.access + Verb.testing + Verb.logging(offline)
        + [Verb.explaining] + Verb.listing
        + Verb.emergencies
        + [Verb.why(offline)] + more)
  }

  /// The verb that the words begin with, and the words behind it.
  ///
  /// - Throws: ``ShellFault/misuse(_:)`` that names the nearest verb.
  public func find(_ words: [String]) throws(ShellFault) -> (verb: Verb, rest: [String]) {
    for count in [2, 1] where words.count >= count {
      let name = words.prefix(count).joined(separator: " ")
      if let verb = verbs.first(where: { $0.name == name }) { return (verb, Array(words.dropFirst(count))) }
    }
    guard let first = words.first else { throw .misuse("no verb; try 'gatehouse help'") }
    let family = verbs.filter { $0.name.hasPrefix("\(first) ") }
    if !family.isEmpty {
      let names = family.map { "'\($0.name)'" }.joined(separator: ", ")
      throw .misuse("'\(first)' needs one more word: \(names)")
    }
    throw .misuse(
      "unknown verb '\(words.prefix(2).joined(separator: " "))'\(nearest(first)); try 'gatehouse help'")
  }

  private func nearest(_ word: String) -> String {
    let ranked = verbs.map { (name: $0.name, far: Self.distance(word, String($0.name.prefix { $0 != " " }))) }
    guard let best = ranked.min(by: { $0.far < $1.far }), best.far <= 2 else { return "" }
    return "; did you mean '\(best.name)'?"
  }

  /// Levenshtein's distance; both words are short.
  private static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right.prefix(32))
    var row = Array(0...right.count)
    for (place, mark) in left.prefix(32).enumerated() {
      var previous = row[0]
      row[0] = place + 1
      for column in 1...max(1, right.count) where column <= right.count {
        let cost = min(row[column] + 1, row[column - 1] + 1, previous + (right[column - 1] == mark ? 0 : 1))
        previous = row[column]
        row[column] = cost
      }
    }
    return row[right.count]
  }

  /// The help page: one line a verb.
  public var help: [String] {
    let width = verbs.map { DisplayWidth.of($0.name) }.max() ?? 0
    return [
      "gatehouse [--run DIR] [--json] VERB ...",
      "exit: 0 done, 1 the answer is no, 2 misuse, 3 no controller", "",
    ] + verbs.map { "  \(DisplayWidth.padded($0.name, to: width))  \($0.help)" } + [
      "", "'help VERB' tells more.",
    ]
  }

  public func help(of verb: Verb) -> [String] {
    StatusText.wrapped("usage: ", verb.usage) + [
      verb.help, verb.role == .anybody ? "needs no controller" : "role: \(verb.role.rawValue)",
    ]
  }
}

/// What the shell does without a controller; the program that links the log and the policy brings it.
public struct OfflineWork: Sendable {
  /// Checks the chain of a log file; the same object as the verb `log.verify` gives.
  public var verify: @Sendable (_ database: String) throws(ShellFault) -> LogVerdict
  /// The records of a log file after a seq, at most so many, as they stand in the log.
  public var records:
    @Sendable (_ database: String, _ after: Int64, _ limit: Int64, _ each: (String) -> Void)
      throws(ShellFault) -> Void
  /// Decides as the controller would.
  public var why: @Sendable (WhyQuestion) throws(ShellFault) -> WhyAnswer

  public init(
    verify: @escaping @Sendable (_ database: String) throws(ShellFault) -> LogVerdict,
    records:
      @escaping @Sendable (_ database: String, _ after: Int64, _ limit: Int64, _ each: (String) -> Void)
      throws(ShellFault) -> Void,
    why: @escaping @Sendable (WhyQuestion) throws(ShellFault) -> WhyAnswer
  ) {
    self.verify = verify
    self.records = records
    self.why = why
  }
}
