import Glibc
import Platform

/// A serial line without a wire: the master side is the far end, and belongs to who takes it.
final class PseudoTerminal {
  let master: Int32
  let path: String

  init() throws {
    let file = try FileDescriptor.open(path: "/dev/ptmx", flags: O_RDWR | O_NOCTTY)
    var unlocked: Int32 = 0
    var number: UInt32 = 0
    let raw = file.raw
    // TIOCSPTLCK and TIOCGPTN: what unlockpt and ptsname do.
    guard unsafe ioctl(raw, 0x4004_5431, &unlocked) == 0, unsafe ioctl(raw, 0x8004_5430, &number) == 0 else {
      throw SystemError(call: "ioctl /dev/ptmx", code: errno)
    }
    var settings = termios()
    _ = unsafe tcgetattr(raw, &settings)
    unsafe cfmakeraw(&settings)
    _ = unsafe tcsetattr(raw, TCSANOW, &settings)
    path = "/dev/pts/\(number)"
    master = file.release()
  }
}
