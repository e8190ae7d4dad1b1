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

  static let cases: [Case] = syntax + gateway + wires + signals + points + readers + policy + services

  static let syntax = [
    Case("", "line 1, column 1: the file ends where a value should stand"),
    Case("{ a: 1", "line 1, column 7: expected a comma or } after the value of 'a'"),
    Case("{\n  gateway {", "line 2, column 11: expected a colon after the key 'gateway'"),
    Case("{ gateway: { id: gw } }", "line 1, column 18: 'gw' is not a value; a text stands in quotes"),
    Case("{ a: \"x\n\" }", "line 1, column 6: this text has no closing quote on its line"),
    Case("{ a: 'x", "line 1, column 6: this text has no closing quote"),
    Case("{ /* a: 1 }", "line 1, column 3: this comment has no end; close it with */"),
    Case("{ a: [1 2] }", "line 1, column 9: expected a comma or ] in the list"),
    Case("{} {}", "line 1, column 4: expected the end of the file"),
    Case("[1]", "is a list; must be an object { … }"),
    Case(String(repeating: "[", count: 5_000), "line 1, column 34: nested deeper than 32"),
    Case(
      site("gpio: { c: { simulated: true } },\ngpio: {}"),
      "gpio: stands a second time in line 3; keep one, or rename one"),
    Case(
      site(
        "inputs: { a: { gpio: \"c\", line: 1 }, a: { gpio: \"c\", line: 2 } }, gpio: { c: { simulated: true } }"
      ),
      "inputs.a: stands a second time in line 2"),
  ]

  static let gateway = [
    Case("{}", "gateway: is missing; must be given"),
    Case("{ gateway: 5 }", "gateway: is a number; must be an object { … }"),
    Case(
      "{ gateway: { id: \"a\", site: \"b\", timezone: \"../passwd\" } }",
      "gateway.timezone: there is no zone '../passwd'"),
    Case("{ gateway: { id: \"a\", timezone: \"UTC\" } }", "gateway.site: is missing; must be given"),
    Case(
      "{ gateway: { id: \"a\", site: \"b/#\", timezone: \"UTC\" } }",
      "gateway.site: is 'b/#'; must be 1 to 64"),
    Case(site("loop: { period_us: 100 }"), "loop.period_us: is 100 us; must be from 250 us to 20 ms"),
    Case(site("loop: { period_ms: 20 }"), "loop.guard_ms: is 50 ms; must be at least 4 periods, 80 ms"),
    Case(
      site("loop: { period_ms: 2, period_us: 2000 }"),
      "loop.period_us: the time is given twice (period_us and period_ms); keep one"),
    Case(site("loop: { priority: 100 }"), "loop.priority: is 100; must be from 1 to 99"),
    Case(site("loop: { priority: 8.5 }"), "loop.priority: is a number; must be a whole number from 1 to 99"),
    Case(site("loop: { priority: 1-2 }"), "loop.priority: is not a number that can be read; must be a whole"),
    Case(
      site("loop: { guard_ms: NaN }"), "loop.guard_ms: is not a number that can be read; must be a number"),
    Case(site("barriers: {}"), "barriers: unknown key; "),
    Case(site("reader: {}"), "reader: unknown key; did you mean 'readers'?"),
  ]

  static let wires = [
    Case(site("gpio: { c: {} }"), "gpio.c: names no chip; must have label, name, board or simulated: true"),
    Case(
      site("gpio: { c: { label: \"a\", simulated: true } }"),
      "gpio.c: is named in 2 ways; must be one of label, name, simulated: true"),
    Case(
      site("gpio: { c: { board: \"raspberry-pi-6\" } }"),
      "gpio.c.board: there is no file boards/raspberry-pi-6.json5; did you mean 'raspberry-pi-4'?"),
    Case(
      site("gpio: { \"a b\": { simulated: true } }"), "gpio.a b: cannot name a gpio chip; the name must be of"
    ),
    Case(site("buses: { io: {} }"), "buses.io: must have one of tcp: \"HOST:PORT\" and serial: \"/dev/…\""),
    Case(site("buses: { io: { tcp: \"h:70000\" } }"), "buses.io.tcp: is 'h:70000'; must be HOST:PORT"),
    Case(
      site("buses: { io: { tcp: \"h\", baud: 9600 } }"),
      "buses.io.baud: belongs to a serial line; must be left out with tcp"),
    Case(
      site("buses: { io: { serial: \"/dev/ttyS0\", baud: 9601 } }"),
      "buses.io.baud: is 9601; must be one of 1200"),
    Case(
      site("buses: { io: { serial: \"/dev/ttyS0\", parity: \"eve\" } }"),
      "buses.io.parity: is \"eve\"; must be one of \"none\", \"even\", \"odd\"; did you mean \"even\"?"),
    Case(
      site("buses: { a: { serial: \"/dev/ttyS0\" }, b: { serial: \"/dev/ttyS0\" } }"),
      "buses.b.serial: /dev/ttyS0 is bus 'a' already"),
    Case(
      site("buses: { io: { tcp: \"h\" } }, devices: { d: { bus: \"oi\", unit: 1, profile: \"icpdas-tm\" } }"),
      "devices.d.bus: there is no bus 'oi'; did you mean 'io'?"),
    Case(
      site(
        "buses: { io: { tcp: \"h\" } }, devices: { d: { bus: \"io\", unit: 256, profile: \"icpdas-tm\" } }"),
      "devices.d.unit: is 256; must be from 1 to 255"),
    Case(
      site("buses: { io: { tcp: \"h\" } }, devices: { d: { bus: \"io\", unit: 1, profile: \"icpdas\" } }"),
      "devices.d.profile: there is no file devices/icpdas.json5; did you mean 'icpdas-tm'?"),
    Case(
      site("buses: { io: { tcp: \"h\" } }, devices: { d: { bus: \"io\", unit: 1, profile: \"../x\" } }"),
      "devices.d.profile: '../x' cannot be a profile"),
    Case(
      site(
        "buses: { io: { tcp: \"h\" } }, devices: { d: { bus: \"io\", unit: 1, profile: \"waveshare-relay-8ch\", watchdog_ms: 500 } }"
      ),
      "devices.d.watchdog_ms: 'waveshare-relay-8ch' has no watchdog; must be left out"),
    Case(
      site(
        "buses: { io: { tcp: \"h\" } }, devices: { d: { bus: \"io\", unit: 1, profile: \"icpdas-tm\" }, e: { bus: \"io\", unit: 1, profile: \"icpdas-tm\" } }"
      ),
      "devices.e.unit: unit 1 of this bus is device 'd' already; must differ"),
  ]

  private static func wired(_ signals: String, kind: String = "inputs") -> String {
    site(
      """
      gpio: { header: { board: "raspberry-pi-5" }, chip: { simulated: true } },
      buses: { io: { tcp: "h" } },
      devices: {
        relays: { bus: "io", unit: 1, profile: "waveshare-relay-8ch-d" },
        clone: { bus: "io", unit: 9, profile: "eight-channel-clone" },
      },
      \(kind): { \(signals) },
      """)
  }

  static let signals = [
    Case(
      wired("a: {}"), "inputs.a: is not wired; must have one of gpio + line, bus + unit + address, device"),
    Case(
      wired("a: { gpio: \"chip\", line: 1, bus: \"io\" }"),
      "inputs.a: is wired twice, by gpio and bus; must have"),
    Case(wired("a: { gpio: \"chip\" }"), "inputs.a.line: must be given, or pin on a known board"),
    Case(wired("a: { gpio: \"chip\", line: 512 }"), "inputs.a.line: is 512; must be from 0 to 511"),
    Case(wired("a: { gpio: \"chip\", line: \"17\" }"), "inputs.a.line: \"17\" in quotes is a line's name"),
    Case(wired("a: { gpio: \"chip\", pin: 11 }"), "inputs.a.pin: chip 'chip' has no board; must have board:"),
    Case(
      wired("a: { gpio: \"header\", pin: 1 }"),
      "inputs.a.pin: pin 1 of raspberry-pi-5 carries 3.3 V; must be one of 3, 5, 7"),
    Case(wired("a: { gpio: \"header\", pin: 41 }"), "inputs.a.pin: pin 41 of raspberry-pi-5 has no line"),
    Case(
      wired("a: { gpio: \"chip\", line: 1, debounce_ms: 401 }"),
      "inputs.a.debounce_ms: is 401 ms; must be from 0 to 400 ms"),
    Case(
      wired("a: { gpio: \"chip\", line: 1, stale_ms: 100 }"),
      "inputs.a.stale_ms: a GPIO line is read in every scan"),
    Case(
      wired("a: { gpio: \"chip\", line: 1, unit: 1 }"),
      "inputs.a.unit: does not belong to a signal wired by gpio"),
    Case(
      wired("a: { gpio: \"chip\", line: 1 }, b: { gpio: \"chip\", line: 1 }"),
      "inputs.b: is on the wire of input 'a', line 1 of chip"),
    Case(
      wired("a: { bus: \"io\", unit: 1, table: \"coils\", address: 0 }"),
      "inputs.a.table: is \"coils\"; must be one of"),
    Case(
      wired("a: { bus: \"io\", unit: 1, table: \"coil\", address: 65536 }"),
      "inputs.a.address: is 65536; must be from 0"),
    Case(
      wired("a: { bus: \"io\", unit: 1, table: \"coil\", address: 0, bit: 1 }"),
      "inputs.a.bit: a coil is one bit already"),
    Case(
      wired("a: { bus: \"io\", unit: 1, table: \"input_register\", address: 0 }"),
      "inputs.a.bit: is missing; must be given"),
    Case(
      wired("a: { bus: \"io\", unit: 1, table: \"coil\", address: 0, bias: \"pull_up\" }"),
      "inputs.a.bias: only a GPIO line has one"),
    Case(
      wired("a: { device: \"relay\", channel: \"DI1\" }"),
      "inputs.a.device: there is no device 'relay'; did you mean 'relays'?"),
    Case(
      wired("a: { device: \"relays\", channel: \"DI9\" }"),
      "inputs.a.channel: 'waveshare-relay-8ch-d' has no channel 'DI9'; did you mean 'DI1'?"),
    Case(
      wired("a: { bus: \"io\", unit: 1, table: \"discrete_input\", address: 0 }", kind: "outputs"),
      "outputs.a.table: a discrete_input cannot be written; must be coil or holding_register"),
    Case(
      wired("a: { device: \"relays\", channel: \"DI1\" }", kind: "outputs"),
      "outputs.a.channel: 'DI1' of 'waveshare-relay-8ch-d' is a discrete_input, an input; must be an output"),
    Case(
      wired("a: { device: \"clone\", channel: \"RELAY1\" }", kind: "outputs"),
      "outputs.a.channel: 'RELAY1' of 'eight-channel-clone' is switched by register values"),
    Case(
      wired("a: { gpio: \"chip\", line: 1, accept_no_watchdog: true }", kind: "outputs"),
      "outputs.a.accept_no_watchdog: the guard drives a GPIO line to its safe level"),
    Case(
      wired("a: { gpio: \"chip\", line: 1 } }, inputs: { b: { gpio: \"chip\", line: 1 }", kind: "outputs"),
      "inputs.b: is on the wire of output 'a', line 1 of chip; must have a wire of its own"),
    Case(
      wired(
        "a: { device: \"relays\", channel: \"RELAY1\" }, b: { bus: \"io\", unit: 1, table: \"coil\", address: 0 }",
        kind: "outputs"),
      "outputs.b: is on the wire of output 'a', coil 0 of unit 1 on io"),
  ]

  private static func lane(
    _ keys: String, outputs: String = "raise: \"up\", lower: \"down\"", more: String = ""
  ) -> String {
    site(
      """
      gpio: { chip: { simulated: true } },
      inputs: { loop: { gpio: "chip", line: 0 }, top: { gpio: "chip", line: 1 } },
      outputs: { up: { gpio: "chip", line: 8 }, down: { gpio: "chip", line: 9 } },
      points: { lane: { kind: "barrier", outputs: { \(outputs) }, inputs: { closing_loop: "loop", up: "top" }, \(keys) } },
      \(more)
      """)
  }

  static let points = [
    Case(site("points: { a: {} }"), "points.a.kind: is missing; must be given"),
    Case(
      site("points: { a: { kind: \"bariar\" } }"), "points.a.kind: is \"bariar\"; must be one of \"barrier\""),
    Case(site("points: { a: { kind: \"door\" } }"), "points.a.outputs: is missing; must be given"),
    Case(lane("travel_ms: 1"), "points.lane.travel_ms: is 1 ms; must be from 100 ms to 600 s"),
    Case(lane("entry_s: 86401"), "points.lane.entry_s: is 86401 s; must be from 100 ms to 86400 s"),
    Case(lane("auto_close_ms: -1"), "points.lane.auto_close_ms: is -1 ms; must be from 0 to 86400 s"),
    Case(
      lane("direction: \"inn\""), "points.lane.direction: is \"inn\"; must be one of \"in\", \"out\"; did you"
    ),
    Case(lane("unlock_ms: 1000"), "points.lane.unlock_ms: unknown key"),
    Case(lane("", outputs: "raise: \"up\""), "points.lane.outputs.lower: is missing; must be given"),
    Case(
      lane("", outputs: "raise: \"up\", lower: \"up\""),
      "points.lane.outputs.lower: output 'up' is points.lane.outputs.raise already"),
    Case(
      lane("", outputs: "raise: \"up\", motor_down: \"down\""),
      "points.lane.outputs: must have raise and lower, or motor_up and motor_down"),
    Case(
      lane("drive: \"pulse\"", outputs: "motor_up: \"up\", motor_down: \"down\""),
      "points.lane.drive: a motor must hold while it moves"),
    Case(
      lane("").replacing("closing_loop: \"loop\", ", with: ""),
      "points.lane.auto_close_ms: closes by itself and sees nothing below; must be 0"),
    Case(
      lane("").replacing("up: \"top\"", with: "up: \"loop\""),
      "points.lane.inputs.closing_loop: input 'loop' is up of this point already; must differ"),
    Case(
      lane("").replacing("line: 8", with: "line: 8, safe: true"),
      "outputs.up.safe: would move points.lane.outputs.raise whenever the controller starts or is gone"),
    Case(lane("", more: "interlocks: [[\"lane\"]]"), "interlocks[0]: holds 1 points; must be 2 to 8"),
    Case(
      lane("", more: "interlocks: [[\"lane\", \"lame\"]]"),
      "interlocks[0][1]: there is no point 'lame'; did you mean 'lane'?"),
    Case(
      lane("", more: "interlocks: [[\"lane\", \"lane\"]]"),
      "interlocks[0][1]: 'lane' stands in this list already"),
    Case(
      door(doorKeys: "held_ms: 5000, held_warning_ms: 5000"),
      "points.lobby.held_warning_ms: is 5 s; must be shorter than held_ms, 5 s"),
    Case(
      door(doorKeys: "unlock_ms: 5000, extended_unlock_ms: 4000"),
      "points.lobby.extended_unlock_ms: is 4 s; must be at least unlock_ms, 5 s"),
    Case(
      door(doorKeys: "fail: \"open\""), "points.lobby.fail: is \"open\"; must be one of \"secure\", \"safe\""),
    Case(
      door(doorKeys: "relock: \"on_open\"").replacing("contact: \"contact\"", with: ""),
      "points.lobby.relock: follows the contact and there is none"),
    Case(
      door("emergency: { fire: { input: \"fier\", release: [\"lobby\"] } }"),
      "emergency.fire.input: there is no input 'fier'; did you mean 'fire'?"),
    Case(door("emergency: { fire: { input: \"fire\" } }"), "emergency.fire: does nothing; must have release"),
    Case(
      door("emergency: { fire: { release: [\"lobby\"], points: [\"lobby\"] } }"),
      "emergency.fire.points: 'lobby' is released by the same plan"),
    Case(
      door("emergency: { fire: { release: [\"lobby\"], until: \"calm\" } }"),
      "emergency.fire.until: is \"calm\"; must be one of \"reset\""),
    Case(
      door("emergency: { fire: { release: \"lobby\" } }"),
      "emergency.fire.release: is a text; must be a list [ … ]"),
  ]

  private static func reader(_ keys: String) -> String {
    door(
      "buses: { io: { tcp: \"h\" }, line: { serial: \"/dev/ttyS0\" } }, readers: { r: { point: \"lobby\", side: \"in\", \(keys) } }"
    )
  }

  static let readers = [
    Case(reader("kind: \"card\", point2: 1"), "readers.r.point2: unknown key; did you mean 'point'?"),
    Case(reader("kind: \"cart\""), "readers.r.kind: is \"cart\"; must be one of"),
    Case(
      reader("kind: \"card\", match: \"tolerant\""), "readers.r.match: only a plate can be matched tolerantly"
    ),
    Case(
      reader("kind: \"plate\", min_confidence: 80"), "readers.r.min_confidence: is 80.0; must be from 0 to 1"),
    Case(reader("kind: \"card\", min_confidence: 0.5"), "readers.r.min_confidence: a card has no confidence"),
    Case(
      reader("kind: \"card\", wiegand: {}, osdp: {}"),
      "readers.r: is wired by wiegand and osdp; must be wired by one"),
    Case(
      reader("kind: \"card\", wiegand: { gpio: \"chip\", d0: 1, d1: 3 }"),
      "readers.r.wiegand.d0: is on the wire of input 'fire', line 1 of chip"),
    Case(
      reader("kind: \"card\", wiegand: { gpio: \"chip\", d0: 2, d1: 3, formats: [\"H10303\"] }"),
      "readers.r.wiegand.formats[0]: there is no card format 'H10303'; did you mean"),
    Case(
      reader("kind: \"card\", wiegand: { gpio: \"chip\", d0: 2, d1: 3, formats: [\"H10302\", \"H10304\"] }"),
      "readers.r.wiegand.formats: H10302 and H10304 have the same bits and parity"),
    Case(
      reader("kind: \"plate\", wiegand: { gpio: \"chip\", d0: 2, d1: 3 }"),
      "readers.r.kind: a wiegand reader cannot read a plate"),
    Case(
      reader("kind: \"card\", osdp: { bus: \"line\", address: 127 }"),
      "readers.r.osdp.address: is 127; must be from 0 to 126"),
    Case(
      reader("kind: \"qr\", serial: { bus: \"io\" }"),
      "readers.r.serial.bus: bus 'io' is Modbus TCP; must be a serial line"),
    Case(
      reader("kind: \"qr\", serial: { bus: \"line\" }, source_user: \"x\""),
      "readers.r.source_user: a serial reader does not speak"),
    Case(
      reader("kind: \"card\", osdp: { bus: \"line\", address: 1 }")
        .replacing(
          "line: 1 } }", with: "line: 1 }, x: { bus: \"line\", unit: 1, table: \"coil\", address: 1 } }"),
      "buses.line: is used by inputs.x and by readers.r.osdp, which speak different protocols"),
  ]

  static let policy = [
    Case(
      door("schedules: { s: { mon: [\"8:00-12:00\"] } }"),
      "schedules.s.mon[0]: is '8:00-12:00'; must be \"HH:MM-HH:MM\""),
    Case(
      door("schedules: { s: { mon: [\"08:00-24:01\"] } }"), "schedules.s.mon[0]: is '08:00-24:01'; must be"),
    Case(
      door("schedules: { s: { mon: [\"08:00-08:00\"] } }"),
      "schedules.s.mon[0]: is '08:00-08:00', which is empty or a whole day"),
    Case(door("schedules: { s: { monday: [] } }"), "schedules.s.monday: unknown key; "),
    Case(door("holidays: { \"2026-02-29\": \"x\" }"), "holidays.2026-02-29: is no day of the calendar"),
    Case(
      door("holidays: { \"2026-02-28\": 1 }"), "holidays.2026-02-28: is a number; must be the holiday's name"),
    Case(
      door("schedules: { always: {} }, groups: { g: { points: [\"loby\"], schedule: \"always\" } }"),
      "groups.g.points[0]: there is no point 'loby'; did you mean 'lobby'?"),
    Case(
      door("schedules: { always: {} }, groups: { g: { points: [\"lobby\"], schedule: \"allways\" } }"),
      "groups.g.schedule: there is no schedule 'allways'; did you mean 'always'?"),
    Case(
      door("groups: { g: { points: [], schedule: \"always\" } }"),
      "groups.g.schedule: there is no schedule 'always'; no schedule is defined"),
    Case(
      door("areas: { a: { entries: [\"lobby\"], passback: \"timed\" } }"),
      "areas.a.passback_s: is missing; must be given where"),
    Case(
      door("areas: { a: { entries: [\"lobby\"], passback: \"hard\", passback_s: 60 } }"),
      "areas.a.passback_s: must be left out unless"),
    Case(
      door("areas: { a: { entries: [\"lobby\"], capacity: 0, exits: [\"lobby\"] } }"),
      "areas.a.capacity: is 0; must be from 1 to"),
    Case(
      door("areas: { a: { entries: [\"lobby\"], capacity: 5 } }"),
      "areas.a.exits: is missing; must name a point"),
  ]

  static let services = [
    Case(site("journal: { capacity: 10 }"), "journal.capacity: is 10; must be from 1000 to 100000000"),
    Case(site("journal: { warn_at: 1.5 }"), "journal.warn_at: is 1.5; must be from 0 to 1"),
    Case(site("uplink: {}"), "uplink.broker: is missing; must be given"),
    Case(site("uplink: { broker: \"hq:8883\" }"), "uplink.broker: is 'hq:8883'; must be mqtts://HOST[:PORT]"),
    Case(site("uplink: { broker: \"mqtt://hq\" }"), "uplink.broker: is without encryption; must be mqtts://"),
    Case(
      site("uplink: { broker: \"mqtts://hq\", cert_file: \"x\" }"),
      "uplink.key_file: is missing; cert_file and key_file"),
    Case(
      site("uplink: { broker: \"mqtts://hq\", hq_public_key: \"ed25519:AAAA\" }"),
      "uplink.hq_public_key: is not a key; must be ed25519:"),
    Case(
      site("uplink: { broker: \"mqtts://hq\", window: 65 }"), "uplink.window: is 65; must be from 1 to 64"),
  ]
}
