import ControlCore
import Platform
import Synchronization
import TestSupport
import Testing

@testable import ModbusDriver

/// Registers that are read and written by their values, against a libmodbus server over TCP.
@Suite struct RegisterTests {
  /// An operator's status: 16 open, 17 closed, 32 and 33 on the way, 0 not known.
  private static let isOpen = ModbusReading(
    bands: [.init(0...0, .lost), .init(16...16, .on)], otherwise: .off)
  /// A supervised loop: short, active, normal, cut; between them nothing that can be.
  private static let loop = ModbusReading(
    bands: [
      .init(0...900, .short), .init(1_500...3_500, .on), .init(4_000...6_000, .off),
      .init(8_000...65_535, .cut),
    ], otherwise: .lost)

  struct Read: Sendable, CustomTestStringConvertible {
    var reading: ModbusReading
    var register: UInt16
    var level: Bool
    var quality: Quality
    var testDescription: String { "\(register)" }
  }

  private static let reads = [
    Read(reading: isOpen, register: 16, level: true, quality: .good),
    Read(reading: isOpen, register: 17, level: false, quality: .good),
    Read(reading: isOpen, register: 0, level: false, quality: .bad),
    Read(reading: loop, register: 0, level: false, quality: .short),
    Read(reading: loop, register: 900, level: false, quality: .short),
    Read(reading: loop, register: 1_500, level: true, quality: .good),
    Read(reading: loop, register: 5_000, level: false, quality: .good),
    Read(reading: loop, register: 65_535, level: false, quality: .cut),
    Read(reading: loop, register: 1_200, level: false, quality: .bad),
    Read(
      reading: ModbusReading(mask: 0x00F0, bands: [.init(0x20...0x30, .on)]), register: 0xFF2F, level: true,
      quality: .good),
    Read(
      reading: ModbusReading(mask: 0x00F0, bands: [.init(0x20...0x30, .on)]), register: 0xFF40, level: false,
      quality: .good),
  ]

