@testable import Site

extension FaultTests {
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

  fileprivate static let serial = "buses: { line: { serial: \"/dev/ttyS0\" } }, "

  static let units = [
    Case(
      site(serial + "inputs: { a: { bus: \"line\", unit: 255, table: \"coil\", address: 1 } }"),
      "inputs.a.unit: is 255; must be from 1 to 247, or on TCP also 255"),
    Case(
      site(serial + "devices: { d: { bus: \"line\", unit: 248, profile: \"icpdas-tm\" } }"),
      "devices.d.unit: is 248; must be from 1 to 247"),
    Case(
      door(
        serial
          + "readers: { a: { point: \"lobby\", side: \"in\", kind: \"card\", osdp: { bus: \"line\", address: 3 } }, "
          + "b: { point: \"lobby\", side: \"out\", kind: \"card\", osdp: { bus: \"line\", address: 3 } } }"),
      "readers.b.osdp.address: 3 is reader 'a' on this bus already; must differ"),
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
}
