public import ControlCore
import CModbus
import Platform

/// Drives outputs of a bus to their safe levels over a link of its own: what the guard does when the controller is gone.
///
/// Made before it is needed, so that neither memory nor a name server can stand in the way. It blocks its caller for at
/// most the time that it is given, and uses no thread.
public final class ModbusSafeWriter {
  public struct Outcome: Sendable, Equatable {
    /// Slots whose safe level the unit has confirmed.
    public var written: [Int]
    /// Slots that could not be written, and why the last try of their unit failed.
    public var failed: [Int]
    public var error: ModbusError?

    public var isComplete: Bool { failed.isEmpty }
  }

  private let setting: ModbusBusSetting
  /// One for each address of the host.
  private let connections: [ModbusConnection]
  private var current = 0
  private let perTry: Interval

  /// - Parameter perTry: how long one request may wait for its answer.
  public init(_ setting: ModbusBusSetting, perTry: Interval = .milliseconds(60)) throws(ModbusError) {
    let faults = setting.faults()
    if !faults.isEmpty { throw .setting(faults) }
    self.setting = setting
    self.perTry = perTry
    var connections: [ModbusConnection] = []
    for link in Self.numeric(setting.link) {
      connections.append(try ModbusConnection(link: link, timeout: perTry))
    }
    self.connections = connections
  }

  /// The link with its host's name looked up, once for each address; as it is where that fails now.
  private static func numeric(_ link: ModbusBusSetting.Link) -> [ModbusBusSetting.Link] {
    guard case .tcp(let host, let port) = link else { return [link] }
    var links: [ModbusBusSetting.Link] = []
    for which in 0..<ModbusLimits.addressesOfHost {
      var address = [CChar](repeating: 0, count: 64)
      guard unsafe gh_getaddrinfo_numeric(host, which, &address, 64) == 0 else { break }
      let bytes = address.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      links.append(.tcp(host: String(decoding: bytes, as: UTF8.self), port: port))
    }
    return links.isEmpty ? [link] : links
  }

  /// Writes every output of the bus, unit by unit and again where one fails, until all are confirmed or `limit` is over.
  public func write(within limit: Interval) -> Outcome {
    let end = MonotonicClock.now() &+ limit.nanoseconds
    var outcome = Outcome(written: [], failed: Array(setting.outputs.indices), error: nil)
    defer {
      for connection in connections { connection.close() }
    }
    repeat {
      for unit in setting.units {
        let left = outcome.failed.filter { setting.outputs[$0].place.unit == unit }
        for group in groups(of: left) where !write(group, unit, end, &outcome) { break }
      }
      if outcome.isComplete { break }
      MonotonicClock.sleep(milliseconds: 1)
    } while MonotonicClock.now() < end
    outcome.written.sort()
    return outcome
  }

  private func groups(of slots: [Int]) -> [WriteGroup] {
    WritePlan.groups(slots.map { ($0, setting.outputs[$0]) }, level: { self.setting.outputs[$0].safe })
  }

  /// False where the unit is silent, the link is not there or the time is over.
  private func write(_ group: WriteGroup, _ unit: Int, _ end: UInt64, _ outcome: inout Outcome) -> Bool {
    let now = MonotonicClock.now()
    if now >= end { return false }
    let connection = connections[current]
    do throws(ModbusError) {
      connection.setTimeout(min(perTry, Interval(nanoseconds: end - now)))
      try connection.open()
      try send(group, unit, connection)
    } catch {
      outcome.error = error
      if case .link = error { current = (current + 1) % connections.count }
      guard case .exception = error else { return false }
      // One coil of them may not be there, or the unit knows no FC15.
      if group.slots.count > 1 {
        for single in group.singly where !write(single, unit, end, &outcome) { return false }
      }
      return true
    }
    outcome.written += group.slots
    outcome.failed.removeAll(where: group.slots.contains)
    if outcome.isComplete { outcome.error = nil }
    return true
  }

  private func send(_ group: WriteGroup, _ unit: Int, _ connection: ModbusConnection) throws(ModbusError) {
    let outputs = group.slots.map { setting.outputs[$0] }
    let wires = outputs.map { $0.wire($0.safe) }
    if group.table == .coil {
      try connection.writeCoils(unit: unit, address: group.first, levels: wires)
    } else if outputs[0].words != nil {
      let all = setting.sharing(outputs[0].place)
      let value = WritePlan.value(
        all.map { ($0.words, setting.outputs[$0.slot].wire(setting.outputs[$0.slot].safe)) })
      try connection.writeRegister(unit: unit, address: group.first, value: value)
    } else {
      let bits = group.slots.map { setting.outputs[$0].place.bit }
      try connection.writeBits(unit: unit, register: group.first, bits: bits, levels: wires)
    }
  }
}
