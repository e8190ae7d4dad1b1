public import ControlCore

public enum ModbusTable: String, Sendable, Hashable, CaseIterable {
  case coil
  case discreteInput = "discrete_input"
  case inputRegister = "input_register"
  case holdingRegister = "holding_register"
}

public enum Bias: String, Sendable, Equatable, CaseIterable {
  case pullUp = "pull_up"
  case pullDown = "pull_down"
  case disabled
}

public enum Line: Sendable, Hashable {
  case offset(Int)
  case name(String)
}

/// How an input is wired; `chip` and `bus` are places in the site's chips and buses.
public enum InputWiring: Sendable, Equatable {
  case gpio(chip: Int, line: Line, activeLow: Bool, bias: Bias?)
  case modbus(ModbusInputWiring)
  /// No wire of its own: two or three inputs make one supervised one.
  case madeOf(InputSources)
}

public struct ModbusInputWiring: Sendable, Equatable {
  public var bus: Int
  public var unit: Int
  public var table: ModbusTable
  public var address: Int
  /// Which bit of a register.
  public var bit: Int?
  public var activeLow = false
  /// For a register that counts whole.
  public var reading: RegisterReading?
}

/// A supervised input by the raw levels of others: the zone is on where `active` is. With `normal`, the opposite contact
/// of a pair, neither means cut and both mean short; a supervising module tells `cut` and `short` itself.
public struct InputSources: Sendable, Equatable {
  public var active: InputIndex
  public var normal: InputIndex?
  public var cut: InputIndex?
  public var short: InputIndex?

  var all: [InputIndex] { [active] + [normal, cut, short].compactMap { $0 } }
}

public enum OutputWiring: Sendable, Equatable {
  case gpio(chip: Int, line: Line, activeLow: Bool)
  case modbus(ModbusOutputWiring)
}

public struct ModbusOutputWiring: Sendable, Equatable {
  public var bus: Int
  public var unit: Int
  public var table: ModbusTable
  public var address: Int
  public var bit: Int?
  public var activeLow = false
  /// For a register that is written whole.
  public var words: OutputWords?
  /// The device takes a true back by itself.
  public var isImpulse = false
  public var watchdog: WatchdogDescription?
}

/// The register's values for true and false.
public struct OutputWords: Sendable, Equatable {
  public var on: UInt16
  public var off: UInt16
}

public struct OutputFeedback: Sendable, Equatable {
  public var input: InputIndex
  /// How long the input may tell another level than the output has.
  public var within: Interval
}

/// How a board is told to switch off by itself when its master falls silent; from the device profile.
public struct WatchdogDescription: Sendable, Equatable {
  public var enableCoil: Int
  public var timeoutRegister: Int
  /// What one count of the timeout register stands for.
  public var unit: Interval
  public var timeout: Interval
  /// The coils that keep coil 0's level after a trip and after power-on; the other coils follow.
  public var safeCoil: Int?
  public var powerOnCoil: Int?
}

/// A Modbus unit with a name.
public struct DeviceDescription: Sendable, Equatable {
  /// A register that tells with a number other than 0 what the device complains of.
  public struct FaultRegister: Sendable, Equatable {
    public var table: ModbusTable
    public var address: Int
    public var meanings: [UInt16: String]
  }

  public var name: String
  public var bus: Int
  public var unit: Int
  /// How long it may take to answer; nil: as long as its bus says.
  public var timeout: Interval?
  public var fault: FaultRegister?
}
