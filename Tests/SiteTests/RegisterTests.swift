import ControlCore
import Testing

@testable import Site

/// Signals that hang on whole registers: what is read, and what is refused.
@Suite("Registers")
struct RegisterTests {
  private static func wired(_ signals: String, kind: String = "inputs") -> String {
    site(
      """
      gpio: { chip: { simulated: true } }, buses: { io: { tcp: "h" } },
      devices: {
        arm: { bus: "io", unit: 1, profile: "came-gard-ptx" }, meter: { bus: "io", unit: 2, profile: "eastron-sdm" },
        clone: { bus: "io", unit: 9, profile: "eight-channel-clone" },
      },
      \(kind): { \(signals) },
      """)
  }

  private static let register = "bus: \"io\", unit: 5, table: \"input_register\", address: 7"
  private static let holding = "bus: \"io\", unit: 5, table: \"holding_register\", address: 7"

  struct Reading: Sendable, CustomTestStringConvertible {
    var keys: String
    /// What single numbers say.
    var says: [(UInt16, RegisterReading.Word)]
    var testDescription: String { keys }
  }

  static let readings = [
    Reading(keys: "\(register), equals: 16", says: [(16, .on), (15, .off), (0, .off)]),
    Reading(keys: "\(register), equals: [32, 33]", says: [(32, .on), (33, .on), (34, .off)]),
    Reading(keys: "\(register), at_least: 98", says: [(97, .off), (98, .on), (65_535, .on)]),
    Reading(keys: "\(register), at_most: 2", says: [(0, .on), (2, .on), (3, .off)]),
    Reading(
      keys: "\(register), at_least: 10, at_most: 20, unknown: [0, 15]",
      says: [(10, .on), (20, .on), (21, .off), (15, .lost), (0, .lost)]),
    Reading(
      keys: "\(register), mask: 0xF0, equals: 0x20", says: [(0x2F, .on), (0xFF20, .on), (0x30, .off)]),
    Reading(
      keys: "device: \"arm\", value: \"position\", at_least: 98",
      says: [(100, .on), (97, .off), (255, .lost)]),
    Reading(
      keys: "device: \"arm\", channel: \"OPENED\"", says: [(16, .on), (17, .off), (32, .off), (0, .lost)]),
    Reading(keys: "device: \"arm\", channel: \"MOVING\"", says: [(32, .on), (33, .on), (16, .off)]),
    Reading(keys: "device: \"arm\", channel: \"ERROR\"", says: [(0, .off), (7, .on)]),
    Reading(
      keys: "device: \"clone\", channel: \"RELAY1\"", says: [(0x0100, .on), (0x0200, .off), (1, .lost)]),
    Reading(
      keys: "\(register), supervised: { normal: [400, 600], active: [150, 350], short: [0, 90] }",
      says: [(500, .off), (150, .on), (350, .on), (90, .short), (100, .lost), (900, .lost)]),
  ]

  @Test(arguments: readings)
  func aRegisterIsRead(_ reading: Reading) throws {
    let site = try load(Self.wired("a: { \(reading.keys) }"))
    guard case .modbus(let wire) = site.inputWiring[0], let found = wire.reading else {
      Issue.record("the input reads no whole register")
      return
    }
    for (number, word) in reading.says { #expect(found.word(of: number) == word, "\(number)") }
  }

  @Test func valuesBelowZeroAreTwosComplement() {
    #expect(RegisterReading.registers(-5...3) == [65_531...65_535, 0...3])
    #expect(RegisterReading.registers(-5 ... -2) == [65_531...65_534])
    #expect(RegisterReading.registers(2...3) == [2...3])
  }

  @Test func aBitOfARegisterStays() throws {
    let site = try load(Self.wired("a: { \(Self.register), bit: 3 }"))
    #expect(
      site.inputWiring == [
        .modbus(ModbusInputWiring(bus: 0, unit: 5, table: .inputRegister, address: 7, bit: 3))
      ])
  }

  @Test func anOutputIsWrittenByValues() throws {
    let site = try load(
      Self.wired(
        """
        a: { \(Self.holding), on_value: 1, off_value: 0 }, b: { \(Self.holding), on_value: 2, off_value: 0, impulse: true },
        c: { device: "clone", channel: "RELAY2" }, d: { device: "arm", channel: "STOP" },
        """, kind: "outputs"))
    let wires = site.outputWiring.compactMap { wiring in
      if case .modbus(let wire) = wiring { wire } else { nil }
    }
    #expect(wires.map(\.words?.on) == [1, 2, 0x0100, nil])
    #expect(wires.map(\.words?.off) == [0, 0, 0x0200, nil])
    #expect(wires.map(\.isImpulse) == [false, true, false, true])
  }

