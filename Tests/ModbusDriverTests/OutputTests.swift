import ControlCore
import Platform
import Synchronization
import TestSupport
import Testing

@testable import ModbusDriver

/// Against a libmodbus server over TCP: what is written, when, and what is not.
@Suite struct OutputTests {
  @Test func outputsStartSafeAndFollow() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    for coil in 0..<3 { server.setCoil(1, coil, true) }
    server.setRegister(1, 9, 0xFF00)
    let outputs = [
      ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 0)),
      ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 1), activeLow: true, safe: true),
      ModbusOutput(ModbusPlace(unit: 1, table: .holdingRegister, address: 9, bit: 8)),
    ]
    let bus = try ModbusBus(server.setting(outputs: outputs))
    try bus.start()
    #expect(eventually { server.writes.count == 3 && bus.status().state == .good })
    #expect(!server.coil(1, 0))
    #expect(!server.coil(1, 1))
    #expect(server.coil(1, 2), "not an output of ours")
    #expect(server.register(1, 9) == 0xFE00, "the other bits stay")
    let before = server.writes.count
    MonotonicClock.sleep(milliseconds: 100)
    #expect(server.writes.count == before, "what does not change is not written")
    bus.outputs.set(0, true)
    bus.outputs.set(1, false)
    bus.outputs.set(2, true)
    #expect(eventually { server.coil(1, 0) && server.coil(1, 1) && server.register(1, 9) == 0xFF00 })
    bus.stop()
    #expect(!server.coil(1, 0) && !server.coil(1, 1) && server.register(1, 9) == 0xFE00, "safe at the end")
  }

  @Test func aChangeDoesNotWaitForTheNextRound() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let bus = try ModbusBus(
      server.setting(poll: 2_000, outputs: [ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 0))]))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { bus.status().state == .good && server.writes.count == 1 })
    MonotonicClock.sleep(milliseconds: 50)
    bus.outputs.set(0, true)
    #expect(eventually(milliseconds: 500) { server.coil(1, 0) })
  }

  @Test func outputsAreRefreshed() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let bus = try ModbusBus(
      server.setting(refresh: 50, outputs: [ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 0))]))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { server.writes.count >= 4 })
    #expect(server.writes.allSatisfy { $0.values == [0] })
  }

  @Test func anOutputThatLeftItsSafeLevelIsDrivenBack() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let outputs = (0..<2).map { ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: $0)) }
    let bus = try ModbusBus(server.setting(inputs: [], outputs: outputs))
    try bus.start()
    defer { bus.stop() }
    bus.outputs.set(1, true)
    #expect(eventually { server.coil(1, 1) })
    server.state.withLock { $0.writes = [] }
    server.setCoil(1, 0, true)
    server.setCoil(1, 1, false)
    #expect(eventually { !server.coil(1, 0) })
    #expect(eventually { bus.status().units[0].lastError?.contains("reads back") == true })
    MonotonicClock.sleep(milliseconds: 600)
    #expect(!server.coil(1, 1), "what fell back to safe is not pulsed again")
    #expect(server.writes == [.init(unit: 1, function: 5, address: 0, values: [0])])
  }

  @Test func aUnitWithOnlyOutputsIsMissedToo() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1, 2])
    defer { server.close() }
    let bus = try ModbusBus(
      server.setting(
        units: [1], timeout: 20,
        outputs: [ModbusOutput(ModbusPlace(unit: 2, table: .coil, address: 0))]))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { bus.status().state == .good })
    server.set(2, .silent)
    #expect(eventually { bus.status().units[1].state == .quarantined })
    server.set(2, .answers)
    #expect(eventually(milliseconds: 8_000) { bus.status().units[1].state == .good })
  }

  @Test func whatIsToBeLeftIsOffBeforeTheOtherIsOn() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let outputs = (0..<2).map { ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: $0)) }
    let bus = try ModbusBus(server.setting(outputs: outputs))
    try bus.start()
    defer { bus.stop() }
    bus.outputs.set(1, true)
    #expect(eventually { server.coil(1, 1) })
    server.state.withLock { $0.writes = [] }
    bus.outputs.set(0, true)
    bus.outputs.set(1, false)
    #expect(eventually { server.coil(1, 0) && !server.coil(1, 1) })
    // Either the two came one after the other, or in one pass with the falling one first: never both on.
    var levels = [false, true]
    for write in server.writes {
      for (offset, value) in write.values.enumerated() { levels[write.address + offset] = value != 0 }
    }
    #expect(levels == [true, false])
  }

  @Test func nothingRisesWhileAnotherRefusesToFall() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let outputs = [0, 5].map { ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: $0)) }
    let bus = try ModbusBus(server.setting(outputs: outputs))
    try bus.start()
    defer { bus.stop() }
    bus.outputs.set(0, true)
    #expect(eventually { server.coil(1, 0) })
    server.state.withLock { $0.stuckCoils = [0] }
    bus.outputs.set(0, false)
    bus.outputs.set(1, true)
    MonotonicClock.sleep(milliseconds: 1_500)
    #expect(server.coil(1, 0) && !server.coil(1, 5), "never both")
    server.state.withLock { $0.stuckCoils = [] }
    #expect(eventually { !server.coil(1, 0) && server.coil(1, 5) })
  }

  @Test func aUnitThatKnowsNoGroupWriteGetsSingleOnes() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    // The last coil of the three is beyond the unit's table: libmodbus refuses the group, and the last alone.
    let outputs = [1_098, 1_099, 1_100].map { ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: $0)) }
    server.setCoil(1, 1_098, true)
    server.setCoil(1, 1_099, true)
    let bus = try ModbusBus(server.setting(outputs: outputs))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { !server.coil(1, 1_098) && !server.coil(1, 1_099) })
    bus.outputs.set(1, true)
    #expect(eventually { server.coil(1, 1_099) }, "one bad address does not hold the others")
    #expect(bus.status().units[0].state == .good)
    #expect(bus.status().units[0].lastError != nil)
  }

  @Test func aWatchdogIsSetAndReadBack() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let output = ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 0))
    let watchdog = ModbusWatchdog(
      unit: 1, enableCoil: 260, timeoutRegister: 487, count: .milliseconds(100), timeout: .seconds(2))
    let bus = try ModbusBus(server.setting(outputs: [output], watchdogs: [watchdog]))
    try bus.start()
    defer { bus.stop() }
    bus.outputs.set(0, true)
    #expect(eventually { server.coil(1, 0) })
    #expect(server.register(1, 487) == 20)
    #expect(server.coil(1, 260))
    #expect(eventually { bus.status().units[0].watchdog == .confirmed })
    #expect(
      server.writes.first == .init(unit: 1, function: 5, address: 0, values: [0]), "safe before all else")
  }

  @Test func withoutItsWatchdogAUnitStaysSafe() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let output = ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 0))
    // The unit has no such register.
    let watchdog = ModbusWatchdog(
      unit: 1, enableCoil: 260, timeoutRegister: 4_870, count: .milliseconds(100), timeout: .seconds(2))
    let bus = try ModbusBus(server.setting(outputs: [output], watchdogs: [watchdog]))
    try bus.start()
    defer { bus.stop() }
    bus.outputs.set(0, true)
    #expect(
      eventually {
        if case .refused = bus.status().units[0].watchdog { true } else { false }
      })
    MonotonicClock.sleep(milliseconds: 100)
    #expect(!server.coil(1, 0))
    #expect(server.writes.allSatisfy { $0.address != 0 || $0.values == [0] })
  }
}
