/// CSV as RFC 4180 wants it, lines ended by CR LF, that a spreadsheet shows and does not compute.
enum CSVText {
  /// A cell that begins with = + - @, a tab or a carriage return would be a formula in a spreadsheet: an apostrophe
  /// before it makes it text.
  static func cell(_ text: String) -> String {
    var cell = text
    if let first = cell.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) { cell = "'" + cell }
    let marks: Set<Unicode.Scalar> = [",", "\"", "\r", "\n"]
    guard cell.unicodeScalars.contains(where: { marks.contains($0) }) else { return cell }
    return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }
}
