import Glibc

/// One line out and one line back over a Unix socket: how a companion asks the controller.
public enum LineExchange {
  /// Connects to `path`, writes `line` and a line feed, and gives back the next line without its own.
  ///
  /// - Throws: ``SystemError``: ETIMEDOUT where no whole line has come in time, ECONNRESET where the peer closed
  ///   before one, EMSGSIZE where it is longer than `limit` bytes, or whatever `connect` and `write` say.
  public static func ask(
    path: String, line: [UInt8], milliseconds: UInt64, limit: Int = 65_536
  ) throws(SystemError) -> [UInt8] {
    let call = "ask \(path)"
    let deadline = MonotonicClock.now() + milliseconds * 1_000_000
    let connection = try UnixConnection(path: path)
    try connection.setNonBlocking(true)
    try connection.writeAll(line + [0x0A], patience: Int32(clamping: milliseconds))
    var reply: [UInt8] = []
    while true {
      let now = MonotonicClock.now()
      guard now < deadline else { throw SystemError(call: call, code: ETIMEDOUT) }
      let patience = Int32(clamping: (deadline - now) / 1_000_000 + 1)
      guard try Poll.wait(connection.raw, for: .read, milliseconds: patience) else { continue }
      guard let part = try connection.read() else { continue }
      guard !part.isEmpty else { throw SystemError(call: call, code: ECONNRESET) }
      if let end = part.firstIndex(of: 0x0A) { return reply + part[..<end] }
      reply += part
      guard reply.count <= limit else { throw SystemError(call: call, code: EMSGSIZE) }
    }
  }
}
