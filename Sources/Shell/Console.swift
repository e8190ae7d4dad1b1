public import Messages

/// Where a verb's words go: lines for people in 80 columns, or JSON and nothing else.
public final class Console {
  public let json: Bool
  /// A person sits at it who may end what streams.
  public let interactive: Bool
  private let write: (String) -> Void
  /// Whether something that streams shall go on.
  public let goesOn: () -> Bool

  public init(
    json: Bool, interactive: Bool = false, goesOn: @escaping () -> Bool = { true },
    write: @escaping (String) -> Void
  ) {
    self.json = json
    self.interactive = interactive
    self.goesOn = goesOn
    self.write = write
  }

  /// A line for people.
  public func say(_ line: String) {
    if !json { write(line) }
  }

  public func say(_ lines: [String]) {
    for line in lines { say(line) }
  }

  /// A JSON line for programs.
  public func tell(_ value: JSONValue) {
    if json { write(value.text) }
  }

  /// A line that is the same for both: a record of the log, byte for byte.
  public func verbatim(_ line: String) {
    write(line)
  }
}
