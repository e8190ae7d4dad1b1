import Glibc
import Platform

/// A browser of three lines: writes bytes to a port of this machine and reads until the other end closes.
enum LoopbackClient {
  struct Reply {
    var status: Int
    var body: String
  }

  static func post(
    _ path: String, port: UInt16, contentType: String = "application/json", body: [UInt8],
    method: String = "POST"
  ) throws -> Reply {
    let head =
      "\(method) \(path) HTTP/1.1\r\nHost: gate\r\nConnection: close\r\nContent-Type: \(contentType)\r\n"
      + "Content-Length: \(body.count)\r\n\r\n"
    let text = try send(Array(head.utf8) + body, port: port)
    let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
    let status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return Reply(status: status, body: parts.count == 2 ? String(parts[1]) : "")
  }

  /// What the server says to these bytes; what it does not take is left unsaid. `close`: end the sending side at once.
  static func send(_ bytes: [UInt8], port: UInt16, close: Bool = false) throws -> String {
    SignalWait.ignoreBrokenPipes()
    let kind = Int32(SOCK_STREAM.rawValue)
    let socket = FileDescriptor(owning: Glibc.socket(AF_INET, kind, 0))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let raw = socket.raw
    let connected = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(raw, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw SystemError(call: "connect", code: errno) }
    try? socket.writeAll(bytes)
    if close { shutdown(raw, Int32(SHUT_WR)) }
    var reply: [UInt8] = []
    while try Poll.wait(raw, for: .read, milliseconds: 15_000), let part = try? socket.read(), !part.isEmpty {
      reply += part
    }
    return String(decoding: reply, as: UTF8.self)
  }
}
