import Broker
import Messages
import Platform
import Site
import TestSupport
import Testing

@testable import Uplink

@Suite struct NameTests {
  /// A broker ends a connection when another comes under its name, whatever certificate that one has.
  @Test func nobodyCanKnowUnderWhichNameAGatewayConnects() throws {
    let place = try TemporaryDirectory(prefix: "name")
    let text = """
      {
        gateway: { id: "gw-1", site: "riverside", timezone: "UTC" },
        gpio: { bench: { simulated: true } },
        outputs: { "door.strike": { gpio: "bench", line: 18, safe: false } },
        points: { door: { kind: "door", outputs: { unlock: "door.strike" }, fail: "secure", unlock_ms: 400 } },
        readers: { "door.camera": { point: "door", side: "in", kind: "plate" } },
        schedules: { always: {} },
        groups: { residents: { points: ["door"], schedule: "always" } },
        uplink: { broker: "mqtt://127.0.0.1:1883", insecure: true },
      }
      """
    try Files.write(Array(text.utf8), to: "\(place.path)/site.json5")
    let site = try SiteFile.load(path: "\(place.path)/site.json5", profiles: nil)
    let uplink = try #require(site.uplink)
    let names = try (0..<3).map { _ in
      try UplinkProgram.settings(site, uplink, state: place.path, run: place.path).broker.client
    }
    #expect(Set(names).count == 3)
    for name in names {
      #expect(name.hasPrefix("gatehouse-riverside-gw-1-"))
      #expect(Hex.bytes(String(name.dropFirst("gatehouse-riverside-gw-1-".count)))?.count == 8)
    }
  }
}
