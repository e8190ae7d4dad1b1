import Messages
import Platform

/// Asks one JSON line and waits for its answer.
final class LineClient {
  private let connection: UnixConnection
  private var waiting: [UInt8] = []

  init(path: String) throws {
    connection = try UnixConnection(path: path)
  }

  func ask(_ line: String) throws -> JSONValue {
    try connection.writeAll(Array(line.utf8) + [UInt8(ascii: "\n")])
    while true {
      if let end = waiting.firstIndex(of: UInt8(ascii: "\n")) {
        let answer = Array(waiting[..<end])
        waiting.removeSubrange(...end)
        return try JSONValue.parse(answer)
      }
      guard let bytes = try connection.read(), !bytes.isEmpty else { throw BenchFault("the daemon hung up") }
      waiting += bytes
    }
  }
}
