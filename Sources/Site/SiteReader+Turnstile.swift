import AccessPolicy
import ControlCore

extension SiteReader {
  mutating func readTurnstile(_ section: Section) -> TurnstileSetting? {
    let outputs = section.child("outputs", .turnstileOutputs, required: true)
    let inputs = readInputs(of: section, .turnstileInputs)
    var setting = TurnstileSetting()
    if let outputs {
      setting.releaseIn = readOutput(outputs, "release_in", .lock).map { OutputIndex($0) }
      setting.releaseOut = readOutput(outputs, "release_out", .lock).map { OutputIndex($0) }
      setting.free = readOutput(outputs, "free", .lock).map { OutputIndex($0) }
    }
    setting.direction = readDirection(section)
    setting.fail = section.choice("fail", ["secure": FailMode.secure, "safe": .safe]) ?? .safe
    setting.style = section.choice("drive", ["pulse": DriveStyle.pulse, "held": .held]) ?? .pulse
    setting.rotationIn = inputs["rotation_in"]
    setting.rotationOut = inputs["rotation_out"]
    setting.rotation = inputs["rotation"]
    setting.exitButton = inputs["exit_button"]
    setting.tamper = inputs["tamper"]
    take(section, "pulse_ms", SiteLimits.pulse, &setting.pulse)
    take(section, "entry_ms", SiteLimits.entryOfTurnstile, &setting.entry)
    take(section, "settle_ms", SiteLimits.settle, &setting.settle)
    take(section, "stuck_ms", SiteLimits.stuckRotor, &setting.stuck)
    setting.exitInLockdown = section.flag("exit_in_lockdown") ?? true
    guard let outputs else { return nil }
    check(setting, section, outputs)
    return setting
  }

  private func check(_ setting: TurnstileSetting, _ section: Section, _ outputs: Section) {
    let inputs = section.path.key("inputs")
    if !outputs.has("release_in"), !outputs.has("release_out") {
      faults.add(outputs.path, "releases nobody; must have release_in, release_out or both")
    }
    for (release, key) in [("release_in", "rotation_in"), ("release_out", "rotation_out")]
    where outputs.has(release) && setting.rotation == nil {
      if (key == "rotation_in" ? setting.rotationIn : setting.rotationOut) == nil {
        faults.add(
          inputs.key(key),
          "is missing; must prove the passages of \(release), or inputs must have rotation for both")
      }
    }
    if setting.exitButton != nil, !outputs.has("release_out") {
      faults.add(
        inputs.key("exit_button"), "lets people out and there is no way out; must have outputs.release_out")
    }
    if setting.entry < setting.pulse {
      faults.add(
        section.durationPath("entry_ms"),
        "is \(setting.entry.words); must be at least pulse_ms, \(setting.pulse.words)")
    }
    if !setting.exitInLockdown {
      faults.note(section.path.key("exit_in_lockdown"), "a lockdown shuts people in; not on an escape route")
    }
  }

  /// One release lets one person turn: a second one would have to climb.
  func checkTurnstilePersons() {
    func isTurnstile(_ point: Int) -> Bool {
      guard points.indices.contains(point), case .turnstile = points[point] else { return false }
      return true
    }
    func refuse(_ path: KeyPath, _ point: Int) {
      faults.add(
        path.key("two_person"),
        "\(pointNames.names[point]) is a turnstile, which lets one person through at a time; must be left out, or the point a door"
      )
    }
    for (point, company) in pointCompany.sorted(by: { $0.key < $1.key })
    where company.twoPerson == true && isTurnstile(point) {
      refuse(KeyPath.root.key("points").key(pointNames.names[point]), point)
    }
    for reader in readers where reader.twoPerson && isTurnstile(reader.point.position) {
      let point = reader.point.position
      if pointCompany[point]?.twoPerson != true {
        refuse(KeyPath.root.key("readers").key(reader.name), point)
      }
    }
    for group in groups where group.twoPerson {
      guard let point = group.points.first(where: { isTurnstile($0.position) }) else { continue }
      refuse(KeyPath.root.key("groups").key(group.name), point.position)
    }
  }

  /// A reader that asks for a way that its turnstile has not.
  func checkTurnstileReaders() {
    for reader in readers {
      guard points.indices.contains(reader.point.position),
        case .turnstile(let turnstile)? = points[reader.point.position],
        (reader.side == .in ? turnstile.releaseIn : turnstile.releaseOut) == nil
      else { continue }
      let way = reader.side == .in ? "in" : "out"
      faults.add(
        KeyPath.root.key("readers").key(reader.name).key("side"),
        "is \(way) and \(pointNames.names[reader.point.position]) has no release_\(way)")
    }
  }
}
