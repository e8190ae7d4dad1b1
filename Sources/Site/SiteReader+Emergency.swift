import ControlCore

extension SiteReader {
  mutating func readInterlocks() {
    guard let node = file.root.node("interlocks") else { return }
    let path = KeyPath.root.key("interlocks")
    guard case .list(let list) = node else {
      file.root.wrong("interlocks", node, "a list of groups")
      return
    }
    if list.count > Limits.interlocks {
      faults.add(path, "holds \(list.count) groups; must be at most \(Limits.interlocks)")
    }
    for (position, node) in list.enumerated() {
      let place = path.element(position)
      switch node {
      case .list(let names):
        let group = readGroup(Section.texts(of: names, place, faults), place)
        interlocks.append(InterlockSetting(points: group))
      case .object: readInterlock(node, place)
      default: faults.add(place, "is \(node.kind); must be a list of points or an object { … }")
      }
    }
  }

  /// A group that says more than its points.
  private mutating func readInterlock(_ node: Node, _ place: KeyPath) {
    guard let section = Section(node, place, .interlock, faults) else { return }
    let texts = section.texts("points", required: true)
    var group = InterlockSetting(points: [])
    if section.has("points") { group.points = readGroup(texts, place.key("points")) }
    group.atMost = section.integer("at_most", in: 1...Limits.pointsOfInterlock) ?? 1
    group.wait = section.duration("wait_ms", in: SiteLimits.interlockWait) ?? .zero
    if group.atMost >= max(texts.count, 2) {
      faults.add(
        section.path.key("at_most"),
        "is \(group.atMost) of \(texts.count) points, which locks nothing; must be fewer")
    }
    interlocks.append(group)
  }

  private func readGroup(_ texts: [(text: String, path: KeyPath)], _ place: KeyPath) -> [PointIndex] {
    if !(2...Limits.pointsOfInterlock).contains(texts.count) {
      faults.add(place, "holds \(texts.count) points; must be 2 to \(Limits.pointsOfInterlock)")
    }
    return places(texts, in: pointNames).map { PointIndex($0) }
  }

  mutating func readEmergency() {
    for entry in file.entries(
      "emergency", of: file.root, limit: Limits.emergencyPlans, kind: "an emergency plan")
    {
      planNames.append(entry.name)
      guard let section = Section(entry.node, entry.path, .plan, faults) else { continue }
      plans.append(readPlan(section))
    }
  }

  private mutating func readPlan(_ section: Section) -> EmergencySetting {
    var texts = section.texts("inputs")
    if let one = section.text("input") { texts.append((one, section.path.key("input"))) }
    if texts.count > Limits.inputsOfPlan {
      faults.add(
        section.path.key("inputs"), "holds \(texts.count) inputs; must be at most \(Limits.inputsOfPlan)")
    }
    let starts = places(texts, in: inputNames)
    inputUsed.formUnion(starts)
    let release = places(section.texts("release"), in: pointNames)
    let lock = places(section.texts("points"), in: pointNames)
    if !section.has("release"), !section.has("points") {
      faults.add(section.path, "does nothing; must have release (points to free) or points (to lock down)")
    }
    for point in lock where release.contains(point) {
      faults.add(
        section.path.key("points"),
        "'\(pointNames.names[point])' is released by the same plan; must be in one list")
    }
    _ = section.choice("until", ["reset": true] as KeyValuePairs)
    return EmergencySetting(
      inputs: starts.map { InputIndex($0) }, lostCounts: section.flag("lost_counts") ?? false,
      release: release.map { PointIndex($0) }, lock: lock.map { PointIndex($0) })
  }
}
