import Glibc

/// A Modbus TCP master that speaks bytes, so that a server meets more than one library's idea of the protocol.
@safe final class MasterClient {
  private let socket: Int32

  init?(port: Int) {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { return nil }
    var limit = timeval(tv_sec: 1, tv_usec: 0)
    unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(socket) }

  func send(_ bytes: [UInt8]) { _ = unsafe write(socket, bytes, bytes.count) }

  /// What comes within a second; empty where the server hung up, nil where it says nothing.
  func receive() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 300)
    let count = unsafe read(socket, &buffer, buffer.count)
    return count < 0 ? nil : Array(buffer.prefix(count))
  }

  /// One request; the reply's function code and data.
  func ask(unit: UInt8, _ pdu: [UInt8]) -> [UInt8]? {
    send([0, 1, 0, 0, 0, UInt8(pdu.count + 1), unit] + pdu)
    return receive().map { Array($0.dropFirst(7)) }
  }

  /// FC02.
  func inputs(unit: UInt8, count: UInt8) -> UInt8? {
    ask(unit: unit, [2, 0, 0, 0, count]).flatMap { $0.count == 3 ? $0[2] : nil }
  }

  /// FC05.
  func setCoil(unit: UInt8, _ address: UInt8, _ on: Bool) {
    _ = ask(unit: unit, [5, 0, address, on ? 0xFF : 0, 0])
  }
}
