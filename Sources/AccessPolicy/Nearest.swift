/// The known name that a person most likely meant.
enum Nearest {
  /// By edit distance; nil where nothing is known. Only the first 64 characters of `word` are looked at.
  static func of<Element>(_ word: String, in known: [Element], name: (Element) -> String) -> Element? {
    let letters = Array(word.prefix(64))
    return known.min { distance(letters, Array(name($0))) < distance(letters, Array(name($1))) }
  }

  /// Levenshtein's.
  private static func distance(_ left: [Character], _ right: [Character]) -> Int {
    var row = Array(0...right.count)
    for (line, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for column in right.indices {
        let change = diagonal + (letter == right[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(change, row[column] + 1, diagonal + 1)
      }
    }
    return row[right.count]
  }
}
