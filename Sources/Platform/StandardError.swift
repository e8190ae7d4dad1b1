import Glibc

public enum StandardError {
  /// One line to descriptor 2; a closed or full one loses it.
  public static func write(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
