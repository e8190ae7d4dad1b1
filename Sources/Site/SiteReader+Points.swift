import ControlCore

/// What an output does to its point, as far as its wiring must know.
enum OutputRole {
  /// Starts or drives a motion.
  case motion
  /// Energises a lock.
  case lock
  /// Invites to drive in.
  case green
  /// Stops or warns: nothing moves by it.
  case harmless
}

extension SiteReader {
  mutating func readPoints() {
    for entry in file.entries("points", of: file.root, limit: Limits.points, kind: "a point") {
      pointNames.append(entry.name)
      let point = readPoint(entry)
      points.append(point)
    }
  }

  private mutating func readPoint(_ entry: NamedNode) -> PointSetting? {
    guard case .object(let members) = entry.node else {
      faults.add(entry.path, "is \(entry.node.kind); must be an object { … }")
      return nil
    }
    let kinds: KeyValuePairs<String, KeyTable> = [
      "barrier": .barrier, "gate": .gate, "door": .door, "turnstile": .turnstile,
    ]
    // The kind decides which keys are known, so it is asked for before them.
    let probe = Section(.object(members.filter { $0.key == "kind" }), entry.path, .barrier, faults)
    guard let table = probe?.choice("kind", kinds, required: true),
      let section = Section(entry.node, entry.path, table, faults)
    else { return nil }
    pointCompany[pointNames.names.count - 1] = readCompany(section)
    switch table.name {
    case KeyTable.barrier.name: return readBarrier(section).map { .barrier($0) }
    case KeyTable.gate.name: return readGate(section).map { .gate($0) }
    case KeyTable.turnstile.name: return readTurnstile(section).map { .turnstile($0) }
    default: return readDoor(section).map { .door($0) }
    }
  }

  private mutating func readBarrier(_ section: Section) -> BarrierSetting? {
    let outputs = section.child("outputs", .barrierOutputs, required: true)
    let drive = readDrive(section, outputs, pulsed: ("raise", "lower"), held: ("motor_up", "motor_down"))
    let inputs = readInputs(of: section, .barrierInputs)
    var setting = BarrierSetting(
      raise: OutputIndex(drive?.open ?? 0), lower: OutputIndex(drive?.close ?? 0))
    setting.direction = readDirection(section)
    setting.style = drive?.style ?? .pulse
    setting.stepAnswer = drive?.answer ?? .stops
    (setting.red, setting.green) = readLights(outputs)
    (setting.sign, setting.alarm) = readTellers(outputs)
    setting.up = inputs["up"]
    setting.down = inputs["down"]
    setting.armingLoop = inputs["arming_loop"]
    setting.closingLoop = inputs["closing_loop"]
    setting.interruptLoop = inputs["interrupt_loop"]
    setting.exitLoop = inputs["exit_loop"]
    setting.shadowLoop = inputs["shadow_loop"]
    setting.photocell = inputs["photocell"]
    setting.detectorFault = inputs["detector_fault"]
    setting.holdToClose = inputs["hold_to_close"]
    setting.moving = inputs["moving"]
    setting.sensorTest = readSensorTest(outputs, of: setting.photocell)
    take(section, "pulse_ms", SiteLimits.pulse, &setting.pulse)
    take(section, "travel_ms", SiteLimits.travel, &setting.travel)
    take(section, "margin_ms", SiteLimits.margin, &setting.margin)
    take(section, "dead_time_ms", SiteLimits.deadTime, &setting.deadTime)
    take(section, "auto_close_ms", SiteLimits.waitOrNever, &setting.autoClose)
    take(section, "entry_ms", SiteLimits.wait, &setting.entry)
    take(section, "settle_ms", SiteLimits.settle, &setting.settle)
    take(section, "stuck_ms", SiteLimits.stuck, &setting.stuck)
    setting.driftPercent = UInt64(section.integer("drift_percent", in: SiteLimits.drift) ?? 0)
    setting.holdBetween = section.flag("hold_between") ?? true
    setting.turnBack = readTurnBack(section, inputs)
    let sees = setting.closingLoop != nil || setting.photocell != nil
    checkAutoClose(section, setting.autoClose, sees: sees, "closing_loop or photocell")
    checkStep(section, setting.style, inputs, limits: ("up", "down"))
    checkHolding(section, inputs, stops: setting.style == .held, "drive \"held\"")
    return drive == nil ? nil : setting
  }

