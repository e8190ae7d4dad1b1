import Messages

/// Records as CSV for people who work with spreadsheets: RFC 4180, a line of names first, times in UTC.
///
/// A line comes without its line feed, and with the carriage return before it.
enum RecordTable {
  private static let columns = [
    "seq", "at", "clock", "type", "point", "reader", "side", "credential", "decision", "reason", "list",
    "passage", "detail",
  ]

  static let header = columns.joined(separator: ",") + "\r"

  /// A record whose content was dropped has its seq and the type `redacted`.
  static func row(_ line: String) -> String {
    guard let record = try? JSONValue.parse(Array(line.utf8)) else { return field(line) + "\r" }
    let isRedacted = record["redacted"]?.boolValue == true
    return columns.map { name in
      if name == "type", isRedacted { return "redacted" }
      guard let value = record[name], !value.isNull else { return "" }
      if name == "detail", value.objectValue?.isEmpty == true { return "" }
      return field(value.stringValue ?? value.text)
    }.joined(separator: ",") + "\r"
  }

  private static func field(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { byte in
      byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0D || byte == 0x0A
    }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
