import AccessPolicy
import ControlCore

extension SiteDescription {
  /// The resolved wiring for people, each line at most 80 columns wide.
  public func report() -> [String] {
    var page = ReportPage()
    page.title("\(gateway.site) / \(gateway.id), time zone \(gateway.timezone)")
    page.row(
      "loop",
      "every \(loop.period.words), priority \(loop.priority), guard after \(loop.guardTime.words) of silence")
    page.row("journal", journal.words)
    if let uplink { page.row("uplink", "\(uplink.broker), batch \(uplink.batch), window \(uplink.window)") }
    reportWires(&page)
    reportPoints(&page)
    reportPolicy(&page)
    if !notes.isEmpty {
      page.title("notes")
      for note in notes { page.row(note.path, note.text) }
    }
    return page.lines
  }

  private func reportPoints(_ page: inout ReportPage) {
    if !pointNames.isEmpty { page.title("points") }
    for (position, name) in pointNames.enumerated() {
      page.row(name, words(control.points[position]) + words(doorModes[position]))
    }
    if !policy.readers.isEmpty { page.title("readers") }
    for (position, reader) in policy.readers.enumerated() {
      page.row(
        reader.name,
        "\(reader.kind) \(reader.side) at \(pointNames[reader.point.position]), \(words(readerWiring[position]))"
      )
    }
    for group in control.interlocks {
      let wait = group.wait == .zero ? "" : ", a grant waits \(group.wait.words)"
      page.row("interlock", "at most \(group.atMost) of \(names(group.points))\(wait)")
    }
    if !control.emergencies.isEmpty { page.title("emergency plans") }
    for (position, plan) in control.emergencies.enumerated() { page.row(planNames[position], words(plan)) }
    let supply = [("mains fail", power.mainsFail), ("battery low", power.batteryLow)]
    for (word, input) in supply where input != nil {
      page.row("power", "\(word)=\(inputNames[input!.position])")
    }
  }

  private func reportPolicy(_ page: inout ReportPage) {
    if !policy.groups.isEmpty { page.title("groups") }
    for group in policy.groups {
      page.row(group.name, "\(policy.schedules[group.schedule].name): \(names(group.points))")
    }
    if !policy.areas.isEmpty { page.title("areas") }
    for area in policy.areas {
      let capacity = area.capacity.map { "up to \($0), " } ?? ""
      page.row(
        area.name,
        "\(capacity)passback \(area.passback.words), in by \(names(area.entries)), out by \(names(area.exits))"
      )
    }
  }

  private func words(_ modes: DoorModes) -> String {
    var text = ""
    if let free = modes.free {
      text += ", free access \(policy.schedules[free.schedule].name)"
      if free.firstPerson { text += " from the first person on" }
      if free.lateStart { text += ", also late" }
    }
    if let office = modes.office {
      text += ", office mode \(policy.schedules[office.schedule].name)"
      if !office.groups.isEmpty {
        text += " by \(office.groups.map { policy.groups[$0].name }.joined(separator: " "))"
      }
    }
    if let propped = modes.propped { text += ", may stand open \(policy.schedules[propped].name)" }
    return text
  }

  private func names(_ points: [PointIndex]) -> String {
    points.isEmpty ? "none" : points.map { pointNames[$0.position] }.joined(separator: " ")
  }
}

extension SiteDescription {
  func words(_ wiring: ReaderWiring) -> String {
    switch wiring {
    case .ingress(let user): user.map { "ingress by user \($0)" } ?? "ingress"
    case .wiegand(let chip, let d0, let d1, let gap, let formats):
      "wiegand \(chips[chip].name) lines \(d0.words) and \(d1.words), gap \(gap.words), \(formats.joined(separator: " "))"
    case .osdp(let bus, let address, let keyFile):
      "osdp \(buses[bus].name) address \(address), key \(keyFile ?? "none")"
    case .serial(let bus): "serial \(buses[bus].name)"
    }
  }

