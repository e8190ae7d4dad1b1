import Messages

/// What stands in the column `type`: the kind of a record, and of access records whether somebody was turned away.
///
/// Numbers in files in the field do not change.
enum RecordClass: Int64, CaseIterable {
  case actuator = 1
  case device = 2
  case system = 3
  case passage = 4
  case doorAlarm = 5
  case `operator` = 6
  case access = 7
  case emergency = 8
  case gap = 9
  case denial = 10

  init(_ record: LogRecord) {
    self =
      switch record.type {
      case .actuator: .actuator
      case .device: .device
      case .system: .system
      case .passage: .passage
      case .doorAlarm: .doorAlarm
      case .operator: .operator
      case .access: record.decision == .deny ? .denial : .access
      case .emergency: .emergency
      case .gap: .gap
      }
  }

  /// The order in which they are given up: what tells of a danger or of somebody turned away last, and gaps after all.
  static var leastImportantFirst: [RecordClass] {
    [.actuator, .device, .system, .passage, .operator, .access, .denial, .doorAlarm, .emergency, .gap]
  }

  /// As a gap record counts it.
  var name: String {
    switch self {
    case .actuator: LogRecord.Kind.actuator.rawValue
    case .device: LogRecord.Kind.device.rawValue
    case .system: LogRecord.Kind.system.rawValue
    case .passage: LogRecord.Kind.passage.rawValue
    case .doorAlarm: LogRecord.Kind.doorAlarm.rawValue
    case .operator: LogRecord.Kind.operator.rawValue
    case .access: LogRecord.Kind.access.rawValue
    case .emergency: LogRecord.Kind.emergency.rawValue
    case .gap: LogRecord.Kind.gap.rawValue
    case .denial: "access-denied"
    }
  }
}
