/// The keys that one kind of object may hold. What is read, what is refused and what the page tells come from here.
struct KeyTable: Sendable {
  /// The heading on the page: `gateway`, `points (barrier)`.
  let name: String
  let keys: [String]
  /// Keys of a length of time with the unit in which the page gives them; `_us`, `_ms` and `_s` are all read.
  let durations: [String]

  init(_ name: String, _ keys: [String], durations: [String] = []) {
    self.name = name
    self.keys = keys
    self.durations = durations
  }

  static let units: [(suffix: String, nanoseconds: UInt64)] = [
    ("_us", 1_000), ("_ms", 1_000_000), ("_s", 1_000_000_000),
  ]

  /// `travel` for `travel_ms`.
  static func base(of duration: String) -> String {
    for unit in units where duration.hasSuffix(unit.suffix) {
      return String(duration.dropLast(unit.suffix.count))
    }
    preconditionFailure("\(duration) has no unit")
  }

  func knows(_ key: String) -> Bool {
    keys.contains(key)
      || durations.contains { duration in
        KeyTable.units.contains { Self.base(of: duration) + $0.suffix == key }
      }
  }

  var all: [String] { keys + durations }
}

extension KeyTable {
  static let root = KeyTable(
    "top level",
    [
      "gateway", "loop", "gpio", "buses", "devices", "inputs", "outputs", "points", "readers", "schedules",
      "holidays", "groups", "areas", "interlocks", "emergency", "power", "journal", "uplink", "profiles",
    ])
  static let gateway = KeyTable("gateway", ["id", "site", "timezone", "board"])
  static let loop = KeyTable("loop", ["priority"], durations: ["period_us", "guard_ms"])
  static let chip = KeyTable("gpio", ["label", "name", "simulated", "board"])
  static let bus = KeyTable(
    "buses", ["tcp", "serial", "baud", "parity", "stop_bits"], durations: ["timeout_ms", "poll_ms"])
  static let device = KeyTable(
    "devices", ["bus", "unit", "profile", "accept_no_watchdog"], durations: ["watchdog_ms", "timeout_ms"])
  static let input = KeyTable(
    "inputs",
    [
      "gpio", "line", "pin", "bias", "bus", "unit", "table", "address", "bit", "device", "channel", "value",
      "equals", "at_least", "at_most", "mask", "unknown", "supervised", "made_of", "active_low",
    ],
    durations: ["debounce_ms", "stale_ms"])
  static let supervised = KeyTable("supervised of an input", ["normal", "active", "cut", "short"])
  static let sources = KeyTable("made_of of an input", ["active", "normal", "cut", "short"])
  static let output = KeyTable(
    "outputs",
    [
      "gpio", "line", "pin", "bus", "unit", "table", "address", "bit", "device", "channel", "value",
      "on_value", "off_value", "impulse", "active_low", "safe", "accept_no_watchdog", "feedback",
    ], durations: ["feedback_ms"])

  static let barrier = KeyTable(
    "points, kind barrier",
    [
      "kind", "direction", "outputs", "inputs", "drive", "step_while_closing", "hold_between",
      "drift_percent", "factors", "two_person",
    ],
    durations: [
      "pulse_ms", "travel_ms", "margin_ms", "dead_time_ms", "auto_close_ms", "entry_ms", "settle_ms",
      "stuck_ms", "turn_back_ms",
    ])
  static let barrierOutputs = KeyTable(
    "outputs of a barrier",
    ["raise", "lower", "motor_up", "motor_down", "step", "red", "green", "sign", "alarm", "sensor_test"])
  static let barrierInputs = KeyTable(
    "inputs of a barrier",
    [
      "up", "down", "arming_loop", "closing_loop", "interrupt_loop", "exit_loop", "shadow_loop", "photocell",
      "detector_fault", "hold_to_close", "moving",
    ])
  static let gate = KeyTable(
    "points, kind gate",
    [
      "kind", "direction", "outputs", "inputs", "drive", "step_while_closing", "hold_between",
      "drift_percent", "factors", "two_person",
    ],
    durations: [
      "pulse_ms", "travel_ms", "margin_ms", "dead_time_ms", "closing_warning_ms", "auto_close_ms", "entry_ms",
      "settle_ms",
      "reversal_ms", "stuck_ms", "turn_back_ms",
    ])
  static let gateOutputs = KeyTable(
    "outputs of a gate",
    [
      "open", "close", "motor_open", "motor_close", "step", "stop", "warning", "red", "green", "sign",
      "alarm",
      "sensor_test",
    ])
  static let gateInputs = KeyTable(
    "inputs of a gate",
    [
      "open_limit", "closed_limit", "arming_loop", "closing_loop", "interrupt_loop", "exit_loop",
      "shadow_loop",
      "photocell", "detector_fault", "hold_to_close", "hold_to_open", "moving", "safety_edge",
      "emergency_stop",
    ])
  static let door = KeyTable(
    "points, kind door",
    [
      "kind", "outputs", "inputs", "fail", "relock", "exit_in_lockdown", "free_access", "office",
      "propped_open", "factors", "two_person",
    ],
    durations: ["unlock_ms", "extended_unlock_ms", "held_ms", "held_warning_ms", "lock_feedback_ms"])
  static let doorOutputs = KeyTable("outputs of a door", ["unlock"])
  static let doorInputs = KeyTable(
    "inputs of a door",
    [
      "contact", "passive_contact", "bond", "lock_position", "exit_button", "tamper",
    ])

