/// What went wrong on a bus, with libmodbus's own code and text.
public enum ModbusError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The setting cannot work; every reason.
  case setting([String])
  /// The link cannot be opened or broke.
  case link(call: String, code: Int32, text: String)
  /// The unit did not answer, or not with what it was asked.
  case unit(Int, call: String, code: Int32, text: String)
  /// The unit answered with a Modbus exception, 1 to 11.
  case exception(unit: Int, call: String, code: Int32, text: String)
  /// A board's watchdog reads back otherwise than it was set.
  case watchdog(unit: Int, text: String)
  case system(call: String, code: Int32, text: String)

  public var description: String {
    switch self {
    case .setting(let faults): faults.joined(separator: "; ")
    case .link(let call, let code, let text):
      "\(call): \(text) (error \(code)); check the cable and the address"
    case .unit(let unit, let call, let code, let text):
      "unit \(unit), \(call): \(text) (error \(code)); check its power, its address and the bus's speed"
    case .exception(let unit, let call, let code, let text):
      "unit \(unit), \(call): the unit refuses: \(text) (exception \(code)); check the address against its manual"
    case .watchdog(let unit, let text): "unit \(unit), watchdog: \(text); its outputs stay safe"
    case .system(let call, let code, let text): "\(call): \(text) (errno \(code))"
    }
  }
}
