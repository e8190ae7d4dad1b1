import ControlCore
import Platform
import TestSupport
import Testing

@testable import ModbusDriver

/// A dead unit must cost the others nothing worth speaking of.
@Suite struct DeadUnitTests {
  private func bus(_ server: ModbusServer, units: ClosedRange<Int>) throws -> ModbusBus {
    let inputs = units.map { ModbusInput(ModbusPlace(unit: $0, table: .discreteInput, address: 0)) }
    let bus = try ModbusBus(
      ModbusBusSetting(
        name: "io", link: .tcp(host: "127.0.0.1", port: server.port), timeout: .milliseconds(50),
        poll: .milliseconds(10), inputs: inputs))
    try bus.start()
    return bus
  }

  /// Two buses side by side, so that whatever else the machine does slows both: one whole, one with dead units.
  @Test(arguments: [[5], [2, 3, 7]]) func theOthersKeepTheirRate(dead: [Int]) throws {
    let whole = try ModbusServer(.tcp(port: 0), units: Array(1...8))
    let broken = try ModbusServer(.tcp(port: 0), units: Array(1...8))
    defer {
      whole.close()
      broken.close()
    }
    for unit in dead { broken.set(unit, .silent) }
    let baseline = try bus(whole, units: 1...8)
    let measured = try bus(broken, units: 1...8)
    defer {
      baseline.stop()
      measured.stop()
    }
    #expect(
      eventually {
        let units = measured.status().units
        return dead.allSatisfy { units[$0 - 1].state == .quarantined } && baseline.status().state == .good
      })
    // A busy machine can favour one of the two for a while: one window of four must show what the bus itself costs.
    let alive = (1...8).filter { !dead.contains($0) }
    var windows: [[Double]] = []
    repeat {
      let before = alive.map { (whole.requests($0), broken.requests($0)) }
      MonotonicClock.sleep(milliseconds: 3_000)
      let after = alive.map { (whole.requests($0), broken.requests($0)) }
      windows.append(zip(before, after).map { Double($1.1 - $0.1) / Double($1.0 - $0.0) })
    } while windows.count < 4 && !windows.last!.allSatisfy { $0 >= 0.9 }
    #expect(windows.last!.allSatisfy { $0 >= 0.9 }, "share of the rate by window and unit: \(windows)")
    #expect(
      eventually(milliseconds: 20_000) { dead.allSatisfy { broken.requests($0) > 3 } },
      "dead units are tried again")
  }

  /// The whole link falls silent, then returns: every unit is back within one pause, not one pause after the other.
  @Test func aSilentLinkComesBackWhole() throws {
    let server = try ModbusServer(.tcp(port: 0), units: Array(1...4))
    defer { server.close() }
    for unit in 1...4 { server.set(unit, .silent) }
    let bus = try bus(server, units: 1...4)
    defer { bus.stop() }
    #expect(eventually { bus.status().units.allSatisfy { $0.state == .quarantined } })
    #expect(bus.status().state == .down)
    for unit in 1...4 { server.set(unit, .answers) }
    #expect(eventually(milliseconds: 10_000) { bus.status().state == .good })
  }
}