  static let turnstile = KeyTable(
    "points, kind turnstile",
    [
      "kind", "direction", "outputs", "inputs", "drive", "fail", "exit_in_lockdown", "factors", "two_person",
    ],
    durations: ["pulse_ms", "entry_ms", "settle_ms", "stuck_ms"])
  static let turnstileOutputs = KeyTable("outputs of a turnstile", ["release_in", "release_out", "free"])
  static let turnstileInputs = KeyTable(
    "inputs of a turnstile", ["rotation_in", "rotation_out", "rotation", "exit_button", "tamper"])
  static let freeAccess = KeyTable("free_access of a door", ["schedule", "first_person", "late_start"])
  static let office = KeyTable("office of a door", ["schedule", "groups"], durations: ["window_ms"])
  static let proppedOpen = KeyTable("propped_open of a door", ["schedule"])

  static let reader = KeyTable(
    "readers",
    [
      "point", "side", "kind", "match", "min_confidence", "source_user", "wiegand", "osdp", "serial",
      "factors",
      "two_person", "lockout_after",
    ],
    durations: ["hold_off_ms", "second_within_s", "lockout_s"])
  static let wiegand = KeyTable(
    "wiegand of a reader", ["gpio", "d0", "d1", "d0_pin", "d1_pin", "formats"], durations: ["frame_gap_ms"])
  static let osdp = KeyTable("osdp of a reader", ["bus", "address", "key_file", "formats"])
  static let serialReader = KeyTable("serial of a reader", ["bus"])

  static let schedule = KeyTable(
    "schedules", ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holidays", "special_days"])
  static let group = KeyTable(
    "groups", ["points", "schedule", "untrusted_clock", "passes_lockdown", "factors", "two_person"])
  static let area = KeyTable(
    "areas", ["capacity", "entries", "exits", "passback", "within", "first_in", "quotas"],
    durations: ["passback_s"])
  static let quota = KeyTable("quotas of an area", ["holder", "group"])
  static let interlock = KeyTable("interlocks", ["points", "at_most"], durations: ["wait_ms"])
  static let plan = KeyTable(
    "emergency",
    [
      "kind", "precedence", "input", "inputs", "lost_counts", "release", "hold_open", "points", "outputs",
      "until",
    ],
    durations: ["after_s", "react_s"])
  static let planOutput = KeyTable(
    "outputs of an emergency plan", ["flashing", "can_silence"], durations: ["for_s"])
  static let power = KeyTable("power", ["mains_fail", "battery_low"])
  static let journal = KeyTable(
    "journal", ["capacity", "capacity_mb", "keep_days", "credential_days", "warn_at"],
    durations: ["commit_budget_ms"])
  static let uplink = KeyTable(
    "uplink",
    ["broker", "ca_file", "cert_file", "key_file", "hq_public_key", "insecure", "batch", "window"])

  static let deviceProfile = KeyTable(
    "device profile",
    [
      "name", "maker", "model", "source", "verify", "unit", "serial", "channels", "values", "watchdog",
      "fault",
    ])
  static let profileSerial = KeyTable("serial of a device profile", ["baud", "parity", "stop_bits"])
  static let channel = KeyTable(
    "channels of a device profile",
    [
      "table", "address", "value", "bit", "equals", "at_least", "at_most", "mask", "unknown", "on", "off",
      "impulse", "label",
    ])
  static let value = KeyTable(
    "values of a device profile", ["table", "address", "type", "unit", "meanings", "unknown"])
  static let watchdog = KeyTable(
    "watchdog of a device profile",
    ["enable_coil", "timeout_register", "safe_coil", "power_on_coil"], durations: ["count_ms", "timeout_ms"])
  static let boardProfile = KeyTable("board profile", ["name", "label", "chip", "source", "verify", "pins"])
  static let pin = KeyTable("pins of a board profile", ["line", "name", "power", "note"])

  /// All that a site file and the profiles may hold.
  static let everything: [KeyTable] = [
    root, gateway, loop, chip, bus, device, input, supervised, sources, output, barrier, barrierOutputs,
    barrierInputs, gate, gateOutputs, gateInputs, door, doorOutputs, doorInputs, freeAccess, office,
    proppedOpen, turnstile, turnstileOutputs, turnstileInputs, reader, wiegand, osdp, serialReader, schedule,
    group, area, quota, interlock, plan, planOutput, power, journal, uplink, deviceProfile, profileSerial,
    channel,
    value, watchdog,
    boardProfile,
    pin,
  ]
}
