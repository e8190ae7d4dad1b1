import Messages

/// What must be said to turn one allow-list into another. Rows can be added and changed so, never taken out.
struct ListChanges {
  /// CSV with its header.
  var csv: [UInt8]
  var count: Int

  /// - Returns: nil where the new list lacks a credential of the old one, names one twice, has another header, or
  ///   nothing differs: then the whole list is what can be sent.
  init?(from old: [UInt8], to new: [UInt8]) {
    guard let before = Self.rows(old), let after = Self.rows(new), before.head == after.head,
      before.rows.keys.allSatisfy({ after.rows[$0] != nil })
    else { return nil }
    var lines = [after.head]
    for credential in after.order where before.rows[credential] != after.rows[credential] {
      lines.append(after.rows[credential] ?? "")
    }
    count = lines.count - 1
    guard count > 0 else { return nil }
    csv = Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Lines by credential; nil where a line is not plainly one row.
  private static func rows(_ bytes: [UInt8]) -> (head: String, rows: [String: String], order: [String])? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    var rows: [String: String] = [:]
    var order: [String] = []
    var head: String?
    for part in text.unicodeScalars.split(separator: "\n") {
      var line = String(String.UnicodeScalarView(part))
      if line.unicodeScalars.last == "\r" { line.unicodeScalars.removeLast() }
      guard !line.isEmpty else { continue }
      guard head != nil else {
        head = line
        continue
      }
      // A quoted cell may hold line ends: such a list is sent whole.
      guard line.unicodeScalars.count(where: { $0 == "\"" }).isMultiple(of: 2),
        let credential = line.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).first,
        !credential.hasPrefix("\""), rows.updateValue(line, forKey: String(credential)) == nil
      else { return nil }
      order.append(String(credential))
    }
    guard let head else { return nil }
    return (head, rows, order)
  }
}
