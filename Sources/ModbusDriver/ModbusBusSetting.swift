public import ControlCore

public struct ModbusInput: Sendable, Equatable {
  public var place: ModbusPlace
  /// A 0 on the wire reads as true.
  public var activeLow: Bool
  /// For a register that counts whole; nil for a bit.
  public var reading: ModbusReading?

  public init(_ place: ModbusPlace, activeLow: Bool = false, reading: ModbusReading? = nil) {
    self.place = place
    self.activeLow = activeLow
    self.reading = reading
  }
}

public struct ModbusOutput: Sendable, Equatable {
  /// A coil, a bit of a holding register, or a holding register with `words`.
  public var place: ModbusPlace
  /// True writes a 0.
  public var activeLow: Bool
  /// The logical level until the scan says otherwise, and again when the scan is gone.
  public var safe: Bool
  /// The register's values for true and false; nil for a bit.
  public var words: ModbusWords?
  /// The device takes a true back by itself: it is written once, not again while it stands, and never compared.
  public var isImpulse: Bool

  public init(
    _ place: ModbusPlace, activeLow: Bool = false, safe: Bool = false, words: ModbusWords? = nil,
    isImpulse: Bool = false
  ) {
    self.place = place
    self.activeLow = activeLow
    self.safe = safe
    self.words = words
    self.isImpulse = isImpulse
  }

  func wire(_ level: Bool) -> Bool { level != activeLow }
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
  /// The coil that keeps the level of coil 0 after a trip, and the one that keeps it after power-on; the other coils
  /// follow. Nil where the board has none.
  public var safeCoil: Int?
  public var powerOnCoil: Int?

  public init(
    unit: Int, enableCoil: Int, timeoutRegister: Int, count: Interval, timeout: Interval,
    safeCoil: Int? = nil, powerOnCoil: Int? = nil
  ) {
    self.unit = unit
    self.enableCoil = enableCoil
    self.timeoutRegister = timeoutRegister
    self.count = count
    self.timeout = timeout
    self.safeCoil = safeCoil
    self.powerOnCoil = powerOnCoil
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
  /// How long a unit may take to answer, where it has no time of its own.
  public var timeout: Interval
  /// By unit.
  public var timeouts: [Int: Interval]
  /// The pause between two rounds of polls.
  public var poll: Interval
  /// Outputs are written again after so long, changed or not.
  public var refresh: Interval
  public var inputs: [ModbusInput]
  public var outputs: [ModbusOutput]
  public var watchdogs: [ModbusWatchdog]

  public init(
    name: String, link: Link, timeout: Interval = .milliseconds(200), timeouts: [Int: Interval] = [:],
    poll: Interval = .milliseconds(10), refresh: Interval = .seconds(5), inputs: [ModbusInput] = [],
    outputs: [ModbusOutput] = [],
    watchdogs: [ModbusWatchdog] = []
  ) {
    self.name = name
    self.link = link
    self.timeout = timeout
    self.timeouts = timeouts
    self.poll = poll
    self.refresh = refresh
    self.inputs = inputs
    self.outputs = outputs
    self.watchdogs = watchdogs
  }
}
