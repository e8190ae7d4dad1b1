/// Who may use a verb; the controller decides, the help only says.
public enum VerbRole: String, Sendable {
  /// Needs no controller.
  case anybody
  case viewer, technician, administrator
}

/// What a free word of a verb names, for completion.
public enum WordKind: String, Sendable {
  case nothing, point, output, plan
}

/// One verb of the shell: its words, its help and what it does.
public struct Verb: Sendable {
  /// `status`, `log tail`.
  public var name: String
  /// What stands behind the name: `NAME --for 500ms [--level off]`.
  public var arguments: String
  /// One line.
  public var help: String
  public var role: VerbRole
  /// Options that a value follows, and options that stand alone.
  public var options: Set<String>
  public var flags: Set<String>
  /// How many free words there may be.
  public var words: ClosedRange<Int>
  public var names: WordKind
  public var run: @Sendable (Call) throws(ShellFault) -> Int32

  public init(
    _ name: String, _ arguments: String = "", help: String, role: VerbRole = .viewer,
    options: Set<String> = [],
    flags: Set<String> = [], words: ClosedRange<Int> = 0...0, names: WordKind = .nothing,
    run: @escaping @Sendable (Call) throws(ShellFault) -> Int32
  ) {
    self.name = name
    self.arguments = arguments
    self.help = help
    self.role = role
    self.options = options
    self.flags = flags
    self.words = words
    self.names = names
    self.run = run
  }

  public var usage: String { "gatehouse \(name)" + (arguments.isEmpty ? "" : " \(arguments)") }
}

/// One use of a verb.
public struct Call {
  public let words: ParsedWords
  public let transport: any ControlTransport
  public let console: Console
  public let runDirectory: String

  public init(words: ParsedWords, transport: any ControlTransport, console: Console, runDirectory: String) {
    self.words = words
    self.transport = transport
    self.console = console
    self.runDirectory = runDirectory
  }
}
