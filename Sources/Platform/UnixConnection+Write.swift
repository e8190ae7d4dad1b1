import CLinux
import Glibc

extension UnixConnection {
  /// `send` MSG_NOSIGNAL | MSG_DONTWAIT: how many of the bytes the peer's buffer took; 0 where it is full.
  public func writeSome(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int {
    let raw = self.raw
    while true {
      let written = unsafe bytes.withUnsafeBytes {
        unsafe send(raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
      }
      if written >= 0 { return written }
      if errno == EAGAIN { return 0 }
      if errno != EINTR { throw SystemError(call: "send", code: errno) }
    }
  }
}
