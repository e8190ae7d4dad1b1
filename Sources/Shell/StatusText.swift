public import Messages

/// The controller's state for a person who has just been called: what is wrong stands first, with its wire.
public enum StatusText {
  public static func lines(status: JSONValue, inputs: JSONValue) -> [String] {
    let problems = problems(status, inputs)
    let head =
      "\(text(status, "gateway")) at \(text(status, "site")), boot \(count(status, "boot")), up "
      + "\(Quantities.duration(milliseconds: count(status, "uptime_ms"))), clock \(text(status, "clock"))"
    return [DisplayWidth.cut(head, to: TextTable.width)]
      + (problems.isEmpty
        ? ["all is well"] : ["WRONG (\(problems.count)):"] + problems.flatMap { wrapped("  ", "! \($0)") })
      + quietLines(status)
  }

  // MARK: What is wrong

  static func problems(_ status: JSONValue, _ inputs: JSONValue) -> [String] {
    var problems = emergencies(status)
    if status["maintenance"]?.boolValue == true {
      problems.append("maintenance mode: no point moves by itself")
    }
    let loose = (inputs.arrayValue ?? []).filter { ($0["quality"]?.stringValue ?? "good") != "good" }
    problems += loose.map(looseWire)
    problems += faults(status, besides: loose.map { text($0, "name") })
    problems += units(status)
    let restarts = count(status["guard"] ?? .null, "restarts")
    if restarts > 0 {
      let cause = status["guard"]?["last_cause"]?.stringValue.map { ", last: \($0)" } ?? ""
      problems.append("the guard has restarted the controller \(restarts) times\(cause)")
    }
    return problems
  }

  private static func emergencies(_ status: JSONValue) -> [String] {
    (status["emergencies"]?.arrayValue ?? []).compactMap { plan in
      guard plan["active"]?.boolValue == true else { return nil }
      let drill = plan["drill"]?.boolValue == true ? " (drill)" : ""
      let name = text(plan, "name")
      return "EMERGENCY \(name)\(drill) holds until 'gatehouse emergency reset \(name)'"
    }
  }

  /// `lobby.contact: no signal since 12 s (io unit 2 discrete input 0)`, `fire: wire cut (…)`
  private static func looseWire(_ input: JSONValue) -> String {
    let since = input["age_ms"]?.integerValue.map { " since \(Quantities.duration(milliseconds: $0))" } ?? ""
    let what = InputText.trouble(input) ?? "no signal\(since)"
    let wire = text(input, "wiring").map { $0 == "_" ? " " : $0 }
    return "\(text(input, "name")): \(what) (\(String(wire)))"
  }

  /// The controller's own sentences, without those that say again what a loose wire has said.
  private static func faults(_ status: JSONValue, besides names: [String]) -> [String] {
    (status["faults"]?.arrayValue ?? []).compactMap(\.stringValue).filter { fault in
      !names.contains { fault.hasPrefix("\($0):") || fault.hasPrefix("input \($0):") }
    }
  }

  private static func units(_ status: JSONValue) -> [String] {
    let told = (status["faults"]?.arrayValue ?? []).compactMap(\.stringValue)
    return (status["buses"]?.arrayValue ?? []).flatMap { bus -> [String] in
      let name = text(bus, "name")
      return (bus["units"]?.arrayValue ?? []).compactMap { unit in
        let place = "\(name) unit \(count(unit, "unit"))"
        guard unit["state"]?.stringValue == "quarantined", !told.contains(where: { $0.contains(place) })
        else {
          return nil
        }
        let error = unit["last_error"]?.stringValue.map { ": \($0)" } ?? ""
        return "\(place) does not answer\(error)"
      }
    }
  }

  // MARK: How it stands

  private static func quietLines(_ status: JSONValue) -> [String] {
    let journal = status["journal"] ?? .null
    let list = status["list"] ?? .null
    let loop = status["loop"] ?? .null
    let late = loop["lateness_us"] ?? .null
    let answer = status["event_to_output_us"] ?? .null
    let points = (status["points"]?.arrayValue ?? []).map { "\(text($0, "name")) \(text($0, "state"))" }
    var lines = wrapped("points  ", points.joined(separator: ", "))
    lines.append(
      "log     \(count(journal, "first")) to \(count(journal, "last")), \(count(journal, "depth")) not yet at HQ, "
        + Quantities.size(bytes: count(journal, "bytes")))
    if let written = journal["written"], let each = written["bytes_per_record"]?.integerValue {
      lines.append(
        "card    \(Quantities.size(bytes: each)) written a record, "
          + "\(Quantities.size(bytes: count(written, "bytes_per_day"))) a day at this rate")
    }
    lines.append("list    version \(count(list, "version")), \(count(list, "count")) credentials")
    lines.append(
      "scan    \(count(loop, "scans")), \(count(loop, "overruns")) overruns, late p50 "
        + "\(time(late, "p50")), p99 \(time(late, "p99")), max \(time(late, "max"))")
    if count(answer, "count") > 0 {
      lines.append(
        "grants  \(count(answer, "count")), credential to output p50 \(time(answer, "p50")), p99 "
          + time(answer, "p99"))
    }
    return lines.map { DisplayWidth.cut($0, to: TextTable.width) }
  }

  private static func text(_ value: JSONValue, _ key: String) -> String { value[key]?.stringValue ?? "?" }
  private static func count(_ value: JSONValue, _ key: String) -> Int64 { value[key]?.integerValue ?? 0 }
  private static func time(_ value: JSONValue, _ key: String) -> String {
    Quantities.time(microseconds: count(value, key))
  }

  /// Words in lines of at most 80 columns; those behind the first are indented like it.
  static func wrapped(_ head: String, _ text: String) -> [String] {
    var lines: [String] = []
    var line = head
    let indent = String(repeating: " ", count: DisplayWidth.of(head) + (text.hasPrefix("! ") ? 2 : 0))
    var isFresh = true
    for word in text.split(separator: " ") {
      let added = isFresh ? String(word) : " \(word)"
      if !isFresh, DisplayWidth.of(line) + DisplayWidth.of(added) > TextTable.width {
        lines.append(line)
        line = indent + word
      } else {
        line += added
      }
      isFresh = false
    }
    return (lines + [line]).map { DisplayWidth.cut($0, to: TextTable.width) }
  }
}
