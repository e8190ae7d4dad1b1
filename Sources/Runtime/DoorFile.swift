import ControlCore
import Messages
import Platform

/// What became of one door's present period of free access.
struct StoredPeriod: Equatable, Sendable {
  var period: DoorUse.Period
  /// Unix milliseconds of that change.
  var at: Int64
}

extension DoorUse.Period {
  /// The word in the file; nil for what a start finds out by itself.
  var stored: (word: String, by: String?)? {
    switch self {
    case .unknown, .outside, .missed: nil
    case .waiting: ("waiting", nil)
    case .begun: ("begun", nil)
    case .ended(let by): ("ended", by)
    }
  }

  init?(word: String, by: String?) {
    switch (word, by) {
    case ("waiting", _): self = .waiting
    case ("begun", _): self = .begun
    case ("ended", let by?): self = .ended(by: by)
    default: return nil
    }
  }
}

/// `doors.json` in the state directory: which doors are in free access, and which are not any more, by name.
///
/// A restart changes nothing: what held goes on, what was ended stays so, and what is not told here begins at the next
/// start of its schedule. A file that cannot be read means that nothing is known.
struct DoorFile: Sendable {
  let path: String

  init(directory: String) {
    path = "\(directory)/doors.json"
  }

  func read() -> [String: StoredPeriod] {
    guard let bytes = try? Files.read(path, limit: RuntimeLimits.doorFileBytes),
      let value = try? JSONValue.parse(bytes, maximumBytes: RuntimeLimits.doorFileBytes)
    else { return [:] }
    var found: [String: StoredPeriod] = [:]
    for row in value["free_access"]?.arrayValue ?? [] {
      guard let name = row["point"]?.stringValue, let word = row["state"]?.stringValue,
        let at = row["at_ms"]?.integerValue,
        let period = DoorUse.Period(word: word, by: row["by"]?.stringValue)
      else { continue }
      found[name] = StoredPeriod(period: period, at: at)
    }
    return found
  }

  /// Durable when it returns.
  func write(_ periods: [String: StoredPeriod]) throws(SystemError) {
    var rows: [JSONValue] = []
    for (name, stored) in periods.sorted(by: { $0.key < $1.key }) {
      guard let (word, by) = stored.period.stored else { continue }
      var row: [(key: String, value: JSONValue)] = [
        ("point", .string(name)), ("state", .string(word)), ("at_ms", .integer(stored.at)),
      ]
      if let by { row.append(("by", .string(by))) }
      rows.append(.object(row))
    }
    try Files.write(JSONValue.object([("free_access", .array(rows))]).encoded() + [0x0A], to: path)
    try Files.syncDirectory(of: path)
  }
}

/// Keeps the file as the decision thread says that it stands; one that cannot be written is tried again for ever.
struct DoorKeeper {
  private let file: DoorFile
  private let status: StatusBoard
  private var written: [String: StoredPeriod]
  private var nextTry: UInt64 = 0

  init(file: DoorFile, found: [String: StoredPeriod], status: StatusBoard) {
    self.file = file
    self.status = status
    written = found
  }

  mutating func look(now: UInt64 = MonotonicClock.now()) {
    guard let periods = status.doorPeriods, periods != written, now >= nextTry else { return }
    do throws(SystemError) {
      try file.write(periods)
      written = periods
      nextTry = 0
      status.doorFault = nil
    } catch {
      if status.doorFault == nil { StandardError.write("gatehoused: doors: \(error)") }
      status.doorFault = "\(error)"
      nextTry = now + RuntimeLimits.journalRetry.nanoseconds
    }
  }
}
