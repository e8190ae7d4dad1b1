import Glibc

/// The options that stand before or after any verb.
public struct GlobalOptions: Sendable, Equatable {
  public var runDirectory = "/run/gatehouse"
  public var json = false
  public var help = false
  /// What remains: the verb and its own words.
  public var words: [String] = []

  /// `GATEHOUSE_RUN` stands in for `--run`.
  public init(_ arguments: [String], environmentRun: String? = nil) throws(ShellFault) {
    if let environmentRun { runDirectory = environmentRun }
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "--json": json = true
      case "--help", "-h": help = true
      case "--run":
        guard let path = rest.popFirst(), !path.isEmpty else { throw .misuse("--run needs a directory") }
        runDirectory = path
      default:
        if word.hasPrefix("--run=") {
          runDirectory = String(word.dropFirst("--run=".count))
        } else {
          words.append(word)
        }
      }
    }
  }
}
