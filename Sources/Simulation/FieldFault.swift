import CModbus
import Glibc

/// The played field cannot be set up: what failed, and with the library's own text.
public struct FieldFault: Error, Equatable, Sendable, CustomStringConvertible {
  public var description: String

  init(_ description: String) {
    self.description = description
  }

  /// `modbus_strerror` of the last error.
  static func systemText() -> String {
    guard let text = unsafe modbus_strerror(errno) else { return "error \(errno)" }
    return unsafe String(cString: text)
  }
}
