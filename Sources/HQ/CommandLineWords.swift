import Platform

/// A verb with its words, and options before or after it.
struct CommandLineWords {
  var words: [String] = []
  var options: ProgramOptions

  /// - Throws: `ProgramOptions.Misuse`.
  init(_ arguments: [String], valued: Set<String>, bare: Set<String>) throws(ProgramOptions.Misuse) {
    var rest = arguments[...]
    var kept: [String] = []
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        words.append(word)
        continue
      }
      kept.append(word)
      if valued.contains(word), let value = rest.popFirst() { kept.append(value) }
    }
    options = try ProgramOptions(kept, valued: valued, bare: bare)
  }
}
