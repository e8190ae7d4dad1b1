import Glibc

/// The figures by name, in the order in which they are measured.
enum Bench {
  static let all: [(name: String, measure: @Sendable () throws -> Figure)] = [
    ("scan-lateness", ScanLateness.measure),
    ("scan-allocations", ScanAllocations.measure),
    ("event-to-output", EventToOutput.measure),
    ("decision", DecisionTime.measure),
    ("journal-append", JournalAppend.measure),
  ]

  static let usage = """
    usage: gatehouse-bench [--json] [--check] [NAME ...]
    Measures each figure with its raw baseline in the same run and prints the ratio.
      --json    one JSON object a line
      --check   exit 1 where a figure misses its goal
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
        let figure = try entry.measure()
        print(json ? Report.json(figure) : Report.text(figure))
        if check, let goal = figure.goal, !goal.isMet { code = 1 }
      } catch {
        complain("\(entry.name): \(error)")
        code = 1
      }
      fflush(nil)
    }
    return code
  }

  private static func complain(_ text: String) {
    let line = Array("gatehouse-bench: \(text)\n".utf8)
    _ = unsafe write(2, line, line.count)
  }
}
