/// Where a bit is kept: unit, table, address and, in a register, which bit.
public struct ModbusPlace: Sendable, Hashable, CustomStringConvertible {
  public enum Table: Sendable, Hashable, CaseIterable {
    case coil
    case discreteInput
    case inputRegister
    case holdingRegister

    var isRegister: Bool { self == .inputRegister || self == .holdingRegister }
    /// Whether the table is one of those that a master can only read.
    var isInput: Bool { self == .discreteInput || self == .inputRegister }
  }

  /// 1 to 247; also 0 and 255 on TCP, for a device that is no gateway.
  public var unit: Int
  public var table: Table
  /// As on the wire: from 0.
  public var address: Int
  /// 0 to 15. A register without a bit is true where it is not 0, and is written as 1 or 0.
  public var bit: Int?

  public init(unit: Int, table: Table, address: Int, bit: Int? = nil) {
    self.unit = unit
    self.table = table
    self.address = address
    self.bit = bit
  }

  public var description: String { "unit \(unit) \(table) \(address)" + (bit.map { " bit \($0)" } ?? "") }
}
