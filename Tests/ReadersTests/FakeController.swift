import Messages
import Platform
import Synchronization
import TestSupport

/// The controller's end of the ingress socket: grants everything and keeps what it was asked.
final class FakeController: Sendable {
  private let listener: UnixListener
  private let seen = Mutex<[IngressRequest]>([])
  private let running = Atomic<Bool>(true)
  private let thread = Mutex<PlatformThread?>(nil)

  init(path: String) throws {
    listener = try UnixListener(path: path)
    let started = try PlatformThread.start(name: "controller") { [weak self] in
      while let self, self.running.load(ordering: .relaxed) { self.serveOne() }
    }
    thread.withLock { $0 = started }
  }

  var credentials: [String] { seen.withLock { $0.map { "\($0.reader) \($0.credential)" } } }

  /// Whether as many readings have come within ten seconds.
  func waits(for count: Int) -> Bool { eventually { self.credentials.count >= count } }

  func stop() {
    running.store(false, ordering: .relaxed)
    thread.withLock { $0?.join() }
  }

  private func serveOne() {
    guard (try? Poll.wait(listener.raw, for: .read, milliseconds: 20)) == true,
      let connection = try? listener.accept()
    else { return }
    var framer = LineFramer()
    while let ready = try? Poll.wait(connection.raw, for: .read, milliseconds: 2_000), ready,
      let bytes = try? connection.read(), !bytes.isEmpty
    {
      framer.feed(bytes)
      guard case .line(let line)? = framer.next(), let request = try? IngressRequest.parse(line) else {
        continue
      }
      seen.withLock { $0.append(request) }
      let reply = IngressReply.decided(
        id: request.id, decision: .grant, reason: "granted", point: "lobby", seq: 1)
      try? connection.writeAll(reply.encoded() + [0x0A])
    }
  }
}
