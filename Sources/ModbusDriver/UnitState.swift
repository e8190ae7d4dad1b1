import ControlCore

/// What the bus's thread knows of one unit.
struct UnitState {
  struct Output {
    var slot: Int
    var wiring: ModbusOutput
    /// The logical level that the unit confirmed; nil where nobody knows.
    var written: Bool?
    /// Whether the unit ever took it: a refusal of one that it took before keeps others from being switched on.
    var wasTaken = false
    /// The unit refused it: not again before this.
    var refusedUntil: UInt64 = 0
    /// It has read back otherwise than written without a break, since when, and how.
    var differs: (since: UInt64, level: Bool)?
  }

  enum Condition: Equatable {
    case unknown
    case good
    case quarantined
  }

  let unit: Int
  let timeout: Interval
  var groups: [PollGroup]
  var outputs: [Output]
  let watchdog: ModbusWatchdog?
  /// Set and read back; always so where there is no watchdog.
  var watchdogConfirmed: Bool
  var watchdogRefusal: String?
  var watchdogDue: UInt64 = 0
  /// Reads of the outputs; one that the unit refuses is left out from then on.
  var readBack: [PollGroup]
  var readBackNext = 0
  var readBackAt: UInt64 = 0
  let refresh: UInt64
  var refreshAt: UInt64 = 0
  /// The unit knows no FC15, or one coil of a group is not there: coils go one by one.
  var writesSingly = false

  var condition = Condition.unknown
  /// Failed tries in a row.
  var failures = 0
  /// It failed in this round: its next try is in a later one.
  var isTroubled = false
  /// On a serial line a late answer may still come: nothing is asked of the unit before this.
  var restUntil: UInt64 = 0
  var goodSince: UInt64 = 0
  var pause = ModbusLimits.shortestQuarantine.nanoseconds
  var retryAt: UInt64 = 0
  var polls: UInt64 = 0
  var errors: UInt64 = 0
  var lastError: String?

  init(unit: Int, setting: ModbusBusSetting) {
    self.unit = unit
    timeout = setting.timeout(of: unit)
    groups = PollPlan.groups(setting.inputs).filter { $0.unit == unit }
    outputs = setting.outputs.enumerated().filter { $0.element.place.unit == unit }
      .map { Output(slot: $0.offset, wiring: $0.element) }
    readBack = PollPlan.readBack(setting, unit: unit)
    watchdog = setting.watchdogs.first { $0.unit == unit }
    watchdogConfirmed = watchdog == nil
    // A board whose watchdog runs must hear from its master well within the watchdog's time.
    let limit = watchdog.map { $0.timeout.nanoseconds / 3 } ?? .max
    refresh = min(setting.refresh.nanoseconds, limit)
  }

  var takesPart: Bool { condition != .quarantined && !isTroubled }

  /// The level on the wire that each coil among the outputs has while it is safe, by address.
  var safeCoils: [Int: Bool] {
    let coils = outputs.map(\.wiring).filter { $0.place.table == .coil }
    return Dictionary(uniqueKeysWithValues: coils.map { ($0.place.address, $0.wire($0.safe)) })
  }

  /// Nobody knows any more what the unit has.
  mutating func forget() {
    for place in outputs.indices {
      outputs[place].written = nil
      outputs[place].refusedUntil = 0
      outputs[place].differs = nil
    }
    watchdogConfirmed = watchdog == nil
    watchdogDue = 0
  }

  func status(now: UInt64) -> ModbusBusStatus.Unit {
    let watchdog: ModbusBusStatus.Unit.Watchdog =
      if self.watchdog == nil {
        .none
      } else if watchdogConfirmed {
        .confirmed
      } else if let watchdogRefusal {
        .refused(watchdogRefusal)
      } else {
        .unconfirmed
      }
    return ModbusBusStatus.Unit(
      unit: unit,
      state: condition == .good ? .good : condition == .quarantined ? .quarantined : .unknown, polls: polls,
      errors: errors, lastError: lastError,
      retryIn: condition == .quarantined ? Interval(nanoseconds: retryAt > now ? retryAt - now : 0) : nil,
      watchdog: watchdog)
  }
}