  private mutating func readGate(_ section: Section) -> GateSetting? {
    let outputs = section.child("outputs", .gateOutputs, required: true)
    let drive = readDrive(section, outputs, pulsed: ("open", "close"), held: ("motor_open", "motor_close"))
    let inputs = readInputs(of: section, .gateInputs)
    var setting = GateSetting(
      open: OutputIndex(drive?.open ?? 0), close: OutputIndex(drive?.close ?? 0))
    setting.direction = readDirection(section)
    setting.style = drive?.style ?? .held
    setting.stepAnswer = drive?.answer ?? .stops
    (setting.red, setting.green) = readLights(outputs)
    (setting.sign, setting.alarm) = readTellers(outputs)
    setting.stop = outputs.flatMap { readOutput($0, "stop", .harmless) }.map { OutputIndex($0) }
    setting.warning = outputs.flatMap { readOutput($0, "warning", .harmless) }.map { OutputIndex($0) }
    setting.openLimit = inputs["open_limit"]
    setting.closedLimit = inputs["closed_limit"]
    setting.armingLoop = inputs["arming_loop"]
    setting.closingLoop = inputs["closing_loop"]
    setting.interruptLoop = inputs["interrupt_loop"]
    setting.exitLoop = inputs["exit_loop"]
    setting.shadowLoop = inputs["shadow_loop"]
    setting.photocell = inputs["photocell"]
    setting.detectorFault = inputs["detector_fault"]
    setting.holdToClose = inputs["hold_to_close"]
    setting.moving = inputs["moving"]
    setting.sensorTest = readSensorTest(outputs, of: setting.photocell)
    setting.holdToOpen = inputs["hold_to_open"]
    setting.safetyEdge = inputs["safety_edge"]
    setting.emergencyStop = inputs["emergency_stop"]
    take(section, "pulse_ms", SiteLimits.pulse, &setting.pulse)
    take(section, "travel_ms", SiteLimits.travel, &setting.travel)
    take(section, "margin_ms", SiteLimits.margin, &setting.margin)
    take(section, "dead_time_ms", SiteLimits.deadTime, &setting.deadTime)
    take(section, "closing_warning_ms", SiteLimits.warning, &setting.closingWarning)
    take(section, "auto_close_ms", SiteLimits.waitOrNever, &setting.autoClose)
    take(section, "entry_ms", SiteLimits.wait, &setting.entry)
    take(section, "settle_ms", SiteLimits.settle, &setting.settle)
    take(section, "stuck_ms", SiteLimits.stuck, &setting.stuck)
    setting.driftPercent = UInt64(section.integer("drift_percent", in: SiteLimits.drift) ?? 0)
    setting.holdBetween = section.flag("hold_between") ?? true
    setting.turnBack = readTurnBack(section, inputs)
    take(section, "reversal_ms", SiteLimits.reversal, &setting.reversal)
    let sees = setting.closingLoop != nil || setting.photocell != nil || setting.safetyEdge != nil
    checkAutoClose(section, setting.autoClose, sees: sees, "closing_loop, photocell or safety_edge")
    checkStep(section, setting.style, inputs, limits: ("open_limit", "closed_limit"))
    checkStop(section, setting)
    let stops = setting.style == .held || setting.style == .pulse && setting.stop != nil
    checkHolding(section, inputs, stops: stops, "drive \"held\", or outputs.stop")
    noteGate(section, setting)
    return drive == nil ? nil : setting
  }

  private func noteGate(_ section: Section, _ setting: GateSetting) {
    if setting.autoClose != .zero, setting.closingWarning < SiteLimits.leastClosingWarning {
      faults.note(
        section.durationPath("closing_warning_ms"),
        "is \(setting.closingWarning.words); UL 325 asks for 5 s before a leaf closes by itself")
    }
    if setting.style == .pulse, setting.stop == nil {
      faults.note(section.path.key("outputs"), "no stop output: only the operator itself can end a motion")
    }
  }

