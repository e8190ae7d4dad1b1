import AccessPolicy
import ControlCore
import Testing

@testable import Site

@Suite("Files that ship")
struct ShippedSiteTests {
  @Test(arguments: ["garage", "garage-pi5", "operator", "bench"])
  func siteLoadsWithoutFault(_ name: String) throws {
    let site = try SiteFile.load(path: "\(hardware)/sites/\(name).json5", profiles: hardware)
    #expect(!site.pointNames.isEmpty)
    #expect(site.control.inputs.count == site.inputNames.count)
    #expect(site.inputWiring.count == site.inputNames.count)
    #expect(site.inputStale.count == site.inputNames.count)
    #expect(site.outputWiring.count == site.outputNames.count)
    #expect(site.readerWiring.count == site.policy.readers.count)
    #expect(site.policy.pointNames == site.pointNames)
  }

  @Test func siteFindsItsProfilesByItself() throws {
    let site = try SiteFile.load(path: "\(hardware)/sites/garage-pi5.json5", profiles: nil)
    #expect(site.chips.first?.source == .label("pinctrl-rp1"))
  }

  /// The garage's list holds every kind of row that the demonstration shows, and no fault.
  @Test func listOfTheGarageIsGood() throws {
    let site = try SiteFile.load(path: "\(hardware)/sites/garage.json5", profiles: hardware)
    var reader = AllowListReader(groupNames: site.policy.groups.map(\.name))
    reader.feed(try SmallFile.read("\(hardware)/sites/garage.csv", limit: 1 << 20))
    reader.finish()
    #expect(reader.faults.isEmpty, "\(reader.faults)")
    let rows = reader.takeRows()
    let day: Int64 = 1_795_392_000_000
    #expect(rows.contains { $0.flags.contains(.deny) })
    #expect(rows.contains { $0.flags.contains(.extended) })
    #expect(rows.contains { $0.uses == 1 })
    #expect(rows.contains { ($0.validUntil ?? .max) <= day }, "nobody's right has expired")
    #expect(rows.contains { ($0.validFrom ?? .min) > day }, "nobody's right begins later")
    let staff = try #require(site.policy.groups.firstIndex { $0.name == "staff" })
    #expect(rows.contains { $0.groups == [staff] }, "nobody is out of hours at night")
  }

  @Test(arguments: ["garage", "garage-pi5", "operator", "bench"])
  func theControllerTakesTheSite(_ name: String) throws {
    let site = try SiteFile.load(path: "\(hardware)/sites/\(name).json5", profiles: hardware)
    var controller = Controller(setting: site.control)
    var outputs = OutputImage()
    var events = EventBuffer()
    let commands: [Command] = []
    for scan in 0..<200 {
      controller.step(
        InputImage(), commands: commands.span, now: Instant(nanoseconds: UInt64(scan) * 1_000_000),
        outputs: &outputs, events: &events)
      let on = site.outputNames.indices.filter { outputs[OutputIndex($0)] }.map { site.outputNames[$0] }
      // While nothing is known a stop may be given and a fail-safe lock stays locked by power; nothing moves.
      let lit = ["garage-pi5": ["yard.stop", "lobby.strike"], "operator": ["lane.red"]]
      #expect(Set(on).isSubset(of: lit[name] ?? ["yard.stop"]), "\(on)")
    }
  }
}
