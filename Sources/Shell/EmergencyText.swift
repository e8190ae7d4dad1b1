import Messages

/// The report of one holding of a plan, for the person who ran the drill.
enum EmergencyText {
  static func lines(_ report: JSONValue) -> [String] {
    var table = TextTable(["point", "does", "reacted", "limit", "why not"], right: [2, 3])
    for point in report["points"]?.arrayValue ?? [] {
      let limit = point["limit_ms"]?.integerValue ?? 0
      table.add([
        Verb.text(point, "point"), Verb.text(point, "does"), reaction(point), "\(limit) ms",
        point["cause"]?.stringValue ?? "",
      ])
    }
    return StatusText.wrapped("", head(report)) + table.lines + StatusText.wrapped("", foot(report))
  }

  private static func head(_ report: JSONValue) -> String {
    let name = Verb.text(report, "plan")
    var head = report["drill"]?.boolValue == true ? "DRILL of \(name)" : "\(name), in earnest,"
    head += " started \(Verb.text(report, "started"))"
    if let by = report["by"]?.stringValue { head += " by \(by)" }
    if let input = report["input"]?.stringValue { head += " by input \(input)" }
    return head + (report["ended"]?.stringValue.map { ", ended \($0)" } ?? ", holds")
  }

  private static func reaction(_ point: JSONValue) -> String {
    let time = point["ms"]?.integerValue.map { "\($0) ms" } ?? "-"
    switch point["result"]?.stringValue {
    case "reacted": return time
    case "late": return "LATE \(time)"
    case "did-not-react": return "NO REACTION"
    case "waiting": return "waiting"
    default: return "not known"
    }
  }

  private static func foot(_ report: JSONValue) -> String {
    let of = report["of"]?.integerValue ?? 0
    let reacted = report["reacted"]?.integerValue ?? 0
    var parts = ["\(reacted) of \(of) points reacted in time"]
    let times = (report["points"]?.arrayValue ?? []).filter { $0["result"]?.stringValue == "reacted" }
    if let slowest = times.compactMap({ $0["ms"]?.integerValue }).max() {
      parts.append("the slowest after \(slowest) ms")
    }
    if let late = report["late"]?.integerValue, late > 0 { parts.append("\(late) late") }
    if let missed = report["did_not_react"]?.integerValue, missed > 0 { parts.append("\(missed) not at all") }
    if report["done"]?.boolValue != true { parts.append("and it is not over yet") }
    return parts.joined(separator: ", ")
  }
}
