import ControlCore
import Platform
import Site
import Testing

@testable import Simulation

@Suite struct PlayedFieldTests {
  /// Polls until it holds; a machine under load may be late.
  private func soon(_ holds: () -> Bool) -> Bool {
    for _ in 0..<500 {
      if holds() { return true }
      MonotonicClock.sleep(milliseconds: 10)
    }
    return false
  }

  @Test func aCoilRaisesTheArmAndTheInputsTellIt() throws {
    let field = try PlayedField(site: Garage.site, freePorts: true)
    let port = try #require(field.ports[0])
    let master = try #require(MasterClient(port: port))
    // Bit 0 is up, bit 1 is down.
    #expect(soon { master.inputs(unit: 1, count: 5) == 0b00010 })
    master.setCoil(unit: 1, 0, true)
    #expect(soon { field.outputs[Garage.output("lane1.raise").position] })
    #expect(soon { master.inputs(unit: 1, count: 5) == 0b00001 })
    #expect(field.withPlant { $0.lane(Garage.point("lane1"))!.drive.isOpen })
  }

  @Test func aSilentUnitAnswersNobodyWhileTheOthersGoOn() throws {
    let field = try PlayedField(site: Garage.site, freePorts: true)
    let port = try #require(field.ports[0])
    field.setSilent(true, unitOf: Garage.input("lobby.contact"))
    let master = try #require(MasterClient(port: port))
    #expect(soon { master.inputs(unit: 2, count: 4) == nil })
    let other = try #require(MasterClient(port: port))
    #expect(other.inputs(unit: 1, count: 5) == 0b00010)
    field.setSilent(false, unitOf: Garage.input("lobby.contact"))
    #expect(soon { MasterClient(port: port)?.inputs(unit: 2, count: 4) == 0b0001 })
  }

  @Test func mastersAreBoundedAndHalfARequestHoldsNobodyUp() throws {
    let field = try PlayedField(site: Garage.site, freePorts: true)
    let port = try #require(field.ports[0])
    let stalled = try #require(MasterClient(port: port))
    stalled.send([0, 1, 0, 0, 0])
    let other = try #require(MasterClient(port: port))
    #expect(soon { other.inputs(unit: 1, count: 5) == 0b00010 })
    #expect(stalled.receive() == [], "half a request is hung up on")
    let crowd = (0..<SimulationLimits.connections + 4).compactMap { _ in MasterClient(port: port) }
    #expect(soon { crowd.count { $0.inputs(unit: 1, count: 5) != nil } < SimulationLimits.connections })
    #expect(other.inputs(unit: 1, count: 5) == 0b00010, "who was there before stays")
  }

  @Test func aPortInUseIsRefusedWithItsName() throws {
    let first = try PlayedField(site: Garage.site, freePorts: true)
    let port = try #require(first.ports[0])
    var site = Garage.site
    site.buses[0].link = .tcp(host: "127.0.0.1", port: port)
    #expect {
      try PlayedField(site: site)
    } throws: { error in
      "\(error)".contains("Address already in use")
    }
  }

  @Test func aSimulatedChipIsDrivenThroughItsFile() throws {
    let text = """
      { gateway: { id: "g", site: "s", timezone: "UTC" }, gpio: { header: { simulated: true } },
        inputs: { "door.contact": { gpio: "header", line: 3, active_low: true } },
        outputs: { "door.strike": { gpio: "header", line: 9, safe: false } },
        points: { door: { kind: "door", outputs: { unlock: "door.strike" }, inputs: { contact: "door.contact" } } },
      }
      """
    let site = try SiteFile.read(Array(text.utf8), path: "chip.json5", profiles: nil)
    let folder = try TemporaryDirectory()
    let field = try PlayedField(site: site, runDirectory: folder.path)
    let file = "\(folder.path)/gpio/header.lines"
    // A shut door's contact is on, and the line is active low: physical 0.
    #expect(try Files.read(file)[64 + 3 * 4 + 1] == 0)
    let memory = try SharedMemory.file(path: file, bytes: 4_096)
    unsafe memory.base.storeBytes(of: 2, toByteOffset: 64 + 9 * 4, as: UInt8.self)
    unsafe memory.base.storeBytes(of: 1, toByteOffset: 64 + 9 * 4 + 2, as: UInt8.self)
    #expect(soon { field.withPlant { $0.door(PointIndex(0))!.isUnlocked } })
    field.withPlant { $0.visit(Person(holds: .seconds(5)), at: PointIndex(0)) }
    #expect(soon { (try? Files.read(file)[64 + 3 * 4 + 1]) == 1 })
    #expect(try Files.read(file)[64 + 3 * 4 + 3] == 1, "one edge was counted")
  }
}
