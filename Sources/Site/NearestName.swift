/// Guesses what a person meant who wrote `wanted`.
enum NearestName {
  /// The one of `names` that is fewest edits away from `wanted` or that `wanted` begins; nil where none is near.
  static func of(_ wanted: String, in names: [String]) -> String? {
    var best: (distance: Int, name: String)?
    for name in names {
      let distance = edits(from: wanted, to: name)
      if best == nil || distance < best!.distance || (distance == best!.distance && name < best!.name) {
        best = (distance, name)
      }
    }
    guard let best else { return nil }
    if best.distance <= max(2, wanted.utf8.count / 3) { return best.name }
    return wanted.utf8.count > 2 ? names.filter { $0.hasPrefix(wanted) }.min() : nil
  }

  /// "; did you mean 'x'?", or the names there are, or that there are none.
  static func advice(_ wanted: String, in names: [String], none: String) -> String {
    if let nearest = of(wanted, in: names) { return "did you mean '\(nearest)'?" }
    if names.isEmpty { return none }
    let shown = names.sorted().prefix(12).joined(separator: ", ")
    return names.count > 12 ? "known are \(shown), …" : "known: \(shown)"
  }

  /// Insertions, deletions, replacements and swaps of neighbours (Damerau, adjacent form), over lower case.
  static func edits(from left: String, to right: String) -> Int {
    let left = Array(left.lowercased().unicodeScalars.prefix(80))
    let right = Array(right.lowercased().unicodeScalars.prefix(80))
    var before: [Int] = []
    var last = Array(0...right.count)
    for i in 0..<left.count {
      var row = [i + 1]
      row.reserveCapacity(right.count + 1)
      for j in 0..<right.count {
        var cost = min(last[j] + (left[i] == right[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, before[j - 1] + 1)
        }
        row.append(cost)
      }
      before = last
      last = row
    }
    return last[right.count]
  }
}
