import Glibc
public import Messages
import Platform

/// `RUN/control.sock`: one connection that is made when it is first needed, and anew after it broke.
public final class SocketTransport: ControlTransport {
  private let path: String
  private let patience: UInt64
  private var connection: UnixConnection?
  private var framer = LineFramer(limit: MessageLimits.payloadBytes)
  private var number: Int64 = 0

  /// - Parameter patience: how long an answer may take, in milliseconds.
  public init(runDirectory: String, patience: UInt64 = 30_000) {
    path = "\(runDirectory)/control.sock"
    self.patience = patience
  }

  public func ask(_ verb: String, _ arguments: JSONValue) throws(ShellFault) -> JSONValue {
    let id = try send(verb, arguments)
    let deadline = MonotonicClock.now() + patience * 1_000_000
    while MonotonicClock.now() < deadline {
      guard let reply = try receive(milliseconds: 200) else { continue }
      switch reply {
      case .done(id, let result): return result
      case .refused(let other, let error, let detail) where other == id || other == nil:
        throw .refused(Self.text(error, detail))
      default: continue
      }
    }
    connection = nil
    throw .unreachable(
      "\(path): no answer to '\(verb)' for \(patience / 1_000) s; look at the controller's own log")
  }

  public func stream(
    _ verb: String, _ arguments: JSONValue, while goesOn: () -> Bool, each: (JSONValue) -> Void
  ) throws(ShellFault) {
    let id = try send(verb, arguments)
    // The stream ends with its connection.
    defer { connection = nil }
    while goesOn() {
      switch try receive(milliseconds: 100) {
      case .event(id, let event): each(event)
      case .refused(let other, let error, let detail) where other == id || other == nil:
        throw .refused(Self.text(error, detail))
      default: continue
      }
    }
  }

  private func send(_ verb: String, _ arguments: JSONValue) throws(ShellFault) -> Int64 {
    number += 1
    let line = ControlRequest(id: number, verb: verb, args: arguments).encoded() + [0x0A]
    do throws(SystemError) {
      let connection = try connected()
      try connection.writeAll(line)
    } catch  where error.code == EPIPE || error.code == ECONNRESET {
      // The controller was restarted since the last verb; nothing of this line has been obeyed.
      connection = nil
      do throws(SystemError) {
        try connected().writeAll(line)
      } catch {
        throw unreachable(error)
      }
    } catch {
      throw unreachable(error)
    }
    return number
  }

  private func connected() throws(SystemError) -> UnixConnection {
    if let connection { return connection }
    let made = try UnixConnection(path: path)
    try made.setNonBlocking(true)
    framer = LineFramer(limit: MessageLimits.payloadBytes)
    connection = made
    return made
  }

  /// The next whole reply; nil where none came in time.
  private func receive(milliseconds: Int32) throws(ShellFault) -> ControlReply? {
    if let reply = try nextLine() { return reply }
    guard let connection else { throw .unreachable("\(path): the connection is gone") }
    do throws(SystemError) {
      guard try Poll.wait(connection.raw, for: .read, milliseconds: milliseconds) else { return nil }
      guard let bytes = try connection.read() else { return nil }
      guard !bytes.isEmpty else { throw SystemError(call: "read \(path)", code: ECONNRESET) }
      framer.feed(bytes)
    } catch {
      self.connection = nil
      throw unreachable(error)
    }
    return try nextLine()
  }

  private func nextLine() throws(ShellFault) -> ControlReply? {
    guard let line = framer.next() else { return nil }
    guard case .line(let bytes) = line else {
      throw .unreachable("\(path): an answer longer than \(MessageLimits.payloadBytes) bytes")
    }
    do throws(MessageFault) {
      return try ControlReply.parse(bytes)
    } catch {
      throw .unreachable("\(path): not an answer of a controller: \(error)")
    }
  }

  private func unreachable(_ error: SystemError) -> ShellFault {
    let advice =
      switch error.code {
      case ENOENT, ECONNREFUSED: "; is gatehoused running, and with this --run directory?"
      case EACCES: "; this user may not open it: join the group of the socket"
      default: ""
      }
    return .unreachable("\(path): \(error.text)\(advice)")
  }

  /// The controller's words, with every fault it lists.
  private static func text(_ error: String, _ detail: JSONValue) -> String {
    let faults = (detail["faults"]?.arrayValue ?? []).map { fault in
      "line \(fault["line"]?.integerValue ?? 0): \(fault["text"]?.stringValue ?? fault.text)"
    }
    return ([error] + faults).joined(separator: "\n  ")
  }
}
