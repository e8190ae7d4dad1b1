public import Messages
import Platform

/// Asks the controller: one connection, one verb, one answer.
public struct ControlClient: Sendable {
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

  public let path: String

  /// - Parameter path: the socket `control.sock`.
  public init(path: String) {
    self.path = path
  }

  public func ask(_ verb: String, _ args: JSONValue = .object([])) throws(Failure) -> JSONValue {
    let line: [UInt8]
    do throws(SystemError) {
      let connection = try UnixConnection(path: path)
      try connection.writeAll(ControlRequest(id: 1, verb: verb, args: args).encoded() + [0x0A])
      line = try answer(connection)
    } catch {
      throw .unreachable(error.description)
    }
    switch try? ControlReply.parse(line) {
    case .done(_, let result): return result
    case .refused(_, let error, let detail): throw .refused(detail.isNull ? error : "\(error) \(detail.text)")
    case .event, nil: throw .unreachable("it answered something else")
    }
  }

  private func answer(_ connection: UnixConnection) throws(SystemError) -> [UInt8] {
    var framer = LineFramer(limit: MessageLimits.payloadBytes)
    let deadline = MonotonicClock.now() + UInt64(UplinkLimits.controlMilliseconds) * 1_000_000
    while true {
      let now = MonotonicClock.now()
      let left = now < deadline ? Int32((deadline - now) / 1_000_000) : 0
      guard left > 0, try Poll.wait(connection.raw, for: .read, milliseconds: left) else {
        throw SystemError(call: "wait for \(path)", code: 110)  // ETIMEDOUT
      }
      guard let bytes = try connection.read() else { continue }
      if bytes.isEmpty { throw SystemError(call: "read \(path)", code: 104) }  // ECONNRESET
      framer.feed(bytes)
      if case .line(let line) = framer.next() { return line }
    }
  }
}
