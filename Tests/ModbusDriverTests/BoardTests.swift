import ControlCore
import Platform
import Synchronization
import TestSupport
import Testing

@testable import ModbusDriver

/// What a board does by itself, and what it gives back, against a libmodbus server over TCP.
@Suite struct BoardTests {
  private static let watchdog = ModbusWatchdog(
    unit: 1, enableCoil: 260, timeoutRegister: 487, count: .milliseconds(100), timeout: .seconds(2),
    safeCoil: 128, powerOnCoil: 160)

  @Test func itsOwnSafeLevelsAreSet() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    // 0: off is safe. 1: on is safe. 3: off is safe, and off is a 1 on the wire.
    let outputs = [
      ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 0)),
      ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 1), safe: true),
      ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 3), activeLow: true),
    ]
    for coil in [128, 130, 160, 162] { server.setCoil(1, coil, true) }
    let bus = try ModbusBus(server.setting(outputs: outputs, watchdogs: [Self.watchdog]))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { bus.status().units[0].watchdog == .confirmed })
    for base in [128, 160] {
      #expect(
        (0..<4).map { server.coil(1, base + $0) } == [false, true, true, true], "\(base); 2 is nobody's")
    }
    let kept = server.writes.filter { (128..<192).contains($0.address) }
    #expect(Set(kept.map(\.address)) == [128, 129, 131, 160, 161, 163])
    // Again after the line was broken: what is right already is not written.
    server.state.withLock { $0.writes = [] }
    server.set(1, .hangsUp)
    MonotonicClock.sleep(milliseconds: 100)
    server.set(1, .answers)
    #expect(eventually { server.writes.contains { $0.address == 260 } })
    #expect(!server.writes.contains { (128..<192).contains($0.address) })
  }

  @Test func aBoardThatKeepsAnotherLevelStaysSafe() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    server.setCoil(1, 128, true)
    server.state.withLock { $0.stuckCoils = [128] }
    let output = ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 0))
    let bus = try ModbusBus(server.setting(outputs: [output], watchdogs: [Self.watchdog]))
    try bus.start()
    defer { bus.stop() }
    bus.outputs.set(0, true)
    #expect(
      eventually {
        if case .refused = bus.status().units[0].watchdog { true } else { false }
      })
    MonotonicClock.sleep(milliseconds: 100)
    #expect(!server.coil(1, 0))
  }

  /// A unit with a time of its own waits for it; the others keep theirs.
  @Test func eachUnitHasItsTime() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1, 2])
    defer { server.close() }
    var setting = server.setting(units: [1, 2], timeout: 60)
    setting.timeouts = [2: .milliseconds(900)]
    server.set(1, .late(200))
    server.set(2, .late(200))
    let bus = try ModbusBus(setting)
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { bus.status().units[0].state == .quarantined })
    #expect(eventually { bus.inputs.read(1).quality == .good })
    #expect(bus.inputs.read(0).quality != .good)
    #expect(bus.status().units[1].errors == 0)
  }

  /// A coil that stays on whatever is written: told with how it reads and since when, and no longer once it falls.
  @Test func aCoilThatDoesNotFollowIsTold() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let outputs = (0..<2).map { ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: $0)) }
    let bus = try ModbusBus(server.setting(inputs: [], outputs: outputs))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { bus.status().state == .good })
    server.state.withLock { $0.weldedCoils = [1] }
    server.setCoil(1, 1, true)
    #expect(eventually { bus.outputs.difference(1)?.level == true })
    let first = bus.outputs.difference(1)?.since
    MonotonicClock.sleep(milliseconds: 1_200)
    #expect(bus.outputs.difference(1)?.since == first, "without a break")
    #expect(bus.outputs.difference(0) == nil)
    server.state.withLock { $0.weldedCoils = [] }
    #expect(eventually { bus.outputs.difference(1) == nil && !server.coil(1, 1) })
  }

  @Test func aSilentUnitSaysNothingOfItsOutputs() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let output = ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 0))
    let bus = try ModbusBus(server.setting(timeout: 30, outputs: [output]))
    try bus.start()
    defer { bus.stop() }
    server.state.withLock { $0.weldedCoils = [0] }
    server.setCoil(1, 0, true)
    #expect(eventually { bus.outputs.difference(0) != nil })
    server.set(1, .silent)
    #expect(eventually { bus.outputs.difference(0) == nil })
  }
}