  private mutating func readDoor(_ section: Section) -> DoorSetting? {
    let lock = section.child("outputs", .doorOutputs, required: true)
      .flatMap { readOutput($0, "unlock", .lock, required: true) }
    let inputs = readInputs(of: section, .doorInputs)
    var setting = DoorSetting(lock: OutputIndex(lock ?? 0))
    setting.contact = inputs["contact"]
    setting.passiveContact = inputs["passive_contact"]
    setting.bond = inputs["bond"]
    setting.lockPosition = inputs["lock_position"]
    setting.exitButton = inputs["exit_button"]
    setting.tamper = inputs["tamper"]
    setting.fail = section.choice("fail", ["secure": FailMode.secure, "safe": .safe]) ?? .secure
    let relock = section.choice(
      "relock", ["on_open": Relock.onOpen, "on_close": .onClose, "on_time": .onTime])
    setting.relock = relock ?? (setting.contact == nil ? .onTime : .onClose)
    if setting.contact == nil, let relock, relock != .onTime {
      faults.add(
        section.path.key("relock"),
        "follows the contact and there is none; must be \"on_time\", or add inputs.contact")
    }
    take(section, "unlock_ms", SiteLimits.wait, &setting.unlock)
    setting.extendedUnlock = max(setting.extendedUnlock, setting.unlock)
    take(section, "extended_unlock_ms", SiteLimits.wait, &setting.extendedUnlock)
    if setting.extendedUnlock < setting.unlock {
      faults.add(
        section.durationPath("extended_unlock_ms"),
        "is \(setting.extendedUnlock.words); must be at least unlock_ms, \(setting.unlock.words)")
    }
    take(section, "held_ms", SiteLimits.wait, &setting.held)
    setting.heldWarning = min(setting.heldWarning, Interval(nanoseconds: setting.held.nanoseconds / 2))
    take(section, "held_warning_ms", SiteLimits.waitOrNever, &setting.heldWarning)
    if setting.heldWarning >= setting.held {
      faults.add(
        section.durationPath("held_warning_ms"),
        "is \(setting.heldWarning.words); must be shorter than held_ms, \(setting.held.words)")
    }
    take(section, "lock_feedback_ms", SiteLimits.lockFeedback, &setting.lockFeedback)
    setting.exitInLockdown = section.flag("exit_in_lockdown") ?? true
    checkSensors(of: setting, section)
    doorSections.append((pointNames.names.count - 1, section))
    return lock == nil ? nil : setting
  }

  private func checkSensors(of setting: DoorSetting, _ section: Section) {
    let inputs = section.path.key("inputs")
    if setting.passiveContact != nil, setting.contact == nil {
      faults.add(
        inputs.key("passive_contact"), "is the second leaf's and the first has none; must have inputs.contact"
      )
    }
    if setting.bond != nil, setting.fail == .secure {
      faults.add(
        inputs.key("bond"),
        "is a magnet's and the lock stays shut without power; must be fail: \"safe\", or lock_position")
    }
    if !setting.exitInLockdown {
      faults.note(
        section.path.key("exit_in_lockdown"), "a lockdown shuts people in; not on an escape route")
    }
  }

  func take(
    _ section: Section, _ key: String, _ range: ClosedRange<Interval>, _ value: inout Interval
  ) {
    if let given = section.duration(key, in: range) { value = given }
  }

  func readDirection(_ section: Section) -> Side {
    section.choice("direction", ["in": Side.in, "out": .out]) ?? .in
  }

  /// Presence that nothing can see is unknown for ever, and unknown presence holds the closing back.
  private func checkAutoClose(_ section: Section, _ time: Interval, sees: Bool, _ sensors: String) {
    if time != .zero, !sees {
      faults.add(
        section.durationPath("auto_close_ms"),
        "closes by itself and sees nothing below; must be 0, or inputs must have \(sensors)")
    }
  }

  /// The output under a role; it may serve one role of one point only.
  mutating func readOutput(
    _ section: Section, _ key: String, _ role: OutputRole, required: Bool = false
  ) -> Int? {
    guard let name = section.text(key, required: required),
      let output = outputNames.place(of: name, section.path.key(key), faults)
    else { return nil }
    let path = section.path.key(key)
    if let other = outputUse[output] {
      faults.add(path, "output '\(name)' is \(other) already; an output must serve one point and one role")
    } else {
      outputUse[output] = path
      moving.append((output, role, path))
    }
    return output
  }

  mutating func readInputs(of section: Section, _ table: KeyTable) -> [String: InputIndex] {
    var found: [String: InputIndex] = [:]
    guard let inputs = section.child("inputs", table) else { return found }
    for key in table.keys {
      guard let name = inputs.text(key),
        let input = inputNames.place(of: name, inputs.path.key(key), faults)
      else { continue }
      if let other = found.first(where: { $0.value.position == input }) {
        faults.add(inputs.path.key(key), "input '\(name)' is \(other.key) of this point already; must differ")
      }
      found[key] = InputIndex(input)
      inputUsed.insert(input)
    }
    return found
  }
}
