import Glibc

/// The figures by name, in the order in which they are measured.
enum Bench {
  static let all: [(name: String, measure: @Sendable () throws -> Figure)] = [
    ("scan-lateness", ScanLateness.measure),
    ("scan-allocations", ScanAllocations.measure),
    ("event-to-output", EventToOutput.measure),
    ("decision", DecisionTime.measure),
    ("decision-worst", DecisionWorst.measure),
    ("passage-worst", PassageWorst.measure),
    ("list-start", ListStart.measure),
    ("list-rebuild", ListStart.measureRebuild),
    ("list-swap", ListSwap.measure),
    ("journal-append", JournalAppend.measure),
    ("journal-bytes", JournalBytes.measure),
    ("plates", PlateMatching.measure),
    ("log-drain", LogDrain.measure),
  ]

  static let usage = """
    usage: gatehouse-bench [--json] [--check] [NAME ...]
    Measures each figure with its raw baseline in the same run and prints the ratio.
      --json    one JSON object a line
      --check   exit 1 where a figure misses its goal; a ratio of times is measured up to
                \(attempts) times, since a neighbour's load can spoil one run, never a count
    Figures: \(all.map(\.name).joined(separator: " "))
    """

  /// - Returns: the exit code.
  static func run(_ arguments: [String]) -> Int32 {
    var json = false
    var check = false
    var names: [String] = []
    for argument in arguments {
      switch argument {
      case "--json": json = true
      case "--check": check = true
      case "--help", "-h":
        print(usage)
        return 0
      default: names.append(argument)
      }
    }
    if let unknown = names.first(where: { name in !all.contains { $0.name == name } }) {
      complain("unknown figure '\(unknown)'\n\(usage)")
      return 2
    }
    var code: Int32 = 0
    for entry in all where names.isEmpty || names.contains(entry.name) {
      do {
        if try !meets(entry.measure, json: json, attempts: check ? attempts : 1), check { code = 1 }
      } catch {
        complain("\(entry.name): \(error)")
        code = 1
      }
      fflush(nil)
    }
    return code
  }

  private static let attempts = 3

  /// Measures and prints until the goal is met or there is no sense in trying again.
  private static func meets(_ measure: () throws -> Figure, json: Bool, attempts: Int) throws -> Bool {
    for _ in 0..<attempts {
      let figure = try measure()
      print(json ? Report.json(figure) : Report.text(figure))
      guard let goal = figure.goal, !goal.isMet else { return true }
      if figure.raw.isEmpty { return false }
    }
    return false
  }

  private static func complain(_ text: String) {
    let line = Array("gatehouse-bench: \(text)\n".utf8)
    _ = unsafe write(2, line, line.count)
  }
}
