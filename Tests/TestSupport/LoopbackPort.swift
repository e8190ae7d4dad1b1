import Glibc
public import Platform

/// A port of the loopback that is free at this moment.
public func freePort() throws(SystemError) -> UInt16 {
  let socket = FileDescriptor(owning: Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let raw = socket.raw
  let done = unsafe withUnsafeMutablePointer(to: &address) { pointer in
    unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe bind(raw, $0, length) == 0 && getsockname(raw, $0, &length) == 0
    }
  }
  guard done else { throw SystemError(call: "bind 127.0.0.1", code: errno) }
  return UInt16(bigEndian: address.sin_port)
}
