/// XHTML, written so that readers of HTML and of XML both take it.
enum Markup {
  /// Text that stands for itself, in content and in attributes.
  static func text(_ text: String) -> String {
    var result = ""
    for scalar in PlainText.of(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // XML has no characters U+FFFE and U+FFFF.
      case "\u{FFFE}", "\u{FFFF}": result += "?"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// - Parameter content: markup already.
  static func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: String = ""
  ) -> String {
    var result = "<\(name)"
    for (key, value) in attributes { result += " \(key)=\"\(text(value))\"" }
    // An empty <i/> is open for a reader of HTML.
    return content.isEmpty && svgEmpty.contains(name) ? result + "/>" : result + ">\(content)</\(name)>"
  }

  private static var svgEmpty: Set<String> { ["rect", "line", "polyline", "circle", "path", "meta", "br"] }

  /// A table: the first column names the row, the others are numbers.
  static func table(_ heads: [String], _ rows: [[String]]) -> String {
    let head = heads.map { element("th", ["scope": "col"], text($0)) }.joined()
    let body = rows.map { row in
      element(
        "tr", [:],
        row.enumerated().map { place, cell in
          place == 0 ? element("th", ["scope": "row"], text(cell)) : element("td", [:], text(cell))
        }.joined())
    }.joined(separator: "\n")
    return element(
      "table", [:], element("thead", [:], element("tr", [:], head)) + element("tbody", [:], body))
  }
}
