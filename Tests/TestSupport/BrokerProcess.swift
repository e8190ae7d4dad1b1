import Glibc
import Platform

/// A mosquitto of its own on the loopback.
public final class BrokerProcess {
  public let port: UInt16
  private let configuration: String
  private var process: ChildProcess?

  public var url: String { "mqtt://127.0.0.1:\(port)" }

  /// - Parameter extra: further lines of the listener's configuration.
  public init(in directory: String, extra: String = "") throws {
    port = try freePort()
    configuration = "\(directory)/mosquitto.conf"
    let text = "listener \(port) 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n\(extra)"
    try Files.write(Array(text.utf8), to: configuration)
    try start()
  }

  public func start() throws {
    process = try ChildProcess("mosquitto", ["-c", configuration], output: .discard, error: .discard)
  }

  public func kill() throws {
    process?.signal(SIGKILL)
    _ = try process?.wait()
    process = nil
  }
}
