import CModbus
import ControlCore
import Platform

/// A libmodbus context: opened, closed and spoken through by one thread.
///
/// What a call leaves behind is cleared before the next: after a time-out a TCP link is closed, a serial one is drained,
/// so that a late answer is never taken for the next one's.
@safe final class ModbusConnection {
  private let link: ModbusBusSetting.Link
  private let context: OpaquePointer
  private var timeout: Interval
  /// Silence that a serial bus wants between two frames: 3.5 characters, 1.75 ms from 19,200 baud on.
  private let silence: UInt64
  private var quietSince: UInt64 = 0
  /// Units on a serial line that missed an answer: what they say next may be the answer to an older request.
  private var doubted: Set<Int> = []
  private(set) var isOpen = false

  init(link: ModbusBusSetting.Link, timeout: Interval) throws(ModbusError) {
    self.link = link
    self.timeout = timeout
    let made: OpaquePointer?
    switch link {
    case .tcp(let host, let port):
      unsafe made = modbus_new_tcp_pi(host, "\(port)")
      silence = 0
    case .serial(let path, let baud, let parity, let stopBits):
      let letter = CChar(bitPattern: parity.letter.utf8.first!)
      unsafe made = modbus_new_rtu(path, Int32(baud), letter, 8, Int32(stopBits))
      silence = baud > 19_200 ? 1_750_000 : 3_500_000_000 * 11 / UInt64(max(1, baud))
    }
    guard let made = unsafe made else {
      throw Self.linkError("modbus_new \(link)", gh_modbus_errno())
    }
    unsafe context = made
    // Never MODBUS_ERROR_RECOVERY_LINK: its loop has no end.
    unsafe modbus_set_error_recovery(context, MODBUS_ERROR_RECOVERY_NONE)
    setTimeout(timeout)
  }

  deinit {
    close()
    unsafe modbus_free(context)
  }

  func setTimeout(_ timeout: Interval) {
    self.timeout = timeout
    let (seconds, microseconds) = Self.parts(timeout)
    unsafe modbus_set_response_timeout(context, seconds, microseconds)
    let (byteSeconds, byteMicroseconds) = Self.parts(min(timeout, ModbusLimits.longestBytePause))
    unsafe modbus_set_byte_timeout(context, byteSeconds, byteMicroseconds)
  }

  /// `modbus_connect`: waits at most the time-out on TCP.
  func open() throws(ModbusError) {
    if isOpen { return }
    try Self.checkRoomBelowLimit()
    let result = unsafe gh_modbus_connect(context)
    if result < 0 {
      unsafe modbus_close(context)
      throw Self.linkError("connect \(link)", -result)
    }
    isOpen = true
    quietSince = MonotonicClock.now()
    unsafe modbus_flush(context)
  }

  func close() {
    if !isOpen { return }
    unsafe modbus_close(context)
    isOpen = false
  }

  /// Bits in the order of their addresses.
  func readBits(
    unit: Int, table: ModbusPlace.Table, address: Int, count: Int, into bits: inout [UInt8]
  ) throws(ModbusError) {
    try request(unit, "read \(table) \(address)+\(count)", expecting: count) {
      unsafe gh_modbus_read_bits(
        context, table == .discreteInput ? 1 : 0, Int32(address), Int32(count), &bits)
    }
  }

  func readRegisters(
    unit: Int, table: ModbusPlace.Table, address: Int, count: Int, into registers: inout [UInt16]
  ) throws(ModbusError) {
    try request(unit, "read \(table) \(address)+\(count)", expecting: count) {
      unsafe gh_modbus_read_registers(
        context, table == .inputRegister ? 1 : 0, Int32(address), Int32(count), &registers)
    }
  }

  /// FC05 for one coil, FC15 for more.
  func writeCoils(unit: Int, address: Int, levels: [Bool]) throws(ModbusError) {
    let bytes = levels.map { UInt8($0 ? 1 : 0) }
    try request(unit, "write coil \(address)+\(levels.count)", expecting: nil) {
      unsafe gh_modbus_write_bits(context, Int32(address), Int32(bytes.count), bytes)
    }
  }

  /// FC06.
  func writeRegister(unit: Int, address: Int, value: UInt16) throws(ModbusError) {
    try request(unit, "write holding register \(address)", expecting: nil) {
      unsafe gh_modbus_write_register(context, Int32(address), value)
    }
  }

