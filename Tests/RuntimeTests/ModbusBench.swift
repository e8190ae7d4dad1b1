import CModbus
import Glibc
import Platform
import Synchronization

/// A libmodbus TCP server on loopback with one set of tables for every unit, on a thread of its own.
@safe final class ModbusBench: @unchecked Sendable {
  let port: Int
  private let context: OpaquePointer
  private let mapping: UnsafeMutablePointer<modbus_mapping_t>
  private let listener: Int32
  private let stopping = Atomic<Bool>(false)
  private let silent = Atomic<Bool>(false)
  private let welded = Atomic<Int>(-1)
  private var thread: PlatformThread?

  /// `port` 0: a free one.
  init(port: Int = 0) throws {
    let made = unsafe modbus_new_tcp("127.0.0.1", Int32(port))!
    unsafe modbus_set_indication_timeout(made, 0, 200_000)
    unsafe context = made
    let socket = unsafe modbus_tcp_listen(made, 8)
    listener = socket
    guard socket >= 0 else { throw SystemError(call: "modbus_tcp_listen") }
    unsafe mapping = modbus_mapping_new(64, 64, 128, 128)!
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(socket, $0, &length)
      }
    }
    self.port = Int(UInt16(bigEndian: address.sin_port))
    // A device has a processor of its own: it answers at once on a busy machine too.
    thread = try PlatformThread.start(name: "bench", realTimePriority: 30) { [self] in serve() }
  }

  /// Closes the port and every connection.
  func stop() {
    guard let thread else { return }
    stopping.store(true, ordering: .releasing)
    thread.join()
    self.thread = nil
  }

  /// Read and written while the server runs: a byte is one store.
  func coil(_ address: Int) -> Bool { unsafe mapping.pointee.tab_bits[address] != 0 }
  func setInput(_ address: Int, _ level: Bool) {
    unsafe mapping.pointee.tab_input_bits[address] = level ? 1 : 0
  }

  func setCoil(_ address: Int, _ level: Bool) {
    unsafe mapping.pointee.tab_bits[address] = level ? 1 : 0
  }
  func register(_ address: Int) -> UInt16 { unsafe mapping.pointee.tab_registers[address] }
  func setRegister(_ address: Int, _ number: UInt16) {
    unsafe mapping.pointee.tab_registers[address] = number
  }

  /// A unit that answers nobody: its board has lost power, or its wire is off.
  var isSilent: Bool {
    get { silent.load(ordering: .acquiring) }
    set { silent.store(newValue, ordering: .releasing) }
  }

  /// The coil takes every write from now on and stays on.
  func weld(coil: Int?) { welded.store(coil ?? -1, ordering: .releasing) }

  private func serve() {
    var masters: [Int32] = []
    while !stopping.load(ordering: .acquiring) {
      var poll = Poll()
      for descriptor in masters + [listener] { poll.add(descriptor) }
      for ready in (try? poll.wait(milliseconds: 50)) ?? [] {
        if ready.descriptor == listener {
          let master = accept(listener, nil, nil)
          if master >= 0 { masters.append(master) }
        } else if !answer(ready.descriptor) {
          close(ready.descriptor)
          masters.removeAll { $0 == ready.descriptor }
        }
      }
    }
    for descriptor in masters + [listener] { close(descriptor) }
  }

  private func answer(_ master: Int32) -> Bool {
    unsafe modbus_set_socket(context, master)
    var request = [UInt8](repeating: 0, count: Int(MODBUS_TCP_MAX_ADU_LENGTH))
    let count = unsafe modbus_receive(context, &request)
    guard count > 0 else { return count == 0 }
    if isSilent { return true }
    let answered = unsafe modbus_reply(context, request, count, mapping) >= 0
    let coil = welded.load(ordering: .acquiring)
    if coil >= 0 { setCoil(coil, true) }
    return answered
  }
}
