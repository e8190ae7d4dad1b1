import Glibc

/// A serial line in raw mode: `termios`.
public final class SerialPort: Sendable {
  public enum Parity: Sendable { case none, even, odd }

  private let descriptor: FileDescriptor

  /// - Throws: ``SystemError``; EINVAL where the speed is not one that the system knows.
  public init(path: String, baud: Int, parity: Parity = .none, stopBits: Int = 1) throws(SystemError) {
    guard let speed = Self.speeds[baud] else {
      throw SystemError(call: "cfsetspeed \(baud) on \(path)", code: EINVAL)
    }
    let port = try FileDescriptor.open(path: path, flags: O_RDWR | O_NOCTTY | O_NONBLOCK)
    var settings = termios()
    let raw = port.raw
    try checked("tcgetattr \(path)") { Int(unsafe tcgetattr(raw, &settings)) }
    unsafe cfmakeraw(&settings)
    settings.c_cflag |= tcflag_t(CLOCAL | CREAD)
    settings.c_cflag &= ~tcflag_t(PARENB | PARODD | CSTOPB)
    // CRTSCTS, which stands behind _DEFAULT_SOURCE: a port left with hardware flow control would wait for ever.
    settings.c_cflag &= ~0x8000_0000
    if parity != .none { settings.c_cflag |= tcflag_t(PARENB) }
    if parity == .odd { settings.c_cflag |= tcflag_t(PARODD) }
    if stopBits == 2 { settings.c_cflag |= tcflag_t(CSTOPB) }
    unsafe cfsetispeed(&settings, speed)
    unsafe cfsetospeed(&settings, speed)
    try checked("tcsetattr \(path)") { Int(unsafe tcsetattr(raw, TCSANOW, &settings)) }
    // What came before nobody asked for.
    try checked("tcflush \(path)") { Int(tcflush(raw, TCIFLUSH)) }
    descriptor = port
  }

  public var raw: Int32 { descriptor.raw }

  /// Nil where nothing has come; empty where the line is gone.
  public func read(limit: Int = 4_096) throws(SystemError) -> [UInt8]? {
    try descriptor.read(limit: limit)
  }

  public func writeAll(_ bytes: [UInt8]) throws(SystemError) {
    try descriptor.writeAll(bytes)
  }

  private static let speeds: [Int: speed_t] = [
    1_200: speed_t(B1200), 2_400: speed_t(B2400), 4_800: speed_t(B4800), 9_600: speed_t(B9600),
    19_200: speed_t(B19200), 38_400: speed_t(B38400), 57_600: speed_t(B57600), 115_200: speed_t(B115200),
    230_400: speed_t(B230400),
  ]
}
