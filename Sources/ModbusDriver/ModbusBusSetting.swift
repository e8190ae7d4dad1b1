public import ControlCore

public struct ModbusInput: Sendable, Equatable {
  public var place: ModbusPlace
  /// A 0 on the wire reads as true.
  public var activeLow: Bool

  public init(_ place: ModbusPlace, activeLow: Bool = false) {
    self.place = place
    self.activeLow = activeLow
  }
}

public struct ModbusOutput: Sendable, Equatable {
  /// A coil, or a bit of a holding register.
  public var place: ModbusPlace
  /// True writes a 0.
  public var activeLow: Bool
  /// The logical level until the scan says otherwise, and again when the scan is gone.
  public var safe: Bool

  public init(_ place: ModbusPlace, activeLow: Bool = false, safe: Bool = false) {
    self.place = place
    self.activeLow = activeLow
    self.safe = safe
  }
}

/// How a board is told to switch off by itself when its master falls silent. Set and read back at the start and whenever
/// the unit comes back; while it is not confirmed, the unit's outputs are kept at their safe levels.
public struct ModbusWatchdog: Sendable, Equatable {
  public var unit: Int
  public var enableCoil: Int
  public var timeoutRegister: Int
  /// What one count of the register stands for.
  public var count: Interval
  public var timeout: Interval

  public init(unit: Int, enableCoil: Int, timeoutRegister: Int, count: Interval, timeout: Interval) {
    self.unit = unit
    self.enableCoil = enableCoil
    self.timeoutRegister = timeoutRegister
    self.count = count
    self.timeout = timeout
  }

  var counts: UInt64 { count.nanoseconds == 0 ? 0 : timeout.nanoseconds / count.nanoseconds }
}

/// One bus: its link, its times, and the signals on it. The place of a signal in its array is its slot.
public struct ModbusBusSetting: Sendable, Equatable {
  public enum Link: Sendable, Equatable, CustomStringConvertible {
    case tcp(host: String, port: Int)
    case serial(path: String, baud: Int, parity: Parity, stopBits: Int)

    public var description: String {
      switch self {
      case .tcp(let host, let port): "tcp \(host):\(port)"
      case .serial(let path, let baud, let parity, let stopBits):
        "serial \(path) \(baud) 8\(parity.letter)\(stopBits)"
      }
    }
  }

  public enum Parity: Sendable, Equatable {
    case none, even, odd

    var letter: String {
      switch self {
      case .none: "N"
      case .even: "E"
      case .odd: "O"
      }
    }
  }

  public var name: String
  public var link: Link
  /// How long a unit may take to answer.
  public var timeout: Interval
  /// The pause between two rounds of polls.
  public var poll: Interval
  /// Outputs are written again after so long, changed or not.
  public var refresh: Interval
  public var inputs: [ModbusInput]
  public var outputs: [ModbusOutput]
  public var watchdogs: [ModbusWatchdog]

  public init(
    name: String, link: Link, timeout: Interval = .milliseconds(200), poll: Interval = .milliseconds(10),
    refresh: Interval = .seconds(5), inputs: [ModbusInput] = [], outputs: [ModbusOutput] = [],
    watchdogs: [ModbusWatchdog] = []
  ) {
    self.name = name
    self.link = link
    self.timeout = timeout
    self.poll = poll
    self.refresh = refresh
    self.inputs = inputs
    self.outputs = outputs
    self.watchdogs = watchdogs
  }
}

extension ModbusBusSetting {
  /// Units that any signal or watchdog names, ascending.
  var units: [Int] {
    Set(inputs.map(\.place.unit) + outputs.map(\.place.unit) + watchdogs.map(\.unit)).sorted()
  }

  /// Every fault of the setting, in words.
  public func faults() -> [String] {
    var faults: [String] = []
    let isTCP = if case .tcp = link { true } else { false }
    for unit in units where !(1...247).contains(unit) && !(isTCP && (unit == 0 || unit == 255)) {
      faults.append("unit \(unit): a unit is 1 to 247" + (isTCP ? ", 0 or 255" : ""))
    }
    for place in inputs.map(\.place) + outputs.map(\.place) {
      if !(0...65_535).contains(place.address) { faults.append("\(place): an address is 0 to 65535") }
      if let bit = place.bit, !place.table.isRegister || !(0...15).contains(bit) {
        faults.append("\(place): only a register has bits, 0 to 15")
      }
    }
    var seen = Set<ModbusPlace>()
    for place in outputs.map(\.place) {
      if place.table.isInput { faults.append("\(place): this table can only be read") }
      if !seen.insert(place).inserted { faults.append("\(place): two outputs are wired to it") }
    }
    for watchdog in watchdogs where !(1...65_535).contains(watchdog.counts) {
      faults.append("unit \(watchdog.unit): the watchdog's time does not fit its register")
    }
    if inputs.count > Limits.inputs || outputs.count > Limits.outputs { faults.append("too many signals") }
    if timeout < ModbusLimits.shortestTimeout || timeout > ModbusLimits.longestTimeout {
      faults.append("timeout: a unit is given 5 ms to 10 s to answer")
    }
    return faults
  }
}
