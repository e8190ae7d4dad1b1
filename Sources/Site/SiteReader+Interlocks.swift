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
}
