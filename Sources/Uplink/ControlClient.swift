public import Messages
import Platform

/// Asks the controller: one connection, one verb, one answer.
public struct ControlClient: Sendable {
  /// Answers a verb with its arguments.
  public typealias Answer = @Sendable (String, JSONValue) throws(Failure) -> JSONValue

  public enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The controller could not be asked; it may be asked again.
    case unreachable(String)
    /// It answered no.
    case refused(String)

    public var description: String {
      switch self {
      case .unreachable(let why): "the controller cannot be reached: \(why)"
      case .refused(let why): why
      }
    }
  }

  private let answer: Answer

  /// - Parameter path: the socket `control.sock`.
  public init(path: String) {
    answer = { (verb, args) throws(Failure) in try Self.ask(path, verb, args) }
  }

  /// A controller that is simulated in this process.
  public init(answer: @escaping Answer) {
    self.answer = answer
  }

  public func ask(_ verb: String, _ args: JSONValue = .object([])) throws(Failure) -> JSONValue {
    try answer(verb, args)
  }

  private static func ask(
    _ path: String, _ verb: String, _ args: JSONValue
  ) throws(Failure) -> JSONValue {
    let line: [UInt8]
    do throws(SystemError) {
      line = try LineExchange.ask(
        path: path, line: ControlRequest(id: 1, verb: verb, args: args).encoded(),
        milliseconds: UplinkLimits.controlMilliseconds, limit: MessageLimits.payloadBytes)
    } catch {
      throw .unreachable(error.description)
    }
    switch try? ControlReply.parse(line) {
    case .done(_, let result): return result
    case .refused(_, let error, let detail): throw .refused(detail.isNull ? error : "\(error) \(detail.text)")
    case .event, nil: throw .unreachable("it answered something else")
    }
  }
}
