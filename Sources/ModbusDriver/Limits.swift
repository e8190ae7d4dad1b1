import ControlCore

/// Every bound of this room.
enum ModbusLimits {
  /// The scan's inputs, and one register of each device that tells its faults.
  static var inputs: Int { Limits.inputs + 64 }
  static let shortestTimeout = Interval.milliseconds(5)
  static let longestTimeout = Interval.seconds(10)
  /// Tries in a row that a unit may fail before it is quarantined: one and two retries.
  static let tries = 3
  /// The pause before a quarantined unit is tried again: doubled with each failure.
  static let shortestQuarantine = Interval.milliseconds(500)
  static let longestQuarantine = Interval.seconds(30)
  /// A unit that was good for so long begins with the shortest pause again.
  static let settled = Interval.seconds(30)
  /// While other units answer, tries of quarantined ones take at most one part in so many of the bus's time.
  static let probeShare: UInt64 = 25
  /// The pause before a link is opened again: doubled with each failure.
  static let shortestReconnect = Interval.milliseconds(100)
  static let longestReconnect = Interval.seconds(5)
  /// Time-outs for which a unit on a serial line is left alone after it did not answer: an answer as late as that cannot
  /// be told from the answer to a later request.
  static let restOfSerial: UInt64 = 4
  /// A watchdog that the unit did not confirm is set again after so long.
  static let watchdogRetry = Interval.seconds(5)
  /// Addresses that nobody wants are read along when a gap is no longer than this.
  static let gapOfBits = 32
  static let gapOfRegisters = 8
  /// MODBUS_MAX_READ_BITS, MODBUS_MAX_READ_REGISTERS and MODBUS_MAX_WRITE_BITS of libmodbus.
  static let bitsOfRead = 2_000
  static let registersOfRead = 125
  static let bitsOfWrite = 1_968
  /// The longest pause between two bytes of one answer.
  static let longestBytePause = Interval.milliseconds(100)
  /// libmodbus waits with select(2): descriptors must stay below FD_SETSIZE.
  static let descriptors: Int32 = 1_024
  static let addressesOfHost: Int32 = 4
  /// How often the outputs of a unit are read back.
  static let readBack = Interval.milliseconds(500)
  /// How often the counters for display are copied.
  static let statusPeriod = Interval.milliseconds(100)
}
