/// Rows in columns that fit a terminal; numbers stand at the right, and the last column gives way.
public struct TextTable {
  public static let width = 80

  private let head: [String]
  private let right: Set<Int>
  private var rows: [[String]] = []

  /// - Parameter right: the places of columns that are aligned at the right.
  public init(_ head: [String], right: Set<Int> = []) {
    self.head = head
    self.right = right
  }

  public mutating func add(_ row: [String]) {
    precondition(row.count == head.count, "a row has a cell for each column")
    rows.append(row)
  }

  public var lines: [String] {
    var widths = head.map { DisplayWidth.of($0) }
    for row in rows {
      for (place, cell) in row.enumerated() { widths[place] = max(widths[place], DisplayWidth.of(cell)) }
    }
    shrink(&widths)
    return ([head] + rows).map { line($0, widths) }
  }

  /// The widest column gives way until all fit.
  private func shrink(_ widths: inout [Int]) {
    let room = Self.width - 2 * (widths.count - 1)
    while widths.reduce(0, +) > room, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }) {
      widths[widest] -= 1
    }
  }

  private func line(_ row: [String], _ widths: [Int]) -> String {
    var result = ""
    for (place, cell) in row.enumerated() {
      let text = DisplayWidth.cut(cell, to: widths[place])
      let pad = String(repeating: " ", count: widths[place] - DisplayWidth.of(text))
      result += (place > 0 ? "  " : "") + (right.contains(place) ? pad + text : text + pad)
    }
    while result.last == " " { result.removeLast() }
    return result
  }
}
