/// A command line of `--name VALUE` pairs and bare `--name` flags.
public struct ProgramOptions: Sendable, Equatable {
  /// A command line that cannot be obeyed.
  public struct Misuse: Error, Equatable, Sendable, CustomStringConvertible {
    public var description: String
  }

  private var values: [String: String] = [:]
  private var flags: Set<String> = []

  /// - Parameters:
  ///   - arguments: without the program's own name.
  ///   - valued: options that a value must follow, `--site` or `--site=FILE`.
  ///   - bare: options that stand alone.
  /// - Throws: ``Misuse`` for any other word, for a value that is missing, and for an option that stands twice.
  public init(_ arguments: [String], valued: Set<String>, bare: Set<String> = []) throws(Misuse) {
    var rest = arguments[...]
    while let word = rest.popFirst() {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let name = parts[0]
      if bare.contains(word) {
        flags.insert(word)
        continue
      }
      guard valued.contains(name) else {
        let known = (valued.map { "\($0) VALUE" } + bare).sorted().joined(separator: ", ")
        throw Misuse(description: "'\(word)' is not known here; known are \(known)")
      }
      guard let value = parts.count == 2 ? parts[1] : rest.popFirst(), !value.isEmpty else {
        throw Misuse(description: "\(name) needs a value")
      }
      guard values.updateValue(value, forKey: name) == nil else {
        throw Misuse(description: "\(name) stands twice")
      }
    }
  }

  public subscript(name: String) -> String? { values[name] }

  public func has(_ flag: String) -> Bool { flags.contains(flag) }

  /// - Throws: ``Misuse`` where the option is not there.
  public func required(_ name: String) throws(Misuse) -> String {
    guard let value = values[name] else { throw Misuse(description: "\(name) is needed") }
    return value
  }
}
