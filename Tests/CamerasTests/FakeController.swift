import Glibc
import Messages
import Platform
import Synchronization

/// The controller's end of the ingress socket: answers each line and keeps it.
final class FakeController: Sendable {
  let directory: TemporaryDirectory
  private let listener: UnixListener
  private let seen = Mutex<[IngressRequest]>([])
  private let running = Atomic<Bool>(true)
  private let threads = Mutex<[PlatformThread]>([])
  private let answers: @Sendable (IngressRequest) -> [UInt8]?

  /// `answers` gives the line to reply with; nil says nothing at all.
  init(answers: @escaping @Sendable (IngressRequest) -> [UInt8]? = FakeController.grant) throws {
    directory = try TemporaryDirectory(prefix: "gatehouse-cameras")
    listener = try UnixListener(path: "\(directory.path)/ingress.sock")
    self.answers = answers
    let thread = try PlatformThread.start(name: "controller") { [weak self] in
      while let self, self.running.load(ordering: .relaxed) { self.serveOne() }
    }
    threads.withLock { $0.append(thread) }
  }

  var path: String { listener.path }

  var requests: [IngressRequest] { seen.withLock { $0 } }

  @Sendable static func grant(_ request: IngressRequest) -> [UInt8]? {
    IngressReply.decided(id: request.id, decision: .grant, reason: "granted", point: "lane1", seq: 7)
      .encoded()
  }

  func stop() {
    running.store(false, ordering: .relaxed)
    for thread in threads.withLock({ $0 }) { thread.join() }
  }

  private func serveOne() {
    guard let ready = try? Poll.wait(listener.raw, for: .read, milliseconds: 20), ready,
      let connection = try? listener.accept()
    else { return }
    var framer = LineFramer()
    while running.load(ordering: .relaxed) {
      guard let ready = try? Poll.wait(connection.raw, for: .read, milliseconds: 20) else { return }
      guard ready else { continue }
      guard let bytes = try? connection.read(), !bytes.isEmpty else { return }
      framer.feed(bytes)
      while case .line(let line)? = framer.next() {
        guard let request = try? IngressRequest.parse(line) else { return }
        seen.withLock { $0.append(request) }
        if let answer = answers(request) { try? connection.writeAll(answer + [0x0A]) }
      }
    }
  }
}
