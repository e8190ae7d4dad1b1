import ControlCore
import Platform
import Synchronization
import Testing

@testable import ModbusDriver

/// Against a libmodbus server over TCP.
@Suite struct BusTests {
  private func setting(
    _ server: ModbusServer, units: [Int] = [1], timeout: UInt64 = 100, poll: UInt64 = 5,
    refresh: UInt64 = 60_000,
    inputs: [ModbusInput]? = nil, outputs: [ModbusOutput] = [], watchdogs: [ModbusWatchdog] = []
  ) -> ModbusBusSetting {
    ModbusBusSetting(
      name: "io", link: .tcp(host: "127.0.0.1", port: server.port), timeout: .milliseconds(timeout),
      poll: .milliseconds(poll), refresh: .milliseconds(refresh),
      inputs: inputs ?? units.map { ModbusInput(ModbusPlace(unit: $0, table: .discreteInput, address: 0)) },
      outputs: outputs, watchdogs: watchdogs)
  }

  @Test func everyTableIsRead() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    server.setCoil(1, 3, true)
    server.setDiscreteInput(1, 4, true)
    server.setInputRegister(1, 5, 0b1000)
    server.setRegister(1, 6, 7)
    let places = [
      ModbusPlace(unit: 1, table: .coil, address: 3), ModbusPlace(unit: 1, table: .discreteInput, address: 4),
      ModbusPlace(unit: 1, table: .inputRegister, address: 5, bit: 3),
      ModbusPlace(unit: 1, table: .inputRegister, address: 5, bit: 2),
      ModbusPlace(unit: 1, table: .holdingRegister, address: 6),
    ]
    let inputs = places.map { ModbusInput($0) } + places.map { ModbusInput($0, activeLow: true) }
    let bus = try ModbusBus(setting(server, inputs: inputs))
    #expect(bus.inputs.read(0).quality == .unknown)
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { inputs.indices.allSatisfy { bus.inputs.read($0).quality == .good } })
    #expect(
      inputs.indices.map { bus.inputs.read($0).level }
        == [true, true, true, false, true, false, false, false, true, false])
    server.setDiscreteInput(1, 4, false)
    #expect(eventually { !bus.inputs.read(1).level })
    #expect(bus.status().state == .good)
    #expect(server.writes.isEmpty)
  }

  @Test func anAnswerGrowsOld() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let bus = try ModbusBus(setting(server))
    try bus.start()
    #expect(eventually { bus.inputs.read(0).quality == .good })
    bus.stop()
    let stamp = bus.inputs.read(0).stamp
    #expect(bus.inputs.read(0, now: stamp + 1_000_000).quality == .good)
    #expect(bus.inputs.read(0, now: stamp + bus.setting.freshness.nanoseconds + 1).quality == .bad)
  }

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
    let bus = try ModbusBus(setting(server, outputs: outputs))
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
      setting(server, poll: 2_000, outputs: [ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 0))]))
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
      setting(server, refresh: 50, outputs: [ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 0))]))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { server.writes.count >= 4 })
    #expect(server.writes.allSatisfy { $0.values == [0] })
  }

  @Test func anOutputThatLeftItsSafeLevelIsDrivenBack() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let outputs = (0..<2).map { ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: $0)) }
    let bus = try ModbusBus(setting(server, inputs: [], outputs: outputs))
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
      setting(
        server, units: [1], timeout: 20,
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
    let bus = try ModbusBus(setting(server, outputs: outputs))
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

  @Test func aUnitThatKnowsNoGroupWriteGetsSingleOnes() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    // The last coil of the three is beyond the unit's table: libmodbus refuses the group, and the last alone.
    let outputs = [1_098, 1_099, 1_100].map { ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: $0)) }
    server.setCoil(1, 1_098, true)
    server.setCoil(1, 1_099, true)
    let bus = try ModbusBus(setting(server, outputs: outputs))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { !server.coil(1, 1_098) && !server.coil(1, 1_099) })
    bus.outputs.set(1, true)
    #expect(eventually { server.coil(1, 1_099) }, "one bad address does not hold the others")
    #expect(bus.status().units[0].state == .good)
    #expect(bus.status().units[0].lastError != nil)
  }

  @Test func aSparseUnitIsReadWithoutTheGaps() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    // The unit's table ends at 1100: one read to 1110 is refused, the reads it is split into are not, but for the last.
    let inputs = [1_090, 1_099, 1_110].map { ModbusInput(ModbusPlace(unit: 1, table: .coil, address: $0)) }
    server.setCoil(1, 1_099, true)
    let bus = try ModbusBus(setting(server, inputs: inputs))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { bus.inputs.read(0).quality == .good && bus.inputs.read(1).quality == .good })
    #expect(bus.inputs.read(1).level)
    #expect(eventually { bus.inputs.read(2).quality == .bad })
  }

  @Test(arguments: [ModbusServer.Behaviour.silent, .hangsUp, .exception(11)])
  func aUnitThatFailsIsQuarantinedAndComesBack(behaviour: ModbusServer.Behaviour) throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1, 2])
    defer { server.close() }
    server.setDiscreteInput(2, 0, true)
    let output = ModbusOutput(ModbusPlace(unit: 2, table: .coil, address: 0))
    let bus = try ModbusBus(setting(server, units: [1, 2], timeout: 20, outputs: [output]))
    try bus.start()
    defer { bus.stop() }
    bus.outputs.set(0, true)
    #expect(eventually { bus.inputs.read(1).quality == .good && server.coil(2, 0) })
    server.set(2, behaviour)
    #expect(eventually { bus.status().units[1].state == .quarantined })
    #expect(bus.inputs.read(1).quality == .bad)
    #expect(bus.status().state == .partial)
    #expect(bus.status().units[1].retryIn != nil)
    #expect(bus.status().units[1].lastError != nil)
    #expect(eventually { bus.inputs.read(0).quality == .good })
    // A pulse that comes and goes meanwhile is not made up for; the level is.
    bus.outputs.set(0, false)
    bus.outputs.set(0, true)
    bus.outputs.set(0, false)
    server.state.withLock { $0.writes = [] }
    server.set(2, .answers)
    #expect(eventually(milliseconds: 8_000) { bus.inputs.read(1).quality == .good && !server.coil(2, 0) })
    #expect(server.writes.allSatisfy { $0.values == [0] }, "\(server.writes)")
    #expect(bus.status().units[1].state == .good)
  }

  @Test func aRefusalIsAnAnswer() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1, 2])
    defer { server.close() }
    server.set(2, .exception(4))
    let bus = try ModbusBus(setting(server, units: [1, 2]))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { bus.inputs.read(1).quality == .bad })
    #expect(eventually { bus.status().units[1].state == .good })
    #expect(bus.inputs.read(0).quality == .good)
  }

  @Test func theLinkIsOpenedAgain() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    let port = server.port
    let output = ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 0))
    let bus = try ModbusBus(setting(server, outputs: [output]))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { bus.status().state == .good })
    server.close()
    #expect(eventually { bus.inputs.read(0).quality == .bad && bus.status().state == .down })
    #expect(bus.status().linkError != nil)
    bus.outputs.set(0, true)
    MonotonicClock.sleep(milliseconds: 300)
    let again = try ModbusServer(.tcp(port: port), units: [1])
    defer { again.close() }
    again.setDiscreteInput(1, 0, true)
    #expect(
      eventually(milliseconds: 12_000) { bus.inputs.read(0).quality == .good && bus.inputs.read(0).level })
    #expect(eventually { again.coil(1, 0) }, "the level that the scan still holds")
    #expect(bus.status().linkError == nil)
  }

  @Test func aLateAnswerIsNotTakenForTheNext() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    server.setCoil(1, 0, true)
    let inputs = [0, 1_000].map { ModbusInput(ModbusPlace(unit: 1, table: .coil, address: $0)) }
    let bus = try ModbusBus(setting(server, timeout: 20, poll: 0, inputs: inputs))
    try bus.start()
    defer { bus.stop() }
    var mistaken = 0
    for round in 0..<40 {
      server.set(1, round % 2 == 0 ? .late(UInt64(15 + round % 11)) : .answers)
      let end = MonotonicClock.now() + 30_000_000
      while MonotonicClock.now() < end {
        let (level0, quality0, _) = bus.inputs.read(0)
        let (level1, quality1, _) = bus.inputs.read(1)
        if quality0 == .good && !level0 || quality1 == .good && level1 { mistaken += 1 }
        MonotonicClock.sleep(milliseconds: 1)
      }
    }
    #expect(mistaken == 0)
    #expect(bus.status().units[0].errors > 0, "some answers were late")
  }

  @Test func aWatchdogIsSetAndReadBack() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let output = ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 0))
    let watchdog = ModbusWatchdog(
      unit: 1, enableCoil: 260, timeoutRegister: 487, count: .milliseconds(100), timeout: .seconds(2))
    let bus = try ModbusBus(setting(server, outputs: [output], watchdogs: [watchdog]))
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
    let bus = try ModbusBus(setting(server, outputs: [output], watchdogs: [watchdog]))
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
