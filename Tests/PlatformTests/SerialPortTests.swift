import Glibc
import Platform
import TestSupport
import Testing

@Suite struct SerialPortTests {
  @Test func bytesPassUnchanged() throws {
    let line = try PseudoTerminal()
    let far = FileDescriptor(owning: line.take())
    let port = try SerialPort(path: line.path, baud: 19_200, parity: .even, stopBits: 2)
    #expect(try port.read() == nil)
    let all = (0...255).map { UInt8($0) }
    try far.writeAll(all)
    var received: [UInt8] = []
    while received.count < 256, try Poll.wait(port.raw, for: .read, milliseconds: 5_000) {
      received += try port.read() ?? []
    }
    #expect(received == all, "no byte is taken for a control character")
    try port.writeAll(all)
    received = []
    while received.count < 256, try Poll.wait(far.raw, for: .read, milliseconds: 5_000) {
      received += try far.read() ?? []
    }
    #expect(received == all)
  }

  @Test func theSettingsAreAsAsked() throws {
    let line = try PseudoTerminal()
    let far = FileDescriptor(owning: line.take())
    let port = try SerialPort(path: line.path, baud: 38_400, parity: .none, stopBits: 1)
    var settings = termios()
    #expect(unsafe tcgetattr(port.raw, &settings) == 0)
    #expect(unsafe cfgetispeed(&settings) == speed_t(B38400) && cfgetospeed(&settings) == speed_t(B38400))
    #expect(settings.c_cflag & tcflag_t(PARENB | CSTOPB) == 0)
    #expect(settings.c_cflag & 0x8000_0000 == 0, "no hardware flow control")
    #expect(settings.c_lflag & tcflag_t(ECHO | ICANON | ISIG) == 0)
    #expect(far.raw >= 0)
  }

  @Test func whatCameBeforeIsThrownAway() throws {
    let line = try PseudoTerminal()
    let far = FileDescriptor(owning: line.take())
    let first = try SerialPort(path: line.path, baud: 9_600)
    try far.writeAll([1, 2, 3])
    #expect(try Poll.wait(first.raw, for: .read, milliseconds: 5_000))
    let second = try SerialPort(path: line.path, baud: 9_600)
    #expect(try second.read() == nil)
  }

  @Test func aLineThatGoesIsTold() throws {
    let line = try PseudoTerminal()
    let port = try SerialPort(path: line.path, baud: 9_600)
    close(line.take())
    #expect(try Poll.wait(port.raw, for: .read, milliseconds: 5_000))
    do {
      #expect(try port.read() == [])
    } catch {
      #expect(error.code == EIO)
    }
  }

  @Test func aSpeedThatIsNoneIsRefused() {
    #expect(throws: SystemError(call: "cfsetspeed 12345 on /dev/null", code: EINVAL)) {
      try SerialPort(path: "/dev/null", baud: 12_345)
    }
    #expect(throws: SystemError(call: "tcgetattr /dev/null", code: ENOTTY)) {
      try SerialPort(path: "/dev/null", baud: 9_600)
    }
  }
}
