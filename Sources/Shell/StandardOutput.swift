import Glibc

/// Descriptor 1, line by line.
public enum StandardOutput {
  /// Writes the line and a line feed. A reader that has gone wants no more: the program ends as SIGPIPE would end it.
  public static func write(_ line: String) {
    writeRaw(line + "\n")
  }

  public static func writeRaw(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(1, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR && errno != EAGAIN {
        exit(141)
      }
    }
  }

  /// `isatty` of both ends.
  public static var isTerminal: Bool { isatty(0) == 1 && isatty(1) == 1 }
}
