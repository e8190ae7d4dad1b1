import CModbus
import Glibc
import Platform

/// A Modbus TCP server for several units on one port: libmodbus's tables and replies, `poll` for many masters.
///
/// One thread owns it. A master that sends half a request is hung up on after
/// ``SimulationLimits/requestMilliseconds``; one too many is turned away.
@safe final class ModbusServer {
  private let context: OpaquePointer
  private let listener: Int32
  private var masters: [Int32] = []
  private let units: [Int: ModbusUnit]
  /// The port that it listens on, also where 0 asked for a free one.
  let port: Int
  private(set) var requests = 0

  init(host: String, port: Int, units: [Int: ModbusUnit]) throws(FieldFault) {
    guard let made = unsafe modbus_new_tcp(host, Int32(port)) else {
      throw FieldFault("modbus_new_tcp \(host):\(port): \(FieldFault.systemText())")
    }
    let backlog = Int32(SimulationLimits.connections)
    unsafe modbus_set_indication_timeout(made, 0, SimulationLimits.requestMilliseconds * 1_000)
    let socket = unsafe modbus_tcp_listen(made, backlog)
    guard socket >= 0 else {
      let text = FieldFault.systemText()
      unsafe modbus_free(made)
      throw FieldFault("modbus_tcp_listen \(host):\(port): \(text); is another simulation running there?")
    }
    _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
    unsafe context = made
    listener = socket
    self.units = units
    self.port = Self.boundPort(of: socket) ?? port
  }

  deinit {
    for master in masters { close(master) }
    close(listener)
    unsafe modbus_free(context)
  }

  func unit(_ number: Int) -> ModbusUnit? { units[number] }

  var descriptors: [Int32] { [listener] + masters }

  /// Serves whoever is ready.
  func serve(_ ready: [Poll.Ready]) {
    for entry in ready {
      if entry.descriptor == listener {
        accept()
      } else if masters.contains(entry.descriptor) && !answer(entry.descriptor) {
        close(entry.descriptor)
        masters.removeAll { $0 == entry.descriptor }
      }
    }
  }

  private func accept() {
    let master = Glibc.accept(listener, nil, nil)
    guard master >= 0 else { return }
    guard masters.count < SimulationLimits.connections else {
      close(master)
      return
    }
    _ = fcntl(master, F_SETFD, FD_CLOEXEC)
    var on: Int32 = 1
    unsafe setsockopt(
      master, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    masters.append(master)
  }

  /// False where the master is gone or does not speak Modbus.
  private func answer(_ master: Int32) -> Bool {
    unsafe modbus_set_socket(context, master)
    var request = [UInt8](repeating: 0, count: Int(MODBUS_TCP_MAX_ADU_LENGTH))
    let count = unsafe modbus_receive(context, &request)
    guard count > 0 else { return count == 0 }
    requests += 1
    // The unit's number stands behind the transaction, the protocol and the length.
    guard let unit = units[Int(request[6])], !unit.isSilent else { return true }
    return unsafe unit.reply(context, request, count: count)
  }

  private static func boundPort(of socket: Int32) -> Int? {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(socket, $0, &length)
      }
    }
    return result == 0 ? Int(UInt16(bigEndian: address.sin_port)) : nil
  }
}
