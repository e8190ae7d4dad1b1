import ControlCore

/// How the outputs of a barrier or gate tell its drive to move.
struct DriveReading {
  var open: Int
  var close: Int
  var style: DriveStyle
  var answer: StepAnswer
}

extension SiteReader {
  /// Two pulses, two directions of a motor, or the one output of a step-by-step drive.
  mutating func readDrive(
    _ section: Section, _ outputs: Section?, pulsed: (String, String), held: (String, String)
  ) -> DriveReading? {
    let drive = section.choice("drive", ["pulse": DriveStyle.pulse, "held": .held, "step": .step])
    let answer = section.choice(
      "step_while_closing", ["stops": StepAnswer.stops, "opens": .opens, "ignored": .ignored])
    guard let outputs else { return nil }
    let isPulsed = outputs.has(pulsed.0) || outputs.has(pulsed.1)
    let isHeld = outputs.has(held.0) || outputs.has(held.1)
    let isStep = outputs.has("step")
    guard [isPulsed, isHeld, isStep].count(where: { $0 }) == 1 else {
      faults.add(
        outputs.path,
        "must have \(pulsed.0) and \(pulsed.1), or \(held.0) and \(held.1), or step; and one of the three only"
      )
      return nil
    }
    if isStep { return readStep(section, outputs, drive, answer) }
    if section.has("step_while_closing") || drive == .step {
      faults.add(
        section.path.key(drive == .step ? "drive" : "step_while_closing"),
        "is for a drive with one output; must have outputs.step, or be left out")
    }
    if isHeld, drive == .pulse {
      faults.add(
        section.path.key("drive"),
        "a motor must hold while it moves; must be \"held\", or the outputs \(pulsed.0) and \(pulsed.1)")
    }
    let names = isHeld ? held : pulsed
    let open = readOutput(outputs, names.0, .motion, required: true)
    let close = readOutput(outputs, names.1, .motion, required: true)
    guard let open, let close else { return nil }
    let style = drive == .step ? nil : drive
    return DriveReading(open: open, close: close, style: style ?? (isHeld ? .held : .pulse), answer: .stops)
  }

  private mutating func readStep(
    _ section: Section, _ outputs: Section, _ drive: DriveStyle?, _ answer: StepAnswer?
  ) -> DriveReading? {
    if let drive, drive != .step {
      faults.add(section.path.key("drive"), "has one output, step; must be \"step\"")
    }
    if !section.has("step_while_closing") {
      faults.add(
        section.path.key("step_while_closing"),
        "is missing; must say what the operator does with a pulse while it closes: \"stops\", \"opens\", or "
          + "\"ignored\" where it turns round by its own sensors")
    }
    faults.note(
      section.path.key("outputs").key("step"),
      "switch off the operator's own automatic closing; a pulse while it opens must stop it or do nothing")
    guard let step = readOutput(outputs, "step", .motion, required: true) else { return nil }
    return DriveReading(open: step, close: step, style: .step, answer: answer ?? .stops)
  }

  /// Which way the next pulse goes, only the limits tell.
  func checkStep(
    _ section: Section, _ style: DriveStyle, _ inputs: [String: InputIndex], limits: (String, String)
  ) {
    guard style == .step else { return }
    for name in [limits.0, limits.1] where inputs[name] == nil {
      faults.add(
        section.path.key("inputs").key(name),
        "is missing; a step drive must have both limits: nothing else tells which way its next pulse goes")
    }
  }

  /// A pulse may start what it was meant to stop.
  func checkStop(_ section: Section, _ setting: GateSetting) {
    guard setting.style == .step, setting.stop == nil else { return }
    let sensor = setting.emergencyStop != nil ? "emergency_stop" : "safety_edge"
    guard setting.emergencyStop != nil || setting.safetyEdge != nil else { return }
    faults.add(
      section.path.key("outputs").key("stop"),
      "is missing; a step drive with \(sensor) must have an output that stops it, since a pulse may start it")
  }

  /// Letting go of the button must stop the leaf.
  func checkHolding(
    _ section: Section, _ inputs: [String: InputIndex], stops: Bool, _ right: String
  ) {
    for name in ["hold_to_close", "hold_to_open"] where inputs[name] != nil && !stops {
      faults.add(
        section.path.key("inputs").key(name),
        "moves it only while it is held, and nothing stops this drive; must have \(right)")
    }
  }

  /// Who left the arming loop for so long, and was not seen further on, has turned back.
  func readTurnBack(_ section: Section, _ inputs: [String: InputIndex]) -> Interval {
    let isSeen = inputs["closing_loop"] != nil || inputs["photocell"] != nil
    let isPossible = inputs["arming_loop"] != nil && isSeen
    let given = section.duration("turn_back_ms", in: SiteLimits.turnBack)
    if let given, given != .zero, !isPossible {
      faults.add(
        section.durationPath("turn_back_ms"),
        "nobody is seen to turn back; must be 0, or inputs must have arming_loop, and closing_loop or photocell"
      )
    }
    return given ?? (isPossible ? SiteLimits.usualTurnBack : .zero)
  }

  mutating func readSensorTest(
    _ outputs: Section?, of photocell: InputIndex?
  ) -> OutputIndex? {
    guard let outputs, let test = readOutput(outputs, "sensor_test", .harmless) else { return nil }
    if photocell == nil {
      faults.add(
        outputs.path.key("sensor_test"), "tests the photocell and there is none; must have inputs.photocell")
    }
    return OutputIndex(test)
  }

  mutating func readLights(_ outputs: Section?) -> (red: OutputIndex?, green: OutputIndex?) {
    guard let outputs else { return (nil, nil) }
    let red = readOutput(outputs, "red", .harmless)
    let green = readOutput(outputs, "green", .green)
    return (red.map { OutputIndex($0) }, green.map { OutputIndex($0) })
  }

  mutating func readTellers(_ outputs: Section?) -> (sign: OutputIndex?, alarm: OutputIndex?) {
    guard let outputs else { return (nil, nil) }
    let sign = readOutput(outputs, "sign", .harmless)
    let alarm = readOutput(outputs, "alarm", .harmless)
    return (sign.map { OutputIndex($0) }, alarm.map { OutputIndex($0) })
  }
}

extension PointSetting {
  var isStep: Bool {
    switch self {
    case .barrier(let barrier): barrier.style == .step
    case .gate(let gate): gate.style == .step
    case .door, .turnstile: false
    }
  }
}