  @Test(arguments: reads)
  func aRegistersValueIsALevel(_ read: Read) throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    server.setRegister(1, 101, read.register)
    let place = ModbusPlace(unit: 1, table: .holdingRegister, address: 101)
    let bus = try ModbusBus(server.setting(inputs: [ModbusInput(place, reading: read.reading)]))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { bus.inputs.read(0).quality == read.quality })
    #expect(bus.inputs.read(0).level == read.level)
    #expect(bus.inputs.register(0) == read.register, "what a technician sees")
  }

  /// A single sample that falls on a change says nothing; two in a row do.
  @Test func aSampleBetweenTheBandsIsNotBelieved() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    server.setRegister(1, 5, 5_000)
    let input = ModbusInput(
      ModbusPlace(unit: 1, table: .holdingRegister, address: 5), reading: Self.loop)
    let bus = try ModbusBus(server.setting(poll: 60, inputs: [input]))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { bus.inputs.read(0).quality == .good })
    var seen = Set<Quality>()
    for _ in 0..<5 {
      let asked = server.requests(1)
      server.setRegister(1, 5, 1_200)
      while server.requests(1) == asked { MonotonicClock.sleep(milliseconds: 1) }
      server.setRegister(1, 5, 5_000)
      for _ in 0..<80 {
        seen.insert(bus.inputs.read(0).quality)
        MonotonicClock.sleep(milliseconds: 1)
      }
    }
    #expect(seen == [.good])
    server.setRegister(1, 5, 1_200)
    #expect(eventually { bus.inputs.read(0).quality == .bad })
  }

  private func relays(_ count: Int) -> [ModbusOutput] {
    (0..<count).map { index in
      ModbusOutput(
        ModbusPlace(unit: 1, table: .holdingRegister, address: index + 1),
        words: ModbusWords(on: 0x0100, off: 0x0200))
    }
  }

  @Test func aRelayIsSwitchedByValues() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let setting = server.setting(outputs: relays(2))
    let bus = try ModbusBus(setting)
    try bus.start()
    #expect(eventually { server.register(1, 1) == 0x0200 && server.register(1, 2) == 0x0200 })
    bus.outputs.set(0, true)
    #expect(eventually { server.register(1, 1) == 0x0100 })
    #expect(server.register(1, 2) == 0x0200)
    // Some boards take the value and show another: that says nothing.
    server.setRegister(1, 1, 1)
    MonotonicClock.sleep(milliseconds: 1_200)
    #expect(bus.outputs.difference(0) == nil && server.register(1, 1) == 1)
    bus.stop()
    #expect(server.register(1, 1) == 0x0200, "safe at the end")
    server.setRegister(1, 2, 0x0100)
    let guardsWriter = try ModbusSafeWriter(setting)
    #expect(guardsWriter.write(within: .seconds(2)).isComplete)
    #expect(server.register(1, 2) == 0x0200)
    #expect(server.writes.allSatisfy { $0.function == 6 && [0x0100, 0x0200].contains($0.values[0]) })
  }

  /// Three orders in one register: it holds the one that is on, and never a value that nobody named.
  @Test func aCommandRegisterIsShared() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let place = ModbusPlace(unit: 1, table: .holdingRegister, address: 10)
    let outputs = [1, 2, 4].map { ModbusOutput(place, words: ModbusWords(on: $0, off: 0)) }
    let setting = server.setting(refresh: 50, outputs: outputs)
    let bus = try ModbusBus(setting)
    try bus.start()
    defer { bus.stop() }
    for order in [0, 1, 0, 2] {
      bus.outputs.set(order, true)
      #expect(eventually { server.register(1, 10) == [1, 2, 4][order] })
      // The refresh must not drop it for a moment.
      server.state.withLock { $0.writes = [] }
      MonotonicClock.sleep(milliseconds: 300)
      #expect(server.writes.count > 2)
      #expect(server.writes.allSatisfy { $0.values == [[1, 2, 4][order]] })
      bus.outputs.set(order, false)
      #expect(eventually { server.register(1, 10) == 0 })
    }
    bus.outputs.set(0, true)
    bus.outputs.set(1, true)
    MonotonicClock.sleep(milliseconds: 100)
    #expect(server.register(1, 10) != 3, "two at once are none")
    bus.outputs.set(0, false)
    #expect(eventually { server.register(1, 10) == 2 })
  }

  /// The device takes the order back by itself: it is given once, and nothing is said of it.
  @Test func anImpulseIsGivenOnce() throws {
    let server = try ModbusServer(.tcp(port: 0), units: [1])
    defer { server.close() }
    let output = ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 2), isImpulse: true)
    let bus = try ModbusBus(server.setting(refresh: 50, outputs: [output]))
    try bus.start()
    defer { bus.stop() }
    #expect(eventually { bus.status().state == .good })
    bus.outputs.set(0, true)
    #expect(eventually { server.coil(1, 2) })
    server.setCoil(1, 2, false)
    MonotonicClock.sleep(milliseconds: 700)
    #expect(!server.coil(1, 2))
    #expect(server.writes.count { $0.values == [1] } == 1)
    #expect(bus.status().units[0].lastError == nil && bus.outputs.difference(0) == nil)
    bus.outputs.set(0, false)
    MonotonicClock.sleep(milliseconds: 50)
    bus.outputs.set(0, true)
    #expect(eventually { server.coil(1, 2) }, "the next order is an order")
  }

  @Test func sharedPlacesAreChecked() {
    let register = ModbusPlace(unit: 1, table: .holdingRegister, address: 10)
    let bit = ModbusPlace(unit: 1, table: .holdingRegister, address: 10, bit: 3)
    let coil = ModbusPlace(unit: 1, table: .coil, address: 10)
    func faults(_ outputs: [ModbusOutput]) -> Int {
      ModbusBusSetting(name: "io", link: .tcp(host: "::1", port: 502), outputs: outputs).faults().count
    }
    let open = ModbusOutput(register, words: ModbusWords(on: 1, off: 0))
    #expect(faults([open, ModbusOutput(register, words: ModbusWords(on: 2, off: 0))]) == 0)
    #expect(faults([open, ModbusOutput(register, words: ModbusWords(on: 1, off: 0))]) == 1)
    #expect(faults([open, ModbusOutput(register, words: ModbusWords(on: 2, off: 9))]) == 1)
    #expect(faults([open, ModbusOutput(bit)]) == 1)
    #expect(faults([ModbusOutput(coil, words: ModbusWords(on: 1, off: 0))]) == 1)
  }
}
