import ControlCore
import Platform
import Synchronization
import TestSupport
import Testing

@testable import ModbusDriver

/// Against a libmodbus server over TCP: reading, units that fail, links that break.
@Suite struct BusTests {
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
    let bus = try ModbusBus(server.setting(inputs: inputs))
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

  @Test func aLevelCarriesTheInstantItWasRead() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let bus = try ModbusBus(server.setting())
    let before = MonotonicClock.now()
    try bus.start()
    #expect(eventually { bus.inputs.read(0).quality == .good })
    bus.stop()
    let stamp = bus.inputs.read(0).stamp
    #expect(stamp > before && stamp <= MonotonicClock.now())
    MonotonicClock.sleep(milliseconds: 20)
    #expect(bus.inputs.read(0).stamp == stamp, "nobody reads any more")
  }

  @Test func aSparseUnitIsReadWithoutTheGaps() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    // The unit's table ends at 1100: one read to 1110 is refused, the reads it is split into are not, but for the last.
    let inputs = [1_090, 1_099, 1_110].map { ModbusInput(ModbusPlace(unit: 1, table: .coil, address: $0)) }
    server.setCoil(1, 1_099, true)
    let bus = try ModbusBus(server.setting(inputs: inputs))
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
    let bus = try ModbusBus(server.setting(units: [1, 2], timeout: 20, outputs: [output]))
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
    let bus = try ModbusBus(server.setting(units: [1, 2]))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { bus.inputs.read(1).quality == .bad })
    #expect(eventually { bus.status().units[1].state == .good })
    #expect(bus.inputs.read(0).quality == .good)
  }

  @Test func aBusyUnitKeepsItsLevel() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    server.setDiscreteInput(1, 0, true)
    let bus = try ModbusBus(server.setting())
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { bus.inputs.read(0).quality == .good })
    server.set(1, .exception(6))
    #expect(eventually { bus.status().units[0].errors > 3 })
    let (level, quality, stamp) = bus.inputs.read(0)
    #expect(level && quality == .good, "the stamp tells that it grows old")
    MonotonicClock.sleep(milliseconds: 50)
    #expect(bus.inputs.read(0).stamp == stamp)
  }

  @Test func theLinkIsOpenedAgain() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    let port = server.port
    let output = ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 0))
    let bus = try ModbusBus(server.setting(outputs: [output]))
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
    let bus = try ModbusBus(server.setting(timeout: 20, poll: 0, inputs: inputs))
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
}
