/// What the values of a register say about a signal: the first band that holds the value decides.
public struct ModbusReading: Sendable, Equatable {
  /// `lost`, `cut` and `short` are no levels: the signal is then not to be believed, and why.
  public enum Word: Sendable, Equatable {
    case off, on, lost, cut, short
  }

  public struct Band: Sendable, Equatable {
    public var values: ClosedRange<UInt16>
    public var says: Word

    public init(_ values: ClosedRange<UInt16>, _ says: Word) {
      self.values = values
      self.says = says
    }
  }

  /// The bits of the register that count.
  public var mask: UInt16
  public var bands: [Band]
  /// What a value in no band says. `lost` is said only when it was read twice in a row: a sample may fall on a
  /// change.
  public var otherwise: Word

  public init(mask: UInt16 = .max, bands: [Band], otherwise: Word = .off) {
    self.mask = mask
    self.bands = bands
    self.otherwise = otherwise
  }

  /// Nil where no band holds the value.
  func band(of register: UInt16) -> Word? {
    let value = register & mask
    return bands.first { $0.values.contains(value) }?.says
  }
}

/// The two values of a register that an output writes whole: one for true and one for false.
///
/// Several outputs may drive one register, a command register: then the value of the one that is true is written, and
/// the common `off` where none is, or more than one.
public struct ModbusWords: Sendable, Equatable {
  public var on: UInt16
  public var off: UInt16

  public init(on: UInt16, off: UInt16) {
    self.on = on
    self.off = off
  }
}