  private func request(
    _ unit: Int, _ call: @autoclosure () -> String, expecting count: Int?, _ body: () -> Int32
  ) throws(ModbusError) {
    precondition(isOpen, "a request needs an open link")
    unsafe modbus_set_slave(context, Int32(unit))
    if silence > 0 {
      MonotonicClock.sleep(until: quietSince &+ silence)
      unsafe modbus_flush(context)
    }
    let result = body()
    quietSince = MonotonicClock.now()
    let code = -result
    let exception = code - Int32(MODBUS_ENOBASE)
    // 10 and 11 come from a gateway whose unit is silent: that is a silent unit.
    let isAnswer = result >= 0 || (1...9).contains(exception)
    if isAnswer, doubted.contains(unit) {
      guard isQuiet() else {
        recover(unit)
        throw .unit(unit, call: call(), code: 0, text: "it answered twice, once to an older request")
      }
      doubted.remove(unit)
    }
    if result < 0, isAnswer {
      throw .exception(unit: unit, call: call(), code: exception, text: Self.text(code))
    }
    if result < 0 {
      recover(unit)
      throw .unit(unit, call: call(), code: code, text: Self.text(code))
    }
    if let count, Int(result) != count {
      recover(unit)
      throw .unit(unit, call: call(), code: result, text: "the answer is of another length")
    }
  }

  /// Whether nothing more comes for a time-out: then the answer just taken was the only one on its way.
  private func isQuiet() -> Bool {
    let descriptor = unsafe modbus_get_socket(context)
    let wait = Int32(min(timeout.milliseconds, 60_000))
    return (try? Poll.wait(descriptor, for: .read, milliseconds: wait)) == false
  }

  /// Sees to it that nothing that may still come is taken for a later answer.
  private func recover(_ unit: Int) {
    switch link {
    case .tcp: close()
    case .serial:
      doubted.insert(unit)
      if !drain() { close() }
    }
  }

  /// Throws away what comes within one more time-out, until one late answer has come whole. False where the line is
  /// gone.
  private func drain() -> Bool {
    let descriptor = unsafe modbus_get_socket(context)
    let end = MonotonicClock.now() &+ timeout.nanoseconds
    let pause = Int32(ModbusLimits.longestBytePause.milliseconds)
    guard descriptor >= 0, var left = Self.milliseconds(until: end) else { return descriptor >= 0 }
    while true {
      var poll = Poll()
      poll.add(descriptor)
      guard let ready = try? poll.wait(milliseconds: left) else { return false }
      if ready.contains(where: { !$0.what.isDisjoint(with: .closed) }) { return false }
      quietSince = MonotonicClock.now()
      if ready.isEmpty { return true }
      unsafe modbus_flush(context)
      // Something came: once it pauses, the late answer is over.
      guard Self.milliseconds(until: end) != nil else { return true }
      left = pause
    }
  }

  /// Nil where the instant has passed; never 0.
  private static func milliseconds(until end: UInt64) -> Int32? {
    let now = MonotonicClock.now()
    return now >= end ? nil : Int32(min((end - now) / 1_000_000 + 1, 60_000))
  }

  /// The next descriptor must be one that select(2) can wait for: libmodbus does not look.
  private static func checkRoomBelowLimit() throws(ModbusError) {
    let next: Int32
    do throws(SystemError) {
      next = try EventDescriptor().raw
    } catch {
      throw .system(call: error.call, code: error.code, text: error.text)
    }
    // Other threads open descriptors at the same time: some room for them.
    if next >= ModbusLimits.descriptors - 16 {
      throw .system(
        call: "connect", code: 24, text: "descriptor \(next) is too high for select; set LimitNOFILE=1024")
    }
  }

  static func linkError(_ call: String, _ code: Int32) -> ModbusError {
    .link(call: call, code: code, text: text(code))
  }

  static func text(_ code: Int32) -> String {
    guard let text = unsafe modbus_strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }

  private static func parts(_ interval: Interval) -> (UInt32, UInt32) {
    (UInt32(interval.nanoseconds / 1_000_000_000), UInt32(interval.nanoseconds % 1_000_000_000 / 1_000))
  }
}
