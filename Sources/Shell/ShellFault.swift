/// Why a verb did not do its work; the case is the exit code.
public enum ShellFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// The answer is no: the controller refused, a check failed. Exit 1.
  case refused(String)
  /// The command line cannot be obeyed. Exit 2.
  case misuse(String)
  /// Nobody answers. Exit 3.
  case unreachable(String)

  public var exitCode: Int32 {
    switch self {
    case .refused: 1
    case .misuse: 2
    case .unreachable: 3
    }
  }

  public var description: String {
    switch self {
    case .refused(let text), .misuse(let text), .unreachable(let text): text
    }
  }
}
