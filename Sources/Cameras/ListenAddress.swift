import Glibc

/// An IPv4 address and a port to listen on: `127.0.0.1:8417`. Port 0 takes any free one.
public struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
  public var host: String
  public var port: UInt16

  /// Nil where the text is no dotted address, a colon and a port.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let port = UInt16(parts[1]) else { return nil }
    host = String(parts[0])
    self.port = port
    guard socketAddress != nil else { return nil }
  }

  public static var standard: ListenAddress { ListenAddress("127.0.0.1:8417")! }

  public var description: String { "\(host):\(port)" }

  var socketAddress: sockaddr_in? {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    guard unsafe inet_pton(AF_INET, host, &address.sin_addr) == 1 else { return nil }
    return address
  }
}
