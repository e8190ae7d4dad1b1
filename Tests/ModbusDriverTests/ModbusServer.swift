import CModbus
import ControlCore
import Glibc
import Platform
import Synchronization

@testable import ModbusDriver

/// A libmodbus server with several units, each of which can be made to misbehave.
@safe final class ModbusServer: @unchecked Sendable {
  enum Behaviour: Sendable, Equatable {
    case answers
    case silent
    /// Answers so much later: milliseconds.
    case late(UInt64)
    case exception(UInt32)
    /// Hangs up instead of answering.
    case hangsUp
  }

  struct Write: Equatable, Sendable {
    var unit: Int
    var function: Int
    var address: Int
    /// Coils that were written, or the value of one register.
    var values: [Int]
  }

  struct State: Sendable {
    var behaviour: [Int: Behaviour] = [:]
    var requests: [Int: Int] = [:]
    var writes: [Write] = []
    /// A write of one of these is answered with exception 4.
    var stuckCoils: Set<Int> = []
    /// Takes every write and stays on.
    var weldedCoils: Set<Int> = []
  }

  enum Link {
    case tcp(port: Int)
    /// The master side of a pseudo-terminal, and the one unit that listens.
    case pty(master: Int32, unit: Int)
  }

  /// A unit's coils and registers.
  @safe private struct Memory {
    let mapping: UnsafeMutablePointer<modbus_mapping_t>
  }

  let state = Mutex(State())
  private(set) var port = 0
  private let context: OpaquePointer
  private var mappings: [Int: Memory] = [:]
  private let memory = Mutex(())
  private let stop: EventDescriptor
  private var listener: Int32 = -1
  private var peers: [Int32] = []
  private var thread: PlatformThread?
  private let headerLength: Int

  init(_ link: Link, units: [Int]) throws {
    stop = try EventDescriptor()
    switch link {
    case .tcp(let port):
      unsafe context = modbus_new_tcp("127.0.0.1", Int32(port))
      listener = unsafe modbus_tcp_listen(context, 16)
      guard listener >= 0 else { throw SystemError(call: "modbus_tcp_listen", code: errno) }
      headerLength = 7
    case .pty(let master, let unit):
      unsafe context = modbus_new_rtu("/dev/null", 115_200, CChar(78), 8, 1)
      unsafe modbus_set_slave(context, Int32(unit))
      peers = [master]
      headerLength = 1
    }
    for unit in units { unsafe mappings[unit] = Memory(mapping: modbus_mapping_new(1_100, 1_100, 600, 600)) }
    if listener >= 0 { port = Self.port(of: listener) }
    thread = try PlatformThread.start(name: "server") { [self] in serve() }
  }

  /// Ends the server and every connection.
  func close() {
    guard let thread else { return }
    stop.signal()
    thread.join()
    self.thread = nil
    for peer in peers { _ = Glibc.close(peer) }
    if listener >= 0 { _ = Glibc.close(listener) }
    peers = []
    listener = -1
  }

  deinit {
    close()
    for memory in mappings.values { unsafe modbus_mapping_free(memory.mapping) }
    unsafe modbus_free(context)
  }

  func set(_ unit: Int, _ behaviour: Behaviour) {
    state.withLock { $0.behaviour[unit] = behaviour }
  }

  func requests(_ unit: Int) -> Int { state.withLock { $0.requests[unit] ?? 0 } }
  var writes: [Write] { state.withLock { $0.writes } }

  func coil(_ unit: Int, _ address: Int) -> Bool {
    memory.withLock { _ in unsafe mappings[unit]!.mapping.pointee.tab_bits[address] != 0 }
  }
  func setCoil(_ unit: Int, _ address: Int, _ level: Bool) {
    memory.withLock { _ in unsafe mappings[unit]!.mapping.pointee.tab_bits[address] = level ? 1 : 0 }
  }
  func setDiscreteInput(_ unit: Int, _ address: Int, _ level: Bool) {
    memory.withLock { _ in unsafe mappings[unit]!.mapping.pointee.tab_input_bits[address] = level ? 1 : 0 }
  }
  func register(_ unit: Int, _ address: Int) -> UInt16 {
    memory.withLock { _ in unsafe mappings[unit]!.mapping.pointee.tab_registers[address] }
  }
  func setRegister(_ unit: Int, _ address: Int, _ value: UInt16) {
    memory.withLock { _ in unsafe mappings[unit]!.mapping.pointee.tab_registers[address] = value }
  }
  func setInputRegister(_ unit: Int, _ address: Int, _ value: UInt16) {
    memory.withLock { _ in unsafe mappings[unit]!.mapping.pointee.tab_input_registers[address] = value }
  }

