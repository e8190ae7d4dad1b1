import ControlCore
import Messages
import Platform
import Site

/// Keeps the emergencies that hold: over the controller's death in the guard's page, over the machine's in a file.
///
/// It looks at what the scan holds, not at its events, of which a full ring may lose one. Where the machine stops
/// between a reset and the write that follows it within some milliseconds, the plan holds again: a person resets twice.
struct EmergencyKeeper {
  /// What held when this controller began: told by the one before it, else by the file.
  let found: EmergencyFile.Found
  private let file: EmergencyFile
  private let board: GuardBoard
  private let status: StatusBoard
  private let reports: EmergencyReports
  /// The change of the reports that their file has.
  private var reported: UInt64 = 0
  /// What the file says; nil where that is not known.
  private var written: HeldEmergencies?
  private var nextTry: UInt64 = 0

  init(file: EmergencyFile, board: GuardBoard, status: StatusBoard, reports: EmergencyReports) {
    self.file = file
    self.board = board
    self.status = status
    self.reports = reports
    if let held = HeldEmergencies(word: board[.emergencies]) {
      found = EmergencyFile.Found(held: held)
    } else {
      found = file.read()
      if found.fault == nil && found.gone.isEmpty && Files.exists(file.path) { written = found.held }
      let board = board
      board[.emergencies] = found.held.word
    }
    if let fault = found.fault {
      StandardError.write("gatehoused: emergencies: \(fault); starting with none")
    }
  }

  /// Writes the file where it does not say what the scan holds; one that fails is tried again for ever.
  mutating func look(now: UInt64 = MonotonicClock.now()) {
    lookAtReports()
    guard let held = HeldEmergencies(word: board[.emergencies]), held != written, now >= nextTry else {
      return
    }
    do throws(SystemError) {
      try file.write(held)
      written = held
      nextTry = 0
      status.emergencyFault = nil
    } catch {
      if status.emergencyFault == nil { StandardError.write("gatehoused: emergencies: \(error)") }
      status.emergencyFault = "\(error)"
      nextTry = now + RuntimeLimits.journalRetry.nanoseconds
    }
  }

  /// A report that cannot be kept is no fault: the log tells the same.
  private mutating func lookAtReports() {
    let changes = reports.changes
    guard changes != reported else { return }
    reported = changes
    try? reports.write()
  }

  /// What the log is told of this start.
  func records(_ writer: RecordWriter) -> [LogRecord] {
    var records: [LogRecord] = []
    for (place, name) in writer.site.planNames.enumerated() where found.held.holds(.init(place)) {
      records.append(
        writer.draft(
          .emergency,
          detail: [
            "event": "emergency-holds", "plan": .string(name),
            "drill": .bool(found.held.isDrill(.init(place))),
          ]))
    }
    if let fault = found.fault {
      records.append(
        writer.draft(.system, detail: ["event": "emergencies-unreadable", "error": .string(fault)]))
    }
    for name in found.gone {
      records.append(
        writer.draft(.system, detail: ["event": "emergency-plan-gone", "plan": .string(name)]))
    }
    return records
  }
}
