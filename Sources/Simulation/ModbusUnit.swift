import CModbus
import Glibc
import Site

/// The tables of one Modbus unit: `modbus_mapping_t`.
@safe final class ModbusUnit {
  private let mapping: UnsafeMutablePointer<modbus_mapping_t>
  /// A unit that does not answer: its board has lost power or its wire is loose.
  var isSilent = false

  /// - Parameter sizes: how many places each table needs.
  init(sizes: [ModbusTable: Int]) throws(FieldFault) {
    func size(_ table: ModbusTable) -> Int32 { Int32(max(1, sizes[table] ?? 0)) }
    let made = unsafe modbus_mapping_new(
      size(.coil), size(.discreteInput), size(.holdingRegister), size(.inputRegister))
    guard let made = unsafe made else { throw FieldFault("modbus_mapping_new: \(FieldFault.systemText())") }
    unsafe mapping = made
  }

  deinit {
    unsafe modbus_mapping_free(mapping)
  }

  /// A bit as the master reads it; `bit` is for registers.
  func level(_ table: ModbusTable, _ address: Int, bit: Int?) -> Bool {
    switch table {
    case .coil: unsafe mapping.pointee.tab_bits[address] != 0
    case .discreteInput: unsafe mapping.pointee.tab_input_bits[address] != 0
    case .inputRegister: unsafe mapping.pointee.tab_input_registers[address] >> UInt16(bit ?? 0) & 1 != 0
    case .holdingRegister: unsafe mapping.pointee.tab_registers[address] >> UInt16(bit ?? 0) & 1 != 0
    }
  }

  func set(_ table: ModbusTable, _ address: Int, bit: Int?, _ level: Bool) {
    let mask = UInt16(1) << UInt16(bit ?? 0)
    switch table {
    case .coil: unsafe mapping.pointee.tab_bits[address] = level ? 1 : 0
    case .discreteInput: unsafe mapping.pointee.tab_input_bits[address] = level ? 1 : 0
    case .inputRegister:
      let word = unsafe mapping.pointee.tab_input_registers[address]
      unsafe mapping.pointee.tab_input_registers[address] = level ? word | mask : word & ~mask
    case .holdingRegister:
      let word = unsafe mapping.pointee.tab_registers[address]
      unsafe mapping.pointee.tab_registers[address] = level ? word | mask : word & ~mask
    }
  }

  /// A whole register; 0 for a table of bits.
  func register(_ table: ModbusTable, _ address: Int) -> UInt16 {
    switch table {
    case .coil, .discreteInput: 0
    case .inputRegister: unsafe mapping.pointee.tab_input_registers[address]
    case .holdingRegister: unsafe mapping.pointee.tab_registers[address]
    }
  }

  func setRegister(_ table: ModbusTable, _ address: Int, _ number: UInt16) {
    switch table {
    case .coil, .discreteInput: break
    case .inputRegister: unsafe mapping.pointee.tab_input_registers[address] = number
    case .holdingRegister: unsafe mapping.pointee.tab_registers[address] = number
    }
  }

  /// `modbus_reply`: reads or writes the tables as the request asks; false where the answer could not be sent.
  func reply(_ context: OpaquePointer, _ request: [UInt8], count: Int32) -> Bool {
    unsafe modbus_reply(context, request, count, mapping) >= 0
  }
}
