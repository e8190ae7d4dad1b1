import FoundationEssentials
import Testing

@testable import Site

/// Where this checkout keeps its hardware folder.
let hardware: String = {
  let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().path
  return "/" + file.split(separator: "/").dropLast(3).joined(separator: "/") + "/hardware"
}()

/// Loads a site from text; profiles come from the checkout.
func load(_ text: String) throws(SiteFaults) -> SiteDescription {
  try SiteFile.read(Array(text.utf8), path: "site.json5", profiles: hardware)
}

/// The faults of a site, each as its line.
func faults(_ text: String) -> [String] {
  do {
    _ = try load(text)
    return []
  } catch {
    return error.faults.map(\.description)
  }
}

/// A gateway block, and what is added to it.
func site(_ rest: String) -> String {
  "{ gateway: { id: \"gw-1\", site: \"test\", timezone: \"Asia/Shanghai\" },\n\(rest)\n}"
}

/// A door on a simulated chip, and what is added to it.
func door(_ rest: String = "", doorKeys: String = "") -> String {
  site(
    """
    gpio: { chip: { simulated: true } },
    inputs: { contact: { gpio: "chip", line: 0 }, fire: { gpio: "chip", line: 1 } },
    outputs: { strike: { gpio: "chip", line: 8 } },
    points: { lobby: { kind: "door", outputs: { unlock: "strike" }, inputs: { contact: "contact" }, \(doorKeys) } },
    \(rest)
    """)
}
