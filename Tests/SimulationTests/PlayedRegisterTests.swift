import Site
import Testing

@testable import Simulation

/// The played field gives every register the number that says what its inputs shall say together.
@Suite struct PlayedRegisterTests {
  private static let site = """
    {
      gateway: { id: "gw-1", site: "test", timezone: "UTC" }, buses: { io: { tcp: "127.0.0.1" } },
      inputs: {
        up: { bus: "io", unit: 1, table: "holding_register", address: 101, equals: 16, unknown: 0 },
        down: { bus: "io", unit: 1, table: "holding_register", address: 101, equals: 17, unknown: 0 },
        high: { bus: "io", unit: 1, table: "holding_register", address: 102, at_least: 98, unknown: 255 },
        low: { bus: "io", unit: 1, table: "holding_register", address: 102, at_most: 2, unknown: 255 },
        loop: { bus: "io", unit: 2, table: "input_register", address: 0,
                supervised: { short: [0, 900], active: [1500, 3500], normal: [4000, 6000], cut: [8000, 65535] } },
      },
    }
    """

  /// Both ends, the way between them, and the zone at rest and active.
  @Test(arguments: [
    [true, false, true, false, false], [false, true, false, true, true], [false, false, false, false, false],
  ])
  func everyStateHasANumber(_ levels: [Bool]) throws {
    let site = try SiteFile.read(Array(Self.site.utf8), path: "site.json5", profiles: nil)
    let registers = PlayedRegister.all(of: site)
    #expect(registers.map(\.address) == [101, 102, 0])
    for (place, wiring) in site.inputWiring.enumerated() {
      guard case .modbus(let wire) = wiring, let reading = wire.reading else {
        Issue.record("input \(place) reads no whole register")
        continue
      }
      let register = try #require(
        registers.first { $0.seat.unit == wire.unit && $0.address == wire.address })
      let number = register.number(for: levels)
      #expect(
        reading.word(of: number) == (levels[place] ? .on : .off), "\(site.inputNames[place]): \(number)")
    }
  }
}
