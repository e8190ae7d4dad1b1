import ControlCore

extension SiteReader {
  mutating func readEmergency() {
    var given: [(plan: Int, precedence: Int, path: KeyPath)] = []
    for entry in file.entries(
      "emergency", of: file.root, limit: Limits.emergencyPlans, kind: "an emergency plan")
    {
      planNames.append(entry.name)
      guard let section = Section(entry.node, entry.path, .plan, faults) else {
        plans.append(EmergencySetting())
        continue
      }
      var plan = readPlan(section, name: entry.name)
      // Those that give no number come after those that do, as they stand.
      plan.precedence = SiteLimits.precedence.upperBound + plans.count
      if let number = section.integer("precedence", in: SiteLimits.precedence) {
        plan.precedence = number
        given.append((plans.count, number, section.path.key("precedence")))
      }
      plans.append(plan)
    }
    checkPrecedence(given)
  }

  /// Fire outranks every other plan, whatever the file says; a file that says otherwise was meant otherwise.
  private func checkPrecedence(_ given: [(plan: Int, precedence: Int, path: KeyPath)]) {
    for (position, one) in given.enumerated() {
      if let twin = given[..<position].first(where: { $0.precedence == one.precedence }) {
        faults.add(one.path, "is \(one.precedence), as of '\(planNames.names[twin.plan])'; must differ")
      }
      guard plans[one.plan].kind == .fire else { continue }
      let others = given.filter { plans[$0.plan].kind != .fire && $0.precedence < one.precedence }
      guard let highest = others.min(by: { $0.precedence < $1.precedence }) else { continue }
      faults.add(
        one.path,
        "is \(one.precedence), and '\(planNames.names[highest.plan])' has \(highest.precedence); fire outranks "
          + "every plan: must be below \(highest.precedence), or left out")
    }
    for (place, plan) in plans.enumerated()
    where plan.kind == .fire && !given.contains(where: { $0.plan == place }) {
      guard let other = plans[..<place].firstIndex(where: { $0.kind != .fire }) else { continue }
      faults.note(
        KeyPath.root.key("emergency").key(planNames.names[place]),
        "stands after '\(planNames.names[other])' and outranks it all the same: it is fire")
    }
  }

  private mutating func readPlan(_ section: Section, name: String) -> EmergencySetting {
    var plan = EmergencySetting()
    readPoints(of: section, &plan)
    plan.kind = kind(of: section, name, plan)
    readCalls(of: section, &plan)
    plan.outputs = readOutputs(of: section)
    plan.reaction = section.duration("react_s", in: SiteLimits.reaction)
    let lists = ["release", "hold_open", "points", "outputs"]
    if !lists.contains(where: { section.has($0) }) {
      faults.add(
        section.path,
        "does nothing; must have release or hold_open (points to open), points (to lock down) or outputs")
    }
    return plan
  }

  private func readPoints(of section: Section, _ plan: inout EmergencySetting) {
    var taken: [Int: String] = [:]
    func points(_ key: String, _ word: String) -> [PointIndex] {
      let found = places(section.texts(key), in: pointNames)
      for point in found {
        if let other = taken[point] {
          faults.add(
            section.path.key(key),
            "'\(pointNames.names[point])' is \(other) by the same plan; must be in one list")
        }
        taken[point] = word
      }
      return found.map { PointIndex($0) }
    }
    plan.release = points("release", "released")
    plan.holdOpen = points("hold_open", "held open")
    plan.lock = points("points", "locked down")
    for (key, list) in [("release", plan.release), ("hold_open", plan.holdOpen)] {
      for point in list where self.points[point.position]?.isStep == true {
        faults.note(
          section.path.key(key),
          "'\(pointNames.names[point.position])' has a step drive: it is opened from a limit only; wire the plan to "
            + "its operator too")
      }
    }
  }

  /// Without `kind` a plan is what its name says, else what it does.
  private func kind(of section: Section, _ name: String, _ plan: EmergencySetting) -> EmergencyKind {
    let words = Self.kinds
    let locksOnly = !plan.lock.isEmpty && plan.release.isEmpty && plan.holdOpen.isEmpty
    let kind =
      section.choice("kind", words) ?? words.first { $0.key == name }?.value
      ?? (locksOnly ? .lockdown : .evacuation)
    if kind == .fire, section.has("points") {
      faults.add(section.path.key("points"), "fire locks nobody in; must be left out, or be another plan")
    }
    return kind
  }

