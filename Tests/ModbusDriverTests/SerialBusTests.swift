import ControlCore
import Platform
import TestSupport
import Testing

@testable import ModbusDriver

/// Against a libmodbus RTU server on a pseudo-terminal.
@Suite struct SerialBusTests {
  private func setting(
    _ line: PseudoTerminal, timeout: UInt64 = 50, inputs: [ModbusInput], outputs: [ModbusOutput] = []
  ) -> ModbusBusSetting {
    ModbusBusSetting(
      name: "rs485", link: .serial(path: line.path, baud: 115_200, parity: .none, stopBits: 1),
      timeout: .milliseconds(timeout), poll: .milliseconds(2), inputs: inputs, outputs: outputs)
  }

  @Test func aUnitIsReadAndDriven() throws {
    let line = try PseudoTerminal()
    let server = try ModbusServer(.pty(master: line.take(), unit: 7), units: [7])
    defer { server.close() }
    server.setDiscreteInput(7, 2, true)
    let bus = try ModbusBus(
      setting(
        line, inputs: [ModbusInput(ModbusPlace(unit: 7, table: .discreteInput, address: 2))],
        outputs: [ModbusOutput(ModbusPlace(unit: 7, table: .coil, address: 1))]))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { bus.inputs.read(0).quality == .good && bus.inputs.read(0).level })
    bus.outputs.set(0, true)
    #expect(eventually { server.coil(7, 1) })
  }

  @Test func aLateAnswerIsNotTakenForTheNext() throws {
    let line = try PseudoTerminal()
    let server = try ModbusServer(.pty(master: line.take(), unit: 1), units: [1])
    defer { server.close() }
    server.setCoil(1, 0, true)
    let inputs = [0, 1_000].map { ModbusInput(ModbusPlace(unit: 1, table: .coil, address: $0)) }
    let bus = try ModbusBus(setting(line, timeout: 40, inputs: inputs))
    try bus.start()
    defer { bus.stop() }
    var mistaken = 0
    for round in 0..<40 {
      server.set(1, round % 3 == 0 ? .late(UInt64(30 + 4 * round)) : .answers)
      let end = MonotonicClock.now() + 60_000_000
      while MonotonicClock.now() < end {
        let (level0, quality0, _) = bus.inputs.read(0)
        let (level1, quality1, _) = bus.inputs.read(1)
        if quality0 == .good && !level0 || quality1 == .good && level1 { mistaken += 1 }
        MonotonicClock.sleep(milliseconds: 1)
      }
    }
    server.set(1, .answers)
    #expect(mistaken == 0)
    #expect(bus.status().units[0].errors > 0, "some answers were late")
    #expect(eventually(milliseconds: 8_000) { bus.inputs.read(1).quality == .good })
  }

  @Test func aDeviceThatIsNotThereIsWaitedFor() throws {
    let directory = try TemporaryDirectory()
    let bus = try ModbusBus(
      ModbusBusSetting(
        name: "gone", link: .serial(path: "\(directory.path)/none", baud: 9_600, parity: .even, stopBits: 1),
        inputs: [ModbusInput(ModbusPlace(unit: 1, table: .coil, address: 0))]))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { bus.status().linkError?.contains("No such file") == true })
    #expect(bus.inputs.read(0).quality == .bad)
    #expect(bus.status().state == .down)
  }
}