  func words(_ point: PointSetting) -> String {
    func input(_ role: String, _ index: InputIndex?) -> String {
      index.map { " \(role)=\(inputNames[$0.position])" } ?? ""
    }
    func output(_ role: String, _ index: OutputIndex?) -> String {
      index.map { " \(role)=\(outputNames[$0.position])" } ?? ""
    }
    func drive(
      _ style: DriveStyle, _ open: (String, OutputIndex), _ close: (String, OutputIndex)
    ) -> String {
      style == .step ? output("step", open.1) : output(open.0, open.1) + output(close.0, close.1)
    }
    switch point {
    case .barrier(let barrier):
      return "barrier \(barrier.direction) \(barrier.style), travel \(barrier.travel.words), "
        + "auto-close \(barrier.autoClose.orNever)\(between(barrier.holdBetween, barrier.turnBack));"
        + drive(barrier.style, ("raise", barrier.raise), ("lower", barrier.lower))
        + output("red", barrier.red) + output("green", barrier.green)
        + output("sign", barrier.sign) + output("alarm", barrier.alarm)
        + output("sensor_test", barrier.sensorTest) + input("up", barrier.up)
        + input("down", barrier.down)
        + input("arming_loop", barrier.armingLoop) + input("closing_loop", barrier.closingLoop)
        + input("interrupt_loop", barrier.interruptLoop) + input("exit_loop", barrier.exitLoop)
        + input("shadow_loop", barrier.shadowLoop)
        + input("photocell", barrier.photocell)
        + input("detector_fault", barrier.detectorFault) + input("hold_to_close", barrier.holdToClose)
        + input("moving", barrier.moving)
    case .gate(let gate):
      return "gate \(gate.direction) \(gate.style), travel \(gate.travel.words), "
        + "auto-close \(gate.autoClose.orNever) after a warning of \(gate.closingWarning.words)"
        + "\(between(gate.holdBetween, gate.turnBack));"
        + drive(gate.style, ("open", gate.open), ("close", gate.close)) + output("stop", gate.stop)
        + output("warning", gate.warning)
        + output("red", gate.red) + output("green", gate.green)
        + output("sign", gate.sign) + output("alarm", gate.alarm)
        + output("sensor_test", gate.sensorTest) + input("open_limit", gate.openLimit)
        + input("closed_limit", gate.closedLimit) + input("arming_loop", gate.armingLoop)
        + input("closing_loop", gate.closingLoop)
        + input("interrupt_loop", gate.interruptLoop) + input("exit_loop", gate.exitLoop)
        + input("shadow_loop", gate.shadowLoop) + input("photocell", gate.photocell)
        + input("detector_fault", gate.detectorFault) + input("hold_to_close", gate.holdToClose)
        + input("hold_to_open", gate.holdToOpen)
        + input("moving", gate.moving)
        + input("safety_edge", gate.safetyEdge) + input("emergency_stop", gate.emergencyStop)
    case .door(let door):
      return "door fail \(door.fail), relock \(door.relock.words), unlock \(door.unlock.words), "
        + "held open after \(door.held.words);" + output("unlock", door.lock) + input("contact", door.contact)
        + input("passive_contact", door.passiveContact) + input("bond", door.bond)
        + input("lock_position", door.lockPosition) + input("exit_button", door.exitButton)
        + input("tamper", door.tamper)
    case .turnstile(let turnstile):
      return "turnstile \(turnstile.direction) \(turnstile.style), fail \(turnstile.fail), "
        + "entry \(turnstile.entry.words);" + output("release_in", turnstile.releaseIn)
        + output("release_out", turnstile.releaseOut) + output("free", turnstile.free)
        + input("rotation_in", turnstile.rotationIn) + input("rotation_out", turnstile.rotationOut)
        + input("rotation", turnstile.rotation) + input("exit_button", turnstile.exitButton)
        + input("tamper", turnstile.tamper)
    }
  }
}

private func between(_ holdBetween: Bool, _ turnBack: Interval) -> String {
  (holdBetween ? "" : ", closes between vehicles")
    + (turnBack == .zero ? "" : ", turned back after \(turnBack.words)")
}

extension ChipDescription.Source {
  var words: String {
    switch self {
    case .label(let label): "label \(label)"
    case .name(let name): name
    case .simulated: "simulated"
    }
  }
}

extension BusDescription.Link {
  var words: String {
    switch self {
    case .tcp(let host, let port): "tcp \(host.contains(":") ? "[\(host)]" : host):\(port)"
    case .serial(let path, let baud, let parity, let stopBits):
      "\(path) \(baud) 8\(parity.rawValue.prefix(1).uppercased())\(stopBits)"
    }
  }
}

extension Line {
  var words: String {
    switch self {
    case .offset(let offset): "\(offset)"
    case .name(let name): name
    }
  }
}

extension Interval {
  fileprivate var orNever: String { self == .zero ? "never" : words }
}

extension Relock {
  fileprivate var words: String {
    switch self {
    case .onOpen: "on_open"
    case .onClose: "on_close"
    case .onTime: "on_time"
    }
  }
}

extension Passback {
  fileprivate var words: String {
    switch self {
    case .off: "off"
    case .soft: "soft"
    case .hard: "hard"
    case .timed(let time): "timed \(time.words)"
    }
  }
}

extension JournalDescription {
  fileprivate var words: String {
    var words = "\(capacity) records"
    if let capacityBytes { words += ", \(capacityBytes >> 20) MB" }
    words +=
      ", warning at \(Int((warnAt * 100).rounded())) %, commit within \(commitBudget.words)"
    if let keepDays { words += ", kept \(keepDays) days" }
    if let credentialDays { words += ", credentials \(credentialDays) days" }
    return words
  }
}
