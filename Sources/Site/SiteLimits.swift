import ControlCore

/// Every bound of the site file that is not the scan's own (those are ControlCore's `Limits`).
enum SiteLimits {
  /// Bytes of a site file or profile.
  static let fileSize = 1 << 20
  /// Bytes of a zone file of the time zone database; the largest known is under 4 KiB.
  static let zoneFileSize = 1 << 16
  /// Objects and lists inside one another.
  static let depth = 32
  /// Entries that are read of an object that holds too many: enough to find its other faults, and no index overflows.
  static let excess = 4
  /// Bytes of a name of a signal, point, reader, group, …
  static let nameSize = 64
  static let chips = 8
  static let buses = 16
  static let devices = 64
  static let schedules = 64
  static let periodsOfDay = 16
  static let holidays = 1_000
  /// Of one schedule.
  static let specialDays = 366
  static let capacity = 1...1_000_000

  static let line = 0...511
  static let pin = 1...64
  static let unit = 1...255
  /// The last address of a serial line; the rest is reserved.
  static let lastUnit = 247
  static let address = 0...65_535
  static let bit = 0...15
  static let word = 0...65_535
  static let valuesOfRegister = 16
  static let port = 1...65_535
  static let osdpAddress = 0...126
  static let stopBits = 1...2
  static let bauds = [
    1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600,
  ]

  /// EN 60839-11-1 wants at most 5 wrong tries; who needs more is told so by the page, not refused.
  static let wrongTries = 1...20
  static let secondWithin = Interval.seconds(1)...Interval.seconds(600)
  static let lockout = Interval.seconds(1)...Interval.seconds(86_400)

  static let priority = 1...99
  static let guardTime = Interval.milliseconds(10)...Interval.seconds(1)
  /// A beat is one scan: fewer than this many in the guard's time would let one late scan drop every output.
  static let beatsOfGuard: UInt64 = 4

  static let busTimeout = Interval.milliseconds(5)...Interval.seconds(5)
  static let poll = Interval.zero...Interval.seconds(10)
  static let watchdog = Interval.milliseconds(200)...Interval.seconds(60)
  static let stale = Interval.milliseconds(20)...Interval.seconds(60)
  /// What lasts longer than 400 ms must be seen (EN 60839-11-1), so nothing longer may be filtered away.
  static let debounce = Interval.zero...Interval.milliseconds(400)
  static let feedback = Interval.milliseconds(50)...Interval.seconds(10)
  static let frameGap = Interval.milliseconds(2)...Interval.milliseconds(500)
  static let holdOff = Interval.zero...Interval.seconds(3_600)

  static let pulse = Interval.milliseconds(10)...Interval.seconds(10)
  static let travel = Interval.milliseconds(100)...Interval.seconds(600)
  static let margin = Interval.milliseconds(50)...Interval.seconds(60)
  static let deadTime = Interval.milliseconds(50)...Interval.seconds(10)
  static let settle = Interval.zero...Interval.seconds(10)
  /// Shorter would tell of every slow lorry; `Limits.longestDuration` bounds it above.
  static var stuck: ClosedRange<Interval> { Interval.seconds(10)...Limits.longestDuration }
  static let drift = 5...500
  static let turnBack = Interval.zero...Interval.seconds(60)
  static let usualTurnBack = Interval.seconds(5)
  static let reversal = Interval.milliseconds(100)...Interval.seconds(10)
  static let warning = Interval.zero...Interval.seconds(60)
  /// UL 325: light or sound for at least so long before a leaf closes by itself.
  static let leastClosingWarning = Interval.seconds(5)
  static let precedence = 1...99
  static let reaction = Interval.milliseconds(100)...Interval.seconds(600)
  static var wait: ClosedRange<Interval> { Interval.milliseconds(100)...Limits.longestDuration }
  static var waitOrNever: ClosedRange<Interval> { Interval.zero...Limits.longestDuration }

  /// Two readings a person makes on purpose, one after the other.
  static let officeWindow = Interval.seconds(1)...Interval.seconds(30)
  static let entryOfTurnstile = Interval.seconds(1)...Interval.seconds(60)
  static let stuckRotor = Interval.seconds(1)...Interval.seconds(600)
  static let lockFeedback = Interval.milliseconds(100)...Interval.seconds(60)
  /// Somebody stands before the door so long at most; a grant of yesterday opens nothing.
  static let interlockWait = Interval.zero...Interval.seconds(60)

  static let journalCapacity = 1_000...100_000_000
  static let journalMegabytes = 16...1_000_000
  static let journalDays = 1...36_500
  static let commitBudget = Interval.milliseconds(1)...Interval.seconds(10)
  static let batch = 1...5_000
  static let brokers = 1...16
  static let window = 1...64
}
