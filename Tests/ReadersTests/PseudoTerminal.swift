import Glibc
import Platform

/// A serial line without a wire: what is written here comes out at `path`, and the other way round.
final class PseudoTerminal: Sendable {
  private let master: FileDescriptor
  let path: String

  /// `/dev/ptmx`, TIOCSPTLCK and TIOCGPTN, in raw mode: Glibc's module leaves posix_openpt out.
  init() throws {
    master = try FileDescriptor.open(path: "/dev/ptmx", flags: O_RDWR | O_NOCTTY)
    let raw = master.raw
    var locked: Int32 = 0
    var number: UInt32 = 0
    guard unsafe ioctl(raw, 0x4004_5431, &locked) == 0, unsafe ioctl(raw, 0x8004_5430, &number) == 0 else {
      throw SystemError(call: "ioctl /dev/ptmx", code: errno)
    }
    path = "/dev/pts/\(number)"
    var settings = termios()
    unsafe tcgetattr(raw, &settings)
    unsafe cfmakeraw(&settings)
    unsafe tcsetattr(raw, TCSANOW, &settings)
    try master.setNonBlocking(true)
  }

  func write(_ bytes: [UInt8]) throws { try master.writeAll(bytes) }

  /// What has come within `milliseconds`; empty where nothing has, or where nobody has the other end open.
  func read(milliseconds: Int32) -> [UInt8] {
    guard (try? Poll.wait(master.raw, for: .read, milliseconds: milliseconds)) == true else { return [] }
    return (try? master.read()) ?? []
  }
}
