import Messages

/// Prints figures for a person, 80 columns, or as one JSON object each.
enum Report {
  static func text(_ figure: Figure) -> String {
    var lines = ["\(figure.name): \(figure.subject)"]
    lines.append("  ours      " + row(figure.ours, figure.unit))
    if !figure.raw.isEmpty {
      lines.append("  raw       " + row(figure.raw, figure.unit) + "  (\(figure.baseline))")
      lines.append("  ratio     " + row(figure.ratios, ""))
    }
    if let goal = figure.goal {
      lines.append(
        "  goal      \(goal.name) \(rounded(goal.value)), at most \(rounded(goal.limit)): "
          + (goal.isMet ? "met" : "MISSED"))
    }
    lines += figure.table.map { "  " + $0 }
    return lines.joined(separator: "\n")
  }

  static func json(_ figure: Figure) -> String {
    var members: [(key: String, value: JSONValue)] = [
      ("figure", .string(figure.name)), ("subject", .string(figure.subject)), ("unit", .string(figure.unit)),
      ("ours", object(figure.ours)),
    ]
    if !figure.raw.isEmpty {
      members.append(("baseline", .string(figure.baseline)))
      members.append(("raw", object(figure.raw)))
      members.append(("ratio", object(figure.ratios)))
    }
    if let goal = figure.goal {
      members.append(
        (
          "goal",
          .object([
            ("name", .string(goal.name)), ("value", .number(goal.value)), ("limit", .number(goal.limit)),
            ("met", .bool(goal.isMet)),
          ])
        ))
    }
    return String(decoding: JSONValue.object(members).encoded(), as: UTF8.self)
  }

  private static func object(_ entries: [(key: String, value: Double)]) -> JSONValue {
    .object(entries.map { ($0.key, .number($0.value)) })
  }

  private static func row(_ entries: [(key: String, value: Double)], _ unit: String) -> String {
    entries.map { "\($0.key) \(rounded($0.value))" }.joined(separator: "  ")
      + (unit.isEmpty ? "" : " \(unit)")
  }

  /// Three significant digits are all that a shared machine can promise.
  static func rounded(_ value: Double) -> String {
    if value == value.rounded() && abs(value) < 1e9 { return String(Int(value)) }
    var scale = 1.0
    while abs(value) * scale < 100 && scale < 1e6 { scale *= 10 }
    let text = String((value * scale).rounded() / scale)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
