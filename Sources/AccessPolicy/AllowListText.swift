/// What is wrong with one row of a list.
public struct ListFault: Error, Hashable, Sendable {
  /// From 1, the header included; of a row over several lines its first.
  public var line: Int
  public var text: String

  public init(line: Int, text: String) {
    self.line = line
    self.text = text
  }
}

/// The allow-list as CSV (RFC 4180), whole.
public enum AllowListText {
  static let columns = ["credential", "holder", "groups", "valid_from", "valid_until", "uses", "flags"]

  /// The first line, without its end.
  public static var header: String { columns.joined(separator: ",") }

  /// Reads a whole list; see ``AllowListReader`` for one that comes in pieces.
  public static func parse(
    _ bytes: [UInt8], groupNames: [String]
  ) -> (rows: [ListRow], faults: [ListFault]) {
    var reader = AllowListReader(groupNames: groupNames)
    reader.feed(bytes)
    reader.finish()
    return (reader.takeRows(), reader.faults)
  }

  /// One row, without the line's end. A PIN stands as its digest.
  public static func line(_ row: ListRow, groupNames: [String]) -> String {
    let fields = [
      row.credential.storedText,
      row.holder,
      row.groups.map { groupNames[$0] }.joined(separator: ";"),
      row.validFrom.map(UnixMilliseconds.text) ?? "",
      row.validUntil.map(UnixMilliseconds.text) ?? "",
      row.uses.map(String.init) ?? "",
      ListFlags.names.filter { row.flags.contains($0.flag) }.map(\.name).joined(separator: ";"),
    ]
    return fields.map(quoted).joined(separator: ",")
  }

  /// Header and rows, each ended by CR LF.
  public static func text(_ rows: [ListRow], groupNames: [String]) -> String {
    rows.reduce(into: header + "\r\n") { $0 += line($1, groupNames: groupNames) + "\r\n" }
  }

  private static func quoted(_ field: String) -> String {
    let marks: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: "\""), 0x0A, 0x0D]
    guard field.utf8.contains(where: { marks.contains($0) }) else { return field }
    var text = "\""
    for scalar in field.unicodeScalars {
      text.unicodeScalars.append(scalar)
      if scalar == "\"" { text += "\"" }
    }
    return text + "\""
  }
}
