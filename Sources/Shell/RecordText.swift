public import Messages

/// One record of the log as one line of at most 80 columns.
public enum RecordText {
  /// - Parameter brief: without the seq and the milliseconds, where a person only looks on.
  public static func line(
    _ record: JSONValue, width: Int = TextTable.width, brief: Bool = false
  ) -> String {
    let seq = record["seq"]?.integerValue.map { "\($0)" } ?? "?"
    if record["redacted"]?.boolValue == true { return "\(seq)  (redacted)" }
    let time = record["at"]?.stringValue.map { String($0.dropFirst(11).prefix(brief ? 8 : 12)) } ?? ""
    let head = brief ? time : "\(seq) \(time)"
    return DisplayWidth.cut("\(head) \(words(record).joined(separator: " "))", to: width)
  }

  private static func words(_ record: JSONValue) -> [String] {
    func text(_ key: String) -> String? { record[key]?.stringValue }
    var words: [String] = []
    let place = text("reader") ?? text("point")
    switch text("type") {
    case "access":
      words = [
        place ?? "", text("credential") ?? "", (text("decision") ?? "").uppercased(), text("reason") ?? "",
      ]
    case "passage":
      words = [place ?? "", text("credential") ?? "", "passage", text("side") ?? "", text("reason") ?? ""]
    default:
      words = [text("type") ?? "", place ?? "", text("reason") ?? ""] + detail(record["detail"])
    }
    return words.filter { !$0.isEmpty }
  }

  private static func detail(_ detail: JSONValue?) -> [String] {
    (detail?.objectValue ?? []).map { member in
      let value = member.value.stringValue ?? member.value.text
      return member.key == "event" ? value : "\(member.key)=\(value)"
    }
  }
}
