import Glibc
import Platform

/// A line between a client and its broker that loses, doubles, reorders and delays packets, is cut, or goes deaf.
public final class FaultyLine {
  public let port: UInt16
  private let process: ChildProcess

  public var url: String { "mqtt://127.0.0.1:\(port)" }

  /// - Parameter faults: options of `Tests/estate/faulty-line`.
  public init(to broker: UInt16, _ faults: [String] = []) throws {
    port = try freePort()
    let root = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    process = try ChildProcess(
      "python3", ["/\(root)/estate/faulty-line", "\(port)", "\(broker)"] + faults, output: .discard)
  }

  /// The connections that stand bring nothing more of what is published; they stay, and new ones hear.
  public func deafen() {
    process.signal(SIGUSR1)
  }

  deinit {
    process.signal(SIGKILL)
    _ = try? process.wait()
  }
}
