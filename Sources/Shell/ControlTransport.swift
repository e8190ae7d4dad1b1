public import Messages

/// How verbs reach the controller. The commands know nothing else of it: tests put an actor of their own here.
public protocol ControlTransport: AnyObject {
  /// One verb, one result.
  ///
  /// - Throws: ``ShellFault/refused(_:)`` with the controller's own words, ``ShellFault/unreachable(_:)`` where
  ///   nobody answers.
  func ask(_ verb: String, _ arguments: JSONValue) throws(ShellFault) -> JSONValue

  /// A verb that answers with events until `goesOn` says no; it is asked at least five times a second.
  func stream(
    _ verb: String, _ arguments: JSONValue, while goesOn: () -> Bool, each: (JSONValue) -> Void
  ) throws(ShellFault)
}

extension ControlTransport {
  public func ask(_ verb: String) throws(ShellFault) -> JSONValue { try ask(verb, .object([])) }
}
