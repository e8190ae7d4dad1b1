import ControlCore
import Testing

@testable import Site

@Suite("Faults")
struct FaultTests {
  /// Ten kinds of fault in one file: ten lines, none hides another, none causes a second.
  @Test func tenFaultsGiveTenLines() {
    let text = """
      {
        gateway: { id: "gw 1", site: "test", timezone: "Asia/Shangai" },
        loop: { period_us: 40000, priority: 80, guard_ms: 500 },
        gpio: { chip: { simulated: true } },
        buses: { io: { tcp: "127.0.0.1:5020" } },
        inputs: {
          contact: { gpio: "chip", line: 0, debounce: 20 },
          button: { gpio: "chip", line: 9, active_low: "yes" },
          fire: { gpio: "chipp", line: 2 },
        },
        outputs: {
          strike: { gpio: "chip", line: 8 },
          raise: { bus: "io", unit: 1, table: "coil", address: 0 },
          lower: { bus: "io", unit: 1, table: "coil", address: 0, accept_no_watchdog: true },
        },
        points: {
          lobby: { kind: "door", outputs: { unlock: "strike" }, inputs: { contact: "contact" } },
          lane: { kind: "barrier", outputs: { raise: "raise", lower: "lower" }, auto_close_ms: 0 },
          second: { kind: "door", outputs: { unlock: "strike" } },
        },
        readers: { card: { point: "lobby", side: "in" } },
      }
      """
    let lines = faults(text)
    let expected = [
      "site.json5: gateway.id: is 'gw 1'; must be 1 to 64 of",
      "site.json5: gateway.timezone: there is no zone 'Asia/Shangai' in /usr/share/zoneinfo; did you mean 'Asia/Shanghai'?",
      "site.json5: loop.period_us: is 40000 us; must be from 250 us to 20 ms",
      "site.json5: inputs.contact.debounce: unknown key; did you mean 'debounce_ms'?",
      "site.json5: inputs.button.active_low: is a text; must be true or false",
      "site.json5: inputs.fire.gpio: there is no gpio chip 'chipp'; did you mean 'chip'?",
      "site.json5: points.second.outputs.unlock: output 'strike' is points.lobby.outputs.unlock already; an output must serve",
      "site.json5: outputs.lower: is on the wire of output 'raise', coil 0 of unit 1 on io; must have a wire of its own",
      "site.json5: outputs.raise: moves points.lane.outputs.raise and its board does not switch off by itself",
      "site.json5: readers.card.kind: is missing; must be given",
    ]
    for line in expected { #expect(lines.contains { $0.hasPrefix(line) }, "\(line)\nnot in\n\(lines)") }
    #expect(lines.count == 10, "\(lines.joined(separator: "\n"))")
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var fault: String
    var testDescription: String { fault }

    init(_ text: String, _ fault: String) {
      self.text = text
      self.fault = fault
    }
  }

  /// One fault a file: exactly one line, and it begins like this.
  @Test(arguments: FaultTests.cases)
  func oneFaultGivesOneLine(_ example: Case) {
    let lines = faults(example.text)
    #expect(lines.count == 1, "\(lines.joined(separator: "\n"))")
    #expect(lines.first?.hasPrefix("site.json5: \(example.fault)") == true, "\(lines)")
  }

  static let cases: [Case] =
    syntax + gateway + wires + units + signals + drives + points + readers + policy + services
}
