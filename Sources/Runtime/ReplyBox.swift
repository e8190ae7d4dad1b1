import Platform
import Synchronization

/// Lines on their way from any thread to the peers of one ``LineServer``.
final class ReplyBox: Sendable {
  struct Reply: Sendable {
    var connection: UInt64
    /// A whole line, line feed included; empty: nothing to say, only the request ends.
    var line: [UInt8]
    /// False for what is pushed unasked, such as a `watch` event.
    var endsRequest: Bool
  }

  private struct State {
    var waiting: [Reply] = []
    var bytes = 0
    var overrun: Set<UInt64> = []
  }

  private let state = Mutex(State())
  let wake: EventDescriptor

  init() throws(SystemError) {
    wake = try EventDescriptor()
  }

  /// Never waits: a peer for whom there is no room any more is dropped by the server.
  func post(_ line: [UInt8], to connection: UInt64, endsRequest: Bool = true) {
    state.withLock { state in
      if state.bytes + line.count > RuntimeLimits.unsentBytes {
        state.overrun.insert(connection)
      } else {
        state.waiting.append(Reply(connection: connection, line: line + [0x0A], endsRequest: endsRequest))
        state.bytes += line.count + 1
      }
    }
    wake.signal()
  }

  /// All that waits, and the connections that lost something and must end.
  func takeAll() -> (replies: [Reply], overrun: Set<UInt64>) {
    wake.drain()
    return state.withLock { state in
      let taken = (state.waiting, state.overrun)
      state = State()
      return taken
    }
  }
}
