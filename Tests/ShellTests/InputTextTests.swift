import Messages
import Testing

@testable import Shell

/// An input in the words of the person before the wire.
@Suite struct InputTextTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var quality: String
    var state: String
    var problem: String?
    var testDescription: String { quality }
  }

  static let cases = [
    Case(quality: "good", state: "good", problem: nil),
    Case(
      quality: "bad", state: "no signal", problem: "fire: no signal since 12 s (io unit 3 input register 0)"),
    Case(quality: "unknown", state: "never read", problem: "fire: never read (io unit 3 input register 0)"),
    Case(quality: "cut", state: "wire cut", problem: "fire: wire cut (io unit 3 input register 0)"),
    Case(quality: "short", state: "wire short", problem: "fire: wire short (io unit 3 input register 0)"),
  ]

  @Test(arguments: cases)
  func aQualityIsAWord(_ wanted: Case) {
    let input: JSONValue = [
      "name": "fire", "level": false, "quality": .string(wanted.quality),
      "wiring": "io unit 3 input_register 0",
      "age_ms": 12_000,
    ]
    #expect(InputText.state(input) == wanted.state)
    let problems = StatusText.problems(.object([]), .array([input]))
    #expect(problems == [wanted.problem].compactMap { $0 })
  }

  @Test func theRegisterStandsBesideTheWire() {
    let plain: JSONValue = ["wiring": "io unit 1 coil 2"]
    #expect(InputText.wire(plain) == "io unit 1 coil 2")
    let number: JSONValue = ["wiring": "io unit 1 holding_register 102", "register": 57]
    #expect(InputText.wire(number) == "io unit 1 holding_register 102 = 57")
    let status: JSONValue = ["wiring": "io unit 1 holding_register 101", "register": 16, "meaning": "open"]
    #expect(InputText.wire(status) == "io unit 1 holding_register 101 = 16 open")
  }
}
