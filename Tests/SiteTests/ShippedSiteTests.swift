import AccessPolicy
import ControlCore
import Testing

@testable import Site

@Suite("Files that ship")
struct ShippedSiteTests {
  @Test(arguments: ["garage", "garage-pi5", "bench"])
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
}
