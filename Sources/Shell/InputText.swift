import Messages

/// An input's quality in the words of the person who stands before the wire.
enum InputText {
  /// For a table: `good`, `no signal`, `never read`, `wire cut`, `wire short`.
  static func state(_ input: JSONValue) -> String {
    switch input["quality"]?.stringValue {
    case "bad": "no signal"
    case let other: trouble(input) ?? other ?? "-"
    }
  }

  /// Nil for a good input, and for one that is simply silent.
  static func trouble(_ input: JSONValue) -> String? {
    switch input["quality"]?.stringValue {
    case "unknown": "never read"
    case "cut": "wire cut"
    case "short": "wire short"
    default: nil
    }
  }

  /// `io unit 2 holding_register 101 = 16 open`: the number beside the wire, to set bands and limits by.
  static func wire(_ input: JSONValue) -> String {
    let wiring = input["wiring"]?.stringValue ?? "-"
    guard let number = input["register"]?.integerValue else { return wiring }
    return "\(wiring) = \(number)" + (input["meaning"]?.stringValue.map { " \($0)" } ?? "")
  }
}
