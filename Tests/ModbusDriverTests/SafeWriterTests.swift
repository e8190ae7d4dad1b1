import ControlCore
import Platform
import Testing

@testable import ModbusDriver

/// What the guard does when the controller is gone.
@Suite struct SafeWriterTests {
  private func setting(_ port: Int) -> ModbusBusSetting {
    ModbusBusSetting(
      name: "io", link: .tcp(host: "localhost", port: port),
      outputs: [
        ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 0)),
        ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 1), safe: true),
        ModbusOutput(ModbusPlace(unit: 2, table: .coil, address: 5), activeLow: true),
        ModbusOutput(ModbusPlace(unit: 2, table: .holdingRegister, address: 9, bit: 3)),
      ])
  }

  @Test func everyOutputIsWritten() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1, 2])
    defer { server.close() }
    server.setCoil(1, 0, true)
    server.setRegister(2, 9, 0xF)
    let writer = try ModbusSafeWriter(setting(server.port))
    for _ in 0..<2 {
      let outcome = writer.write(within: .milliseconds(1_000))
      #expect(outcome == ModbusSafeWriter.Outcome(written: [0, 1, 2, 3], failed: [], error: nil))
    }
    #expect(!server.coil(1, 0) && server.coil(1, 1) && server.coil(2, 5) && server.register(2, 9) == 7)
  }

  @Test func aSilentUnitHoldsNobody() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1, 2])
    defer { server.close() }
    server.set(1, .silent)
    let writer = try ModbusSafeWriter(setting(server.port))
    let start = MonotonicClock.now()
    let outcome = writer.write(within: .milliseconds(400))
    #expect(MonotonicClock.now() - start < 2_000_000_000)
    #expect(outcome.written == [2, 3])
    #expect(outcome.failed == [0, 1])
    guard case .unit(1, _, _, _) = outcome.error else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test func aUnitThatComesBackInTimeIsWritten() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1, 2])
    defer { server.close() }
    server.set(2, .silent)
    let thread = try PlatformThread.start(name: "back") {
      MonotonicClock.sleep(milliseconds: 150)
      server.set(2, .answers)
    }
    defer { thread.join() }
    let outcome = try ModbusSafeWriter(setting(server.port)).write(within: .milliseconds(4_000))
    #expect(outcome.isComplete)
  }

  @Test func aRefusedCoilDoesNotHoldItsNeighbour() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    server.setCoil(1, 1_099, true)
    let outputs = [1_099, 1_100].map { ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: $0)) }
    let writer = try ModbusSafeWriter(
      ModbusBusSetting(name: "io", link: .tcp(host: "127.0.0.1", port: server.port), outputs: outputs))
    let outcome = writer.write(within: .milliseconds(200))
    #expect(outcome.written == [0])
    #expect(outcome.failed == [1])
    #expect(!server.coil(1, 1_099))
  }

  @Test func nobodyThereIsToldInTime() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    let port = server.port
    server.close()
    let start = MonotonicClock.now()
    let outcome = try ModbusSafeWriter(setting(port)).write(within: .milliseconds(200))
    #expect(MonotonicClock.now() - start < 2_000_000_000)
    #expect(outcome.written.isEmpty)
    guard case .link = outcome.error else {
      Issue.record("\(outcome)")
      return
    }
  }
}
