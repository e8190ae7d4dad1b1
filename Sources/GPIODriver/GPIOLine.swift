public import ControlCore

/// A GPIO chip by what stays the same over kernels and boots: never by its number.
public enum GPIOChipSource: Sendable, Equatable, CustomStringConvertible {
  /// The label that the chip's driver gives it: `pinctrl-rp1`.
  case label(String)
  /// The kernel's name: `gpiochip0`.
  case name(String)
  /// A file in the format of ``SimulatedChip``, made where it is missing.
  case simulated(path: String)

  public var description: String {
    switch self {
    case .label(let label): "chip labelled '\(label)'"
    case .name(let name): "chip '\(name)'"
    case .simulated(let path): "simulated chip \(path)"
    }
  }
}

/// A line of a chip: by its offset, or by the name that the board's device tree gives it.
public enum GPIOLine: Sendable, Hashable, CustomStringConvertible {
  case offset(Int)
  case name(String)

  public var description: String {
    switch self {
    case .offset(let offset): "line \(offset)"
    case .name(let name): "line '\(name)'"
    }
  }
}

/// The pull that the chip itself is asked to give an input.
public enum GPIOBias: Sendable, Equatable {
  case pullUp
  case pullDown
  case disabled
}

/// A line to be read, and the place of its level in the scan's image.
public struct GPIOInputLine: Sendable, Equatable {
  public var line: GPIOLine
  /// Electrically low reads as true.
  public var activeLow: Bool
  /// Nil leaves the pull as the board has it.
  public var bias: GPIOBias?
  public var input: InputIndex

  public init(line: GPIOLine, activeLow: Bool = false, bias: GPIOBias? = nil, input: InputIndex) {
    self.line = line
    self.activeLow = activeLow
    self.bias = bias
    self.input = input
  }
}

/// A line to be driven, and the place of its level in the scan's image.
public struct GPIOOutputLine: Sendable, Equatable {
  public var line: GPIOLine
  /// True drives the line electrically low.
  public var activeLow: Bool
  /// The logical level from the request on, until the scan says otherwise, and again when the scan is gone.
  public var safe: Bool
  public var output: OutputIndex

  public init(line: GPIOLine, activeLow: Bool = false, safe: Bool = false, output: OutputIndex) {
    self.line = line
    self.activeLow = activeLow
    self.safe = safe
    self.output = output
  }
}