  @Test func devicesKeepTheirTimesAndFaults() throws {
    let result = try load(
      site(
        "buses: { io: { tcp: \"h\" } }, devices: { arm: { bus: \"io\", unit: 1, profile: \"came-gard-ptx\", timeout_ms: 800 } }"
      ))
    #expect(
      result.devices == [
        DeviceDescription(
          name: "arm", bus: 0, unit: 1, timeout: .milliseconds(800),
          fault: .init(table: .holdingRegister, address: 104, meanings: [:]))
      ])
  }

  @Test func supervisedInputsAreMadeOfOthers() throws {
    let site = try load(
      Self.wired(
        """
        fire: { made_of: { active: "no", normal: "nc" }, debounce_ms: 50 },
        no: { gpio: "chip", line: 1 }, nc: { gpio: "chip", line: 2 }, t: { gpio: "chip", line: 3 },
        zone: { made_of: { active: "no", cut: "t" } },
        """))
    #expect(
      site.inputWiring[0]
        == .madeOf(InputSources(active: InputIndex(1), normal: InputIndex(2), cut: nil, short: nil)))
    #expect(
      site.inputWiring[4]
        == .madeOf(InputSources(active: InputIndex(1), normal: nil, cut: InputIndex(3), short: nil)))
    #expect(site.control.inputs[0].debounce == .milliseconds(50))
  }

  @Test func anOutputHasAFeedback() throws {
    let site = try load(
      door(doorKeys: "").replacing(
        "strike: { gpio: \"chip\", line: 8 }",
        with: "strike: { gpio: \"chip\", line: 8, feedback: \"fire\", feedback_ms: 300 }"))
    #expect(
      site.outputFeedback == [OutputFeedback(input: InputIndex(1), within: .milliseconds(300))])
  }

  static let faultsOfInputs: [FaultTests.Case] = [
    .init(
      wired("a: { \(register), equals: 1, bit: 2 }"),
      "inputs.a: reads one register in two ways; must be one of bit, equals, at_least and at_most, supervised"
    ),
    .init(wired("a: { \(register), equals: 1, at_least: 2 }"), "inputs.a: reads one register in two ways"),
    .init(wired("a: { \(register), equals: 65536 }"), "inputs.a.equals: is 65536; must be from 0 to 65535"),
    .init(wired("a: { \(register), equals: [] }"), "inputs.a.equals: holds 0 values; must be 1 to 16"),
    .init(
      wired("a: { \(register), equals: [1, \"2\"] }"), "inputs.a.equals[1]: is a text; must be a whole number"
    ),
    .init(
      wired("a: { \(register), at_least: 9, at_most: 3 }"),
      "inputs.a.at_most: is 3; must not be less than at_least, 9"),
    .init(
      wired("a: { \(register), mask: 0xF0, equals: 3 }"),
      "inputs.a.equals: 3 can never be; must lie within the mask 240"),
    .init(
      wired("a: { \(register), equals: 3, active_low: true }"),
      "inputs.a.active_low: the values of a register say what is true; must be left out"),
    .init(
      wired("a: { bus: \"io\", unit: 1, table: \"coil\", address: 0, equals: 1 }"),
      "inputs.a.equals: a coil is one bit already"),
    .init(wired("a: { gpio: \"chip\", line: 1, equals: 1 }"), "inputs.a.equals: does not belong to a signal"),
    .init(
      wired("a: { \(register), supervised: { normal: [1, 5] } }"),
      "inputs.a.supervised.active: is missing; must be given"),
    .init(
      wired("a: { \(register), supervised: { normal: [1, 5], active: [5, 9] } }"),
      "inputs.a.supervised.active: overlaps normal; every value must be in one band"),
    .init(
      wired("a: { \(register), supervised: { normal: [5, 1], active: [6, 9] } }"),
      "inputs.a.supervised.normal: is a list; must be [low, high], two whole numbers"),
    .init(
      wired("a: { device: \"arm\", value: \"positon\", equals: 1 }"),
      "inputs.a.value: 'came-gard-ptx' has no value 'positon'; did you mean 'position'?"),
    .init(
      wired("a: { device: \"meter\", value: \"power\", at_least: 1 }"),
      "inputs.a.value: 'power' is no number of one register; must be of type uint16 or int16"),
    .init(
      wired("a: { device: \"arm\", value: \"position\" }"),
      "inputs.a.bit: is missing; must be given, or another"),
    .init(
      wired("a: { device: \"arm\", value: \"position\", mask: 7, equals: 1 }"),
      "inputs.a.mask: the value has numbers that say nothing; must be left out"),
    .init(
      wired("a: { device: \"arm\", channel: \"OPENED\", equals: 3 }"),
      "inputs.a.equals: the profile says how its channels are read and written"),
    .init(wired("a: { device: \"arm\" }"), "inputs.a.channel: must be given, or value; one of the two"),
    .init(
      wired("a: { made_of: { active: \"b\" } }, b: { gpio: \"chip\", line: 1 }"),
      "inputs.a.made_of: must have normal, the opposite contact of a pair, or cut and short"),
    .init(
      wired("a: { made_of: { active: \"b\", normal: \"b\" } }, b: { gpio: \"chip\", line: 1 }"),
      "inputs.a.made_of: names an input twice"),
    .init(
      wired("a: { made_of: { active: \"b\", normal: \"a\" } }, b: { gpio: \"chip\", line: 1 }"),
      "inputs.a.made_of: 'a' has no wire itself; must be an input that has"),
    .init(
      wired(
        "a: { made_of: { active: \"b\", normal: \"c\" }, line: 4 }, b: { gpio: \"chip\", line: 1 }, "
          + "c: { gpio: \"chip\", line: 2 }"),
      "inputs.a.line: an input that is made of others has no wire; must be left out"),
    .init(
      wired("a: { made_of: { active: \"b\", normal: \"c\" } }, b: { gpio: \"chip\", line: 1 }"),
      "inputs.a.made_of.normal: there is no input 'c'"),
  ]

  static let faultsOfOutputs: [FaultTests.Case] = [
    .init(
      wired("a: { \(holding) }", kind: "outputs"),
      "outputs.a.bit: is missing; must be given, or on_value and off_value"),
    .init(
      wired("a: { \(holding), on_value: 1 }", kind: "outputs"),
      "outputs.a: must have both on_value and off_value, and the table holding_register"),
    .init(
      wired("a: { \(holding), on_value: 1, off_value: 1 }", kind: "outputs"),
      "outputs.a.off_value: is 1, like on_value; must differ"),
    .init(
      wired("a: { \(holding), on_value: 1, off_value: 0, bit: 3 }", kind: "outputs"),
      "outputs.a.bit: the register is written whole; must be left out"),
    .init(
      wired("a: { \(holding), on_value: 1, off_value: 0, active_low: true }", kind: "outputs"),
      "outputs.a.active_low: the values of a register say what is true"),
    .init(
      wired("a: { \(holding), on_value: 1, off_value: 0, impulse: true, safe: true }", kind: "outputs"),
      "outputs.a.safe: an impulse cannot be held; must be false"),
    .init(
      wired(
        "a: { \(holding), on_value: 1, off_value: 0 }, b: { \(holding), on_value: 1, off_value: 0 }",
        kind: "outputs"),
      "outputs.b: is on the wire of output 'a', holding_register 7.0 of unit 5 on io; must have a wire of its own, "
        + "or another on_value and the same off_value"),
    .init(
      wired(
        "a: { \(holding), on_value: 1, off_value: 0 }, b: { \(holding), on_value: 2, off_value: 4 }",
        kind: "outputs"), "outputs.b: is on the wire of output 'a'"),
    .init(
      wired("a: { \(holding), on_value: 1, off_value: 0 }, b: { \(holding), bit: 9 }", kind: "outputs"),
      "outputs.b: is on the wire of output 'a', holding_register 7.9 of unit 5 on io; must have a wire of its own"
    ),
    .init(
      wired("a: { device: \"arm\", channel: \"OPENED\" }", kind: "outputs"),
      "outputs.a.channel: 'OPENED' of 'came-gard-ptx' is read by its value, an input; must be an output"),
    .init(
      wired("a: { device: \"meter\", value: \"power\", on_value: 1, off_value: 0 }", kind: "outputs"),
      "outputs.a.value: 'power' is no number of one register"),
    .init(
      wired("a: { gpio: \"chip\", line: 1, feedback: \"x\" }", kind: "outputs"),
      "outputs.a.feedback: there is no input 'x'"),
    .init(
      wired("a: { gpio: \"chip\", line: 1, feedback_ms: 100 }", kind: "outputs"),
      "outputs.a.feedback_ms: belongs to feedback, which is not given; must be left out"),
  ]

  @Test(arguments: faultsOfInputs + faultsOfOutputs)
  func aWrongRegisterIsOneFault(_ wrong: FaultTests.Case) {
    let found = faults(wrong.text)
    #expect(found.contains { $0.contains(wrong.fault) }, "\(found)")
    #expect(found.count == 1, "\(found)")
  }
}
