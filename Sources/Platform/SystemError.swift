public import Glibc

/// A call to the system that failed: which one, and with what error number.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The C function and what it was asked for: `open /dev/ttyUSB0`.
  public var call: String
  /// `errno` as the call left it.
  public var code: Int32

  public init(call: String, code: Int32 = errno) {
    self.call = call
    self.code = code
  }

  /// The system's own text for the code: `strerror`.
  public var text: String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }

  public var description: String { "\(call): \(text) (errno \(code))\(advice.map { "; \($0)" } ?? "")" }

  /// What a person can do about the common ones.
  public var advice: String? {
    switch code {
    case EACCES, EPERM: "check the owner and group of the file and of the process"
    case ENOENT: "check the path"
    case EADDRINUSE: "another process has it; stop that one first"
    case ECONNREFUSED: "nothing listens there; is the program running?"
    case ENOSPC: "free some space"
    case EMFILE, ENFILE: "too many open files; raise LimitNOFILE"
    default: nil
    }
  }
}

/// Calls again while a signal interrupts; `errno` becomes a ``SystemError`` named `call`.
@discardableResult
func checked(_ call: @autoclosure () -> String, _ body: () -> Int) throws(SystemError) -> Int {
  while true {
    let result = body()
    if result >= 0 { return result }
    if errno != EINTR { throw SystemError(call: call(), code: errno) }
  }
}