  static var kinds: KeyValuePairs<String, EmergencyKind> {
    [
      "fire": .fire, "evacuation": .evacuation, "lockdown": .lockdown, "flood": .flood, "power": .power,
    ]
  }

  private mutating func readCalls(of section: Section, _ plan: inout EmergencySetting) {
    var texts = section.texts("inputs")
    if let one = section.text("input") { texts.append((one, section.path.key("input"))) }
    if texts.count > Limits.inputsOfPlan {
      faults.add(
        section.path.key("inputs"), "holds \(texts.count) inputs; must be at most \(Limits.inputsOfPlan)")
    }
    let starts = places(texts, in: inputNames)
    inputUsed.formUnion(starts)
    plan.inputs = starts.prefix(Limits.inputsOfPlan).map { InputIndex($0) }
    plan.lostCounts = section.flag("lost_counts") ?? false
    if let after = section.duration("after_s", in: SiteLimits.waitOrNever) { plan.after = after }
    let path = section.durationPath("after_s")
    if plan.after != .zero, plan.kind == .fire {
      faults.add(path, "fire waits for nothing; must be left out")
    } else if plan.after != .zero, texts.isEmpty {
      faults.add(path, "is how long an input must call, and there is none; must have input, or be left out")
    }
    plan.untilInput = section.choice("until", ["reset": false, "input": true] as KeyValuePairs) ?? false
    if plan.untilInput { checkUntilInput(section, plan, hasInput: !texts.isEmpty) }
  }

  /// What ends without a person neither moves nor locks anything by its end.
  private func checkUntilInput(_ section: Section, _ plan: EmergencySetting, hasInput: Bool) {
    let path = section.path.key("until")
    let doors = (plan.release + plan.holdOpen).filter { point in
      switch points[point.position] {
      case .door, .turnstile: true
      case .barrier, .gate, nil: false
      }
    }
    if plan.kind != .power {
      faults.add(path, "only a power plan may end with its input; must be \"reset\"")
    } else if !hasInput {
      faults.add(path, "ends with its input, and there is none; must have input, or be \"reset\"")
    } else if let door = doors.first {
      faults.add(
        path,
        "would lock door '\(pointNames.names[door.position])' without a person; must be \"reset\", or name no door"
      )
    }
  }

  /// Sirens, lamps and signs; plans may share one, and no point may own it.
  private mutating func readOutputs(of section: Section) -> [PlanOutputSetting] {
    var outputs: [PlanOutputSetting] = []
    for entry in file.entries(
      "outputs", of: section, limit: Limits.outputsOfPlan, kind: "an output of a plan")
    {
      guard let keys = Section(entry.node, entry.path, .planOutput, faults),
        let output = outputNames.place(of: entry.name, entry.path, faults)
      else { continue }
      if let other = outputUse[output], !outputsOfPlans.contains(output) {
        faults.add(entry.path, "output '\(entry.name)' is \(other) already; must belong to no point")
        continue
      }
      outputUse[output] = entry.path
      outputsOfPlans.insert(output)
      outputs.append(
        PlanOutputSetting(
          OutputIndex(output), flashes: keys.flag("flashing") ?? false,
          time: keys.duration("for_s", in: SiteLimits.wait) ?? .zero,
          canSilence: keys.flag("can_silence") ?? false))
    }
    return Array(outputs.prefix(Limits.outputsOfPlan))
  }

  mutating func readPower() {
    guard let section = file.root.child("power", .power) else { return }
    func input(_ key: String) -> InputIndex? {
      guard let name = section.text(key),
        let place = inputNames.place(of: name, section.path.key(key), faults)
      else { return nil }
      return InputIndex(place)
    }
    power = PowerDescription(mainsFail: input("mains_fail"), batteryLow: input("battery_low"))
    for input in [power.mainsFail, power.batteryLow].compactMap({ $0 }) { inputUsed.insert(input.position) }
  }
}
