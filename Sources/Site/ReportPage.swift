/// Lines of two columns that never grow wider than a terminal.
struct ReportPage {
  static let width = 80
  private static let indent = 20

  private(set) var lines: [String] = []

  mutating func title(_ text: String) {
    for line in Self.wrapped(text, width: Self.width) { lines.append(line) }
  }

  /// A name, and beside it (or below, where the name is long) what is to be said of it.
  mutating func row(_ name: String, _ text: String) {
    let margin = String(repeating: " ", count: Self.indent)
    var rows = Self.wrapped(text, width: Self.width - Self.indent).map { margin + $0 }
    let head = "  " + name
    if head.count < Self.indent, !rows.isEmpty {
      rows[0] = head + rows[0].dropFirst(head.count)
      lines += rows
    } else {
      lines += Self.wrapped(name, width: Self.width - 2).map { "  " + $0 } + rows
    }
  }

  /// Broken at spaces; a word that is wider than the page is cut.
  private static func wrapped(_ text: String, width: Int) -> [String] {
    var rows: [String] = []
    var row = ""
    for word in text.split(separator: " ") {
      var rest = word
      if !row.isEmpty, row.count + 1 + rest.count > width {
        rows.append(row)
        row = ""
      }
      while rest.count > width {
        rows.append(String(rest.prefix(width)))
        rest = rest.dropFirst(width)
      }
      row += row.isEmpty ? String(rest) : " " + rest
    }
    return row.isEmpty ? rows : rows + [row]
  }
}
