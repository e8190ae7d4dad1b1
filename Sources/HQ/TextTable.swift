/// Columns as wide as what stands in them, two spaces apart.
struct TextTable {
  private var rows: [[String]] = []
  /// Columns whose cells stand at the right.
  let right: Set<Int>

  init(_ heads: [String], right: Set<Int> = []) {
    rows = [heads]
    self.right = right
  }

  mutating func add(_ cells: [String]) {
    rows.append(cells)
  }

  var lines: [String] {
    var widths = [Int](repeating: 0, count: rows.map(\.count).max() ?? 0)
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.count) }
    }
    return rows.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let space = String(repeating: " ", count: widths[column] - cell.count)
        if column > 0 { line += "  " }
        line += right.contains(column) ? space + cell : cell + (column == row.count - 1 ? "" : space)
      }
      return line
    }
  }
}

/// How long ago, and how long, in the largest unit that still tells something.
enum Duration {
  static func text(milliseconds: Int64) -> String {
    let seconds = max(0, milliseconds) / 1_000
    switch seconds {
    case ..<120: return "\(seconds) s"
    case ..<7_200: return "\(seconds / 60) min"
    case ..<172_800: return "\(seconds / 3_600) h"
    default: return "\(seconds / 86_400) d"
    }
  }
}
