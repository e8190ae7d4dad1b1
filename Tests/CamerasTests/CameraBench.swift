import Cameras
import Messages
import Synchronization

/// The receiver on a free port of loopback, with a controller behind it.
final class CameraBench: Sendable {
  let controller: FakeController
  private let server: HTTPServer
  private let lines: Lines

  private final class Lines: Sendable {
    let all = Mutex<[String]>([])
  }

  init(answers: @escaping @Sendable (IngressRequest) -> [UInt8]? = FakeController.grant) throws {
    controller = try FakeController(answers: answers)
    let lines = Lines()
    self.lines = lines
    let receiver = CameraReceiver(readers: ["lane1.camera"], ingressPath: controller.path) { line in
      lines.all.withLock { $0.append(line) }
    }
    server = try HTTPServer(address: ListenAddress("127.0.0.1:0")!) { receiver.answer($0) }
  }

  var port: UInt16 { server.port }

  var notes: [String] { lines.all.withLock { $0 } }

  func post(
    _ path: String, contentType: String = "application/json", _ body: [UInt8], method: String = "POST"
  )
    throws -> LoopbackClient.Reply
  {
    try LoopbackClient.post(path, port: port, contentType: contentType, body: body, method: method)
  }

  func stop() {
    server.stop()
    controller.stop()
  }
}
