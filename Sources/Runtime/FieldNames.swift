import ControlCore

/// The core's words as they stand in records and answers: lower case, with dashes.
enum FieldNames {
  static func state(_ state: PointState) -> String { dashed("\(state)") }
  static func access(_ access: DoorAccess) -> String { "\(access)" }
  static func cause(_ cause: Cause) -> String { dashed("\(cause)") }
  static func event(_ kind: Event.Kind) -> String { dashed("\(kind)") }

  static func quality(_ quality: Quality) -> String {
    switch quality {
    case .unknown: "unknown"
    case .good: "good"
    case .bad: "bad"
    case .cut: "cut"
    case .short: "short"
    }
  }

  /// `heldOpen` becomes `held-open`.
  private static func dashed(_ name: String) -> String {
    var result = ""
    for character in name {
      if character.isUppercase {
        result += "-" + character.lowercased()
      } else {
        result.append(character)
      }
    }
    return result
  }
}
