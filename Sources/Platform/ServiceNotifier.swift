import CLinux
import Glibc

/// Tells systemd how the service is: sd_notify(3)'s datagram, without its library.
public struct ServiceNotifier: Sendable {
  private let path: String?
  /// WATCHDOG_USEC, where the unit asks for a watchdog.
  public let watchdogMicroseconds: UInt64?

  public init() {
    path = unsafe getenv("NOTIFY_SOCKET").map { unsafe String(cString: $0) }
    watchdogMicroseconds = unsafe getenv("WATCHDOG_USEC").flatMap { unsafe UInt64(String(cString: $0)) }
  }

  /// `READY=1`, `WATCHDOG=1`, `STATUS=…`; nothing where no service manager listens.
  public func send(_ state: String) throws(SystemError) {
    guard let path else { return }
    // A manager that does not read must not hold the caller.
    let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let socket = FileDescriptor(owning: Int32(try checked("socket") { Int(Glibc.socket(AF_UNIX, kind, 0)) }))
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var name = Array(path.utf8)
    if name.first == UInt8(ascii: "@") { name[0] = 0 }
    guard name.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw SystemError(call: "sd_notify", code: ENAMETOOLONG)
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
    let bytes = Array(state.utf8)
    let raw = socket.raw
    try checked("sd_notify \(path)") {
      unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          unsafe sendto(raw, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
        }
      }
    }
  }
}
