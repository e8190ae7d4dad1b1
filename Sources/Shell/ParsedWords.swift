/// The words behind a verb: options and what stands free.
public struct ParsedWords: Sendable, Equatable {
  public private(set) var free: [String] = []
  private var values: [String: String] = [:]
  private var flags: Set<String> = []

  /// - Throws: ``ShellFault/misuse(_:)`` that names the word and what would be right.
  public init(_ words: [String], for verb: Verb) throws(ShellFault) {
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--"), word != "--" else {
        free.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      if verb.flags.contains(word) {
        flags.insert(word)
      } else if verb.options.contains(parts[0]) {
        guard let value = parts.count == 2 ? parts[1] : rest.popFirst(), !value.isEmpty else {
          throw .misuse("\(parts[0]) needs a value\nusage: \(verb.usage)")
        }
        guard values.updateValue(value, forKey: parts[0]) == nil else {
          throw .misuse("\(parts[0]) stands twice\nusage: \(verb.usage)")
        }
      } else {
        throw .misuse("'\(verb.name)' knows no option \(parts[0])\nusage: \(verb.usage)")
      }
    }
    guard verb.words.contains(free.count) else {
      let what =
        free.count < verb.words.lowerBound
        ? "something is missing" : "'\(free.last ?? "")' is one word too many"
      throw .misuse("\(what)\nusage: \(verb.usage)")
    }
  }

  public subscript(option: String) -> String? { values[option] }

  public func has(_ flag: String) -> Bool { flags.contains(flag) }

  public func count(_ option: String) throws(ShellFault) -> Int64? {
    guard let text = values[option] else { return nil }
    guard let count = Int64(text), count >= 0 else {
      throw .misuse("\(option) needs a whole number, not '\(text)'")
    }
    return count
  }

  public func duration(_ option: String) throws(ShellFault) -> Int64? {
    guard let text = values[option] else { return nil }
    guard let value = Quantities.milliseconds(text) else {
      throw .misuse("\(option) needs a duration such as 500ms or 2s, not '\(text)'")
    }
    return value
  }
}
