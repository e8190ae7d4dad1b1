import Glibc
public import Platform

/// A serial line without a wire: what is written here comes out at `path`, and the other way round.
public final class PseudoTerminal: @unchecked Sendable {
  /// The near end.
  public let master: Int32
  /// The far end.
  public let path: String
  private var isTaken = false

  /// `/dev/ptmx`, TIOCSPTLCK and TIOCGPTN: Glibc's module leaves posix_openpt out.
  ///
  /// - Parameters:
  ///   - raw: bytes as they are; else as a person's terminal.
  ///   - blocking: whether reading waits.
  public init(raw: Bool = true, blocking: Bool = true) throws(SystemError) {
    let file = try FileDescriptor.open(path: "/dev/ptmx", flags: O_RDWR | O_NOCTTY)
    var locked: Int32 = 0
    var number: UInt32 = 0
    let near = file.raw
    guard unsafe ioctl(near, 0x4004_5431, &locked) == 0, unsafe ioctl(near, 0x8004_5430, &number) == 0 else {
      throw SystemError(call: "ioctl /dev/ptmx", code: errno)
    }
    if raw {
      var settings = termios()
      unsafe tcgetattr(near, &settings)
      unsafe cfmakeraw(&settings)
      unsafe tcsetattr(near, TCSANOW, &settings)
    }
    if !blocking { try file.setNonBlocking(true) }
    path = "/dev/pts/\(number)"
    master = file.release()
  }

  deinit {
    if !isTaken { close(master) }
  }

  /// The near end belongs to the caller from here on.
  public func take() -> Int32 {
    isTaken = true
    return master
  }

  public func write(_ bytes: [UInt8]) throws(SystemError) {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes[sent...].withUnsafeBytes {
        unsafe Glibc.write(master, $0.baseAddress, $0.count)
      }
      guard count > 0 else { throw SystemError(call: "write \(path)", code: errno) }
      sent += count
    }
  }

  /// What has come within `milliseconds`; empty where nothing has, or where nobody has the other end open.
  public func read(milliseconds: Int32) -> [UInt8] {
    guard (try? Poll.wait(master, for: .read, milliseconds: milliseconds)) == true else { return [] }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(master, $0.baseAddress, $0.count) }
    return Array(bytes.prefix(max(0, count)))
  }
}
