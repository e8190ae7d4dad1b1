@testable import Site

extension FaultTests {
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

  /// A gate with a step drive, and what is wrong with it.
  private static func step(
    _ keys: String = "step_while_closing: \"opens\",", outputs: String = "step: \"up\"",
    inputs: String = "open_limit: \"top\", closed_limit: \"loop\""
  ) -> String {
    site(
      """
      gpio: { chip: { simulated: true } },
      inputs: { loop: { gpio: "chip", line: 0 }, top: { gpio: "chip", line: 1 }, more: { gpio: "chip", line: 2 } },
      outputs: { up: { gpio: "chip", line: 8 }, down: { gpio: "chip", line: 9 } },
      points: { yard: { kind: "gate", auto_close_ms: 0, \(keys) outputs: { \(outputs) }, inputs: { \(inputs) } } },
      """)
  }

  static let drives = [
    Case(
      step(""), "points.yard.step_while_closing: is missing; must say what the operator does with a pulse"),
    Case(
      step("step_while_closing: \"stop\","),
      "points.yard.step_while_closing: is \"stop\"; must be one of \"stops\", \"opens\", \"ignored\""),
    Case(
      step(inputs: "open_limit: \"top\""),
      "points.yard.inputs.closed_limit: is missing; a step drive must have both limits"),
    Case(
      step(inputs: "open_limit: \"top\", closed_limit: \"loop\", emergency_stop: \"more\""),
      "points.yard.outputs.stop: is missing; a step drive with emergency_stop must have an output that stops it"
    ),
    Case(
      step(inputs: "open_limit: \"top\", closed_limit: \"loop\", safety_edge: \"more\""),
      "points.yard.outputs.stop: is missing; a step drive with safety_edge must have an output that stops it"),
    Case(
      step("drive: \"held\", step_while_closing: \"opens\","),
      "points.yard.drive: has one output, step; must be \"step\""),
    Case(
      step(outputs: "step: \"up\", open: \"down\""),
      "points.yard.outputs: must have open and close, or motor_open and motor_close, or step; and one"),
    Case(
      lane("drive: \"step\""), "points.lane.drive: is for a drive with one output; must have outputs.step"),
    Case(
      lane("step_while_closing: \"stops\""),
      "points.lane.step_while_closing: is for a drive with one output; must have outputs.step"),
    Case(
      lane("").replacing("up: \"top\"", with: "hold_to_close: \"top\""),
      "points.lane.inputs.hold_to_close: moves it only while it is held, and nothing stops this drive"),
    Case(
      step(inputs: "open_limit: \"top\", closed_limit: \"loop\", hold_to_open: \"more\""),
      "points.yard.inputs.hold_to_open: moves it only while it is held, and nothing stops this drive"),
    Case(
      lane("turn_back_s: 3"),
      "points.lane.turn_back_s: nobody is seen to turn back; must be 0, or inputs must"),
    Case(lane("hold_between: \"yes\""), "points.lane.hold_between: is a text; must be true or false"),
  ]

  static let points = [
    Case(site("points: { a: {} }"), "points.a.kind: is missing; must be given"),
    Case(
      site("points: { a: { kind: \"bariar\" } }"), "points.a.kind: is \"bariar\"; must be one of \"barrier\""),
    Case(site("points: { a: { kind: \"door\" } }"), "points.a.outputs: is missing; must be given"),
    Case(lane("travel_ms: 1"), "points.lane.travel_ms: is 1 ms; must be from 100 ms to 600 s"),
    Case(lane("entry_s: 86401"), "points.lane.entry_s: is 86401 s; must be from 100 ms to 86400 s"),
    Case(
      lane("", outputs: "raise: \"up\", lower: \"down\", sensor_test: \"emit\"")
        .replacing("line: 9 }", with: "line: 9 }, emit: { gpio: \"chip\", line: 10 }"),
      "points.lane.outputs.sensor_test: tests the photocell and there is none; must have inputs.photocell"),
    Case(lane("drift_percent: 4"), "points.lane.drift_percent: is 4; must be from 5 to 500"),
    Case(lane("stuck_ms: 9999"), "points.lane.stuck_ms: is 9999 ms; must be from 10 s to 86400 s"),
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
    Case(
      lane("", outputs: "raise: \"up\", lower: \"down\", green: \"go\"")
        .replacing("line: 9 }", with: "line: 9 }, go: { gpio: \"chip\", line: 10, safe: true }"),
      "outputs.go.safe: would show points.lane.outputs.green whenever the controller starts or is gone"),
    Case(
      lane("", outputs: "raise: \"up\", lower: \"down\", red: \"up\""),
      "points.lane.outputs.red: output 'up' is points.lane.outputs.raise already"),
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
      door("emergency: { all: { release: [\"lobby\"], points: [\"lobby\"] } }"),
      "emergency.all.points: 'lobby' is released by the same plan"),
    Case(
      door("emergency: { fire: { release: [\"lobby\"], until: \"calm\" } }"),
      "emergency.fire.until: is \"calm\"; must be one of \"reset\", \"input\""),
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

  private static func specialDays(_ count: Int) -> String {
    (0..<count).map { "\"\(2000 + $0)-01-01\": []," }.joined()
  }

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
    Case(
      door("schedules: { s: { special_days: { \"2026-02-29\": [] } } }"),
      "schedules.s.special_days.2026-02-29: is no day of the calendar; must be \"YYYY-MM-DD\""),
    Case(
      door("schedules: { s: { special_days: { \"24.12.2026\": [] } } }"),
      "schedules.s.special_days.24.12.2026: is no day of the calendar"),
    Case(
      door("schedules: { s: { special_days: { \"2026-12-24\": [\"08:00-12\"] } } }"),
      "schedules.s.special_days.2026-12-24[0]: is '08:00-12'; must be \"HH:MM-HH:MM\""),
    Case(
      door("schedules: { s: { special_days: { \"2026-12-24\": [\"08:00-08:00\"] } } }"),
      "schedules.s.special_days.2026-12-24[0]: is '08:00-08:00', which is empty or a whole day"),
    Case(
      door("schedules: { s: { special_days: { \"2026-12-24\": \"closed\" } } }"),
      "schedules.s.special_days.2026-12-24: is a text; must be a list of periods, [] where the day is closed"),
    Case(
      door("schedules: { s: { special_days: [\"2026-12-24\"] } }"),
      "schedules.s.special_days: is a list; must be an object { \"2026-12-24\": [\"08:00-12:00\"] }"),
    Case(
      door(
        "schedules: { s: { special_days: { \"2026-12-24\": [\(String(repeating: "\"08:00-12:00\",", count: 17))] } } }"
      ),
      "schedules.s.special_days.2026-12-24: holds 17 periods; must be at most 16"),
    Case(
      door("schedules: { s: { special_days: { \(specialDays(367)) } } }"),
      "schedules.s.special_days: holds 367 days; must be at most 366"),
    Case(
      door("schedules: { s: { specialdays: {} } }"),
      "schedules.s.specialdays: unknown key; did you mean 'special_days'?"),
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
    Case(site("uplink: { broker: [] }"), "uplink.broker: has 0 addresses; must have 1 to 16"),
    Case(
      site("uplink: { broker: [\"mqtts://hq\", \"hq\"] }"),
      "uplink.broker[1]: is 'hq'; must be mqtts://HOST[:PORT]"),
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
