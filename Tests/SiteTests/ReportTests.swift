import AccessPolicy
import Testing

@testable import Site

@Suite("Report")
struct ReportTests {
  @Test(arguments: ["garage", "garage-pi5", "operator", "bench"])
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

  /// What registers say, in one place: what `--check` prints of the site with an operator on the bus.
  @Test func saysHowRegistersAreRead() throws {
    let site = try SiteFile.load(path: "\(hardware)/sites/operator.json5", profiles: hardware)
    let text = site.report().map { $0.split(separator: " ").joined(separator: " ") }.joined(separator: " ")
    for part in [
      "arm rs485 unit 1, time-out 300 ms, faults in holding_register 104",
      "lane.up rs485 unit 1 holding_register 102: on at 98..65535, lost at 255",
      "lane.down rs485 unit 1 holding_register 101: on at 17, lost at 0",
      "fire made of active=fire.active normal=fire.normal, debounce 50 ms",
      "off at 4000..6000, on at 1500..3500, cut at 8000..65535, short at 0..900, else lost",
      "lane.raise rs485 unit 1 coil 2, impulse, no watchdog, safe off",
      "lane.red rs485 unit 2 holding_register 1 on 256 off 512, no watchdog, safe on",
      "safe off, followed by lock.aux within 800 ms",
    ] {
      #expect(text.contains(part), "\(part)\nnot in\n\(text)")
    }
  }
}
