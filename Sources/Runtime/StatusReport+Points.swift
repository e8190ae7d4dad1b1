import ControlCore
import Messages
import Site

extension StatusReport {
  func points() -> JSONValue {
    let words = status.doorWords
    return ports.snapshot.read { snapshot in
      .array(
        site.pointNames.enumerated().map { place, name in
          let point = snapshot.points[place]
          var members: [(key: String, value: JSONValue)] = [
            ("name", .string(name)),
            ("kind", .string(ResolvedWiring.kind(of: site.control.points[place]))),
            ("state", .string(FieldNames.state(point.state))),
          ]
          if point.fault != .none {
            members.append(("fault", .string(FieldNames.cause(point.fault))))
            if let advice = FieldNames.advice(point.fault) { members.append(("advice", .string(advice))) }
          }
          members += [
            ("passage", point.passage == 0 ? .null : .string(passageName(point.passage))),
            ("presence", .bool(point.presence)), ("released", .bool(point.released)),
            ("held_open", .bool(point.heldOpen)),
            ("locked_down", .bool(point.lockedDown)), ("out_of_service", .bool(point.outOfService)),
            ("cycles", .integer(Int64(point.cycles))),
            ("since_ms", .integer(Int64(snapshot.at.since(point.since).milliseconds))),
          ]
          if case .door = site.control.points[place] {
            members += access(place, point, words)
          } else {
            members += wear(point)
          }
          return .object(members)
        })
    }
  }

  /// A travel is null while it is learned, or where there was none since the start.
  private func wear(_ point: PointStatus) -> [(key: String, value: JSONValue)] {
    func travel(_ time: Interval) -> JSONValue { time == .zero ? .null : .integer(Int64(time.milliseconds)) }
    return [
      ("reversals", .integer(Int64(point.reversals))), ("tailgates", .integer(Int64(point.tailgates))),
      ("opening_usual_ms", travel(point.openingTravel)), ("opening_last_ms", travel(point.lastOpening)),
      ("closing_usual_ms", travel(point.closingTravel)), ("closing_last_ms", travel(point.lastClosing)),
      ("slow", .bool(point.isSlow)),
    ]
  }
}
