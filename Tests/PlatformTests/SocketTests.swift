import Glibc
import Platform
import Testing

@Suite struct SocketTests {
  private let directory: TemporaryDirectory
  private let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.path + "/a.sock"
  }

  private func accepted(_ listener: UnixListener) throws -> UnixConnection {
    #expect(try Poll.wait(listener.raw, for: .read, milliseconds: 5_000))
    return try #require(try listener.accept())
  }

  @Test func bytesGoBothWays() throws {
    let listener = try UnixListener(path: path)
    #expect(try listener.accept() == nil)
    let client = try UnixConnection(path: path)
    let server = try accepted(listener)
    #expect(try server.read() == nil, "nothing there yet")
    try client.writeAll([1, 2, 3])
    #expect(try Poll.wait(server.raw, for: .read, milliseconds: 5_000))
    #expect(try server.read() == [1, 2, 3])
    try server.writeAll([4])
    #expect(try client.read() == [4])
  }

  @Test func thePeerIsKnown() throws {
    let listener = try UnixListener(path: path)
    let client = try UnixConnection(path: path)
    let server = try accepted(listener)
    let own = PeerIdentity(process: getpid(), user: geteuid(), group: getegid())
    #expect(try server.peer() == own)
    #expect(try client.peer() == own)
  }

  @Test func aPeerThatCloses() throws {
    let listener = try UnixListener(path: path)
    var client: UnixConnection? = try UnixConnection(path: path)
    let server = try accepted(listener)
    #expect(client != nil)
    client = nil
    #expect(try Poll.wait(server.raw, for: .read, milliseconds: 5_000))
    #expect(try server.read() == [])
    // Without a signal: this process is alive to tell.
    #expect(throws: SystemError(call: "send", code: EPIPE)) { try server.writeAll([1]) }
  }

  @Test func aPeerThatDoesNotReadHoldsNobody() throws {
    let listener = try UnixListener(path: path)
    let client = try UnixConnection(path: path)
    let server = try accepted(listener)
    let bytes = [UInt8](repeating: 7, count: 4 << 20)
    #expect(throws: SystemError(call: "write", code: EAGAIN)) { try server.writeAll(bytes, patience: 50) }
    #expect(client.raw >= 0)
  }

  @Test func aLargeMessageArrivesWhole() throws {
    let listener = try UnixListener(path: path)
    let client = try UnixConnection(path: path)
    let server = try accepted(listener)
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let writer = try PlatformThread.start(name: "writer") { try? server.writeAll(bytes, patience: 5_000) }
    var received: [UInt8] = []
    while received.count < bytes.count {
      let part = try #require(try client.read())
      if part.isEmpty { break }
      received += part
    }
    writer.join()
    #expect(received == bytes)
  }

  @Test func oneListenerAPath() throws {
    var listener: UnixListener? = try UnixListener(path: path)
    #expect(throws: SystemError(call: "bind \(path)", code: EADDRINUSE)) { try UnixListener(path: path) }
    #expect(listener != nil)
    listener = nil
    #expect(!Files.exists(path), "the path goes with the listener")
    try Files.write([], to: path)
    #expect(try UnixListener(path: path).raw >= 0, "a file that nobody listens on is replaced")
  }

  @Test func aListenerWhoseQueueIsFullIsStillInUse() throws {
    let listener = try UnixListener(path: path, backlog: 0)
    let waiting = try UnixConnection(path: path)
    #expect(throws: SystemError(call: "bind \(path)", code: EADDRINUSE)) { try UnixListener(path: path) }
    #expect(listener.raw >= 0 && waiting.raw >= 0)
  }

  @Test func faultsAreNamed() throws {
    #expect(throws: SystemError(call: "connect \(path)", code: ENOENT)) { try UnixConnection(path: path) }
    let long = directory.path + "/" + String(repeating: "x", count: 120)
    #expect(throws: SystemError(call: "connect \(long)", code: ENAMETOOLONG)) {
      try UnixConnection(path: long)
    }
    let error = SystemError(call: "connect \(path)", code: ECONNREFUSED)
    #expect(error.description.contains("Connection refused"))
    #expect(error.description.contains("is the program running?"))
  }

  @Test func aWakeIsTakenOnce() throws {
    let event = try EventDescriptor()
    #expect(!event.drain())
    #expect(!event.wait(milliseconds: 1))
    event.signal()
    event.signal()
    #expect(try Poll.wait(event.raw, for: .read, milliseconds: 0))
    #expect(event.wait(milliseconds: 1_000))
    #expect(!event.drain())
  }

  @Test func pollTellsWhich() throws {
    let events = try (0..<3).map { _ in try EventDescriptor() }
    var poll = Poll()
    for event in events { poll.add(event.raw) }
    #expect(try poll.wait(milliseconds: 0).isEmpty)
    events[1].signal()
    let ready = try poll.wait(milliseconds: 1_000)
    #expect(ready.map(\.descriptor) == [events[1].raw])
    #expect(ready.first?.what.contains(.read) == true)
  }
}