  private func serve() {
    while true {
      var poll = Poll()
      poll.add(stop.raw)
      if listener >= 0 { poll.add(listener) }
      for peer in peers { poll.add(peer) }
      guard let ready = try? poll.wait(milliseconds: 1_000) else { return }
      for entry in ready {
        if entry.descriptor == stop.raw { return }
        if entry.descriptor == listener {
          let peer = accept(listener, nil, nil)
          if peer >= 0 { peers.append(peer) }
        } else {
          answer(entry.descriptor)
        }
      }
    }
  }

  private func answer(_ peer: Int32) {
    unsafe modbus_set_socket(context, peer)
    var query = [UInt8](repeating: 0, count: 260)
    let length = unsafe modbus_receive(context, &query)
    if length <= 0 {
      if length < 0, listener >= 0 { drop(peer) }
      return
    }
    let unit = Int(query[headerLength - 1])
    let behaviour = state.withLock { state in
      state.requests[unit, default: 0] += 1
      return state.behaviour[unit] ?? .answers
    }
    switch behaviour {
    case .silent: return
    case .hangsUp: return drop(peer)
    case .exception(let code): _ = unsafe modbus_reply_exception(context, query, code)
    case .answers, .late:
      if case .late(let milliseconds) = behaviour { MonotonicClock.sleep(milliseconds: milliseconds) }
      guard let found = mappings[unit] else { return }
      guard note(query, unit) else {
        _ = unsafe modbus_reply_exception(context, query, 4)
        return
      }
      let welded = state.withLock { $0.weldedCoils }
      memory.withLock { _ in
        _ = unsafe modbus_reply(context, query, length, found.mapping)
        for coil in welded { unsafe found.mapping.pointee.tab_bits[coil] = 1 }
      }
    }
  }

  /// Keeps account of a write; false where a coil of it is stuck.
  private func note(_ query: [UInt8], _ unit: Int) -> Bool {
    let start = headerLength
    let function = Int(query[start])
    let address = Int(query[start + 1]) << 8 | Int(query[start + 2])
    let word = Int(query[start + 3]) << 8 | Int(query[start + 4])
    let values: [Int]
    switch function {
    case 5: values = [word == 0 ? 0 : 1]
    case 6: values = [word]
    case 15: values = (0..<word).map { Int(query[start + 6 + $0 / 8] >> UInt8($0 % 8)) & 1 }
    default: return true
    }
    return state.withLock { state in
      if function != 6, !state.stuckCoils.isDisjoint(with: address..<address + values.count) { return false }
      state.writes.append(Write(unit: unit, function: function, address: address, values: values))
      return true
    }
  }

  private func drop(_ peer: Int32) {
    _ = Glibc.close(peer)
    peers.removeAll { $0 == peer }
  }

  private static func port(of socket: Int32) -> Int {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = unsafe getsockname(socket, $0, &size)
      }
    }
    return Int(UInt16(bigEndian: address.sin_port))
  }
}

extension ModbusServer {
  /// A bus that speaks to this server; without `inputs` it reads one of each unit.
  func setting(
    units: [Int] = [1], timeout: UInt64 = 100, poll: UInt64 = 5,
    refresh: UInt64 = 60_000,
    inputs: [ModbusInput]? = nil, outputs: [ModbusOutput] = [], watchdogs: [ModbusWatchdog] = []
  ) -> ModbusBusSetting {
    ModbusBusSetting(
      name: "io", link: .tcp(host: "127.0.0.1", port: port), timeout: .milliseconds(timeout),
      poll: .milliseconds(poll), refresh: .milliseconds(refresh),
      inputs: inputs ?? units.map { ModbusInput(ModbusPlace(unit: $0, table: .discreteInput, address: 0)) },
      outputs: outputs, watchdogs: watchdogs)
  }
}
