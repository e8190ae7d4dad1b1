import AccessPolicy
import Testing

@testable import Site

@Suite("Report")
struct ReportTests {
  @Test(arguments: ["garage", "garage-pi5", "bench"])
  func fitsATerminalAndNamesEverything(_ name: String) throws {
    let site = try SiteFile.load(path: "\(hardware)/sites/\(name).json5", profiles: hardware)
    let lines = site.report()
    for line in lines { #expect(line.count <= 80, "\(line)") }
    let text = lines.joined(separator: "\n")
    for name in site.inputNames + site.outputNames + site.pointNames + site.planNames {
      #expect(text.contains(name), "\(name) is not in the report")
    }
    for reader in site.policy.readers { #expect(text.contains(reader.name)) }
  }

  @Test func longNamesWrap() throws {
    let name = String(repeating: "n", count: 64)
    let site = try load(
      site("gpio: { \(name): { simulated: true } }, inputs: { \(name): { gpio: \"\(name)\", line: 0 } }"))
    for line in site.report() { #expect(line.count <= 80, "\(line)") }
  }

  @Test func saysWhatIsOnTheWire() throws {
    let site = try SiteFile.load(path: "\(hardware)/sites/garage-pi5.json5", profiles: hardware)
    let lines = site.report()
    #expect(lines.contains { $0.contains("lobby.strike") && $0.contains("header line 12, safe off") })
    #expect(lines.contains { $0.contains("lane1.raise") && $0.contains("field unit 1 coil 0, no watchdog") })
    #expect(lines.contains { $0.contains("/dev/gatehouse/rs485-1 38400 8N1") })
  }
}
