import ControlCore
import Simulation
import Site

/// What a person may do to the played plant, a line each.
struct FieldOrders {
  static let help = """
    orders: car POINT PLATE | rush POINT PLATE | person POINT [out] | leave POINT | force POINT
            set INPUT on|off | cut INPUT | mend INPUT | jam POINT | weld POINT | repair POINT
            lift POINT | edge POINT on|off | stop POINT on|off | show
    """

  let site: SiteDescription
  let field: PlayedField

  /// Nil for an empty line; else what came of it.
  func obey(_ line: String) -> String? {
    let words = line.split(separator: " ").map(String.init)
    guard let order = words.first else { return nil }
    if order == "show" { return show() }
    guard words.count >= 2 else { return Self.help }
    if ["set", "cut", "mend"].contains(order) { return obeyInput(order, words) }
    guard let place = site.pointNames.firstIndex(of: words[1]) else {
      return "no point '\(words[1])'; there are \(site.pointNames.joined(separator: ", "))"
    }
    let point = PointIndex(place)
    let third = words.count > 2 ? words[2] : ""
    return field.withPlant { plant in
      switch order {
      case "car" where !third.isEmpty: plant.arrive(Vehicle(plate: third), at: point)
      case "rush" where !third.isEmpty: plant.arrive(Vehicle(plate: third, intent: .rush), at: point)
      case "person": plant.visit(Person(), at: point, side: third == "out" ? .out : .in)
      case "leave": plant.visit(Person(intent: .leave), at: point)
      case "force": plant.visit(Person(intent: .force), at: point)
      case "jam": plant.setTrouble(.jammed, at: point)
      case "weld": plant.setTrouble(.weldedOpen, at: point)
      case "repair": plant.setTrouble(.none, at: point)
      case "lift": plant.moveByHand(point, to: 0.5)
      case "edge": plant.press(edge: third == "on", at: point)
      case "stop": plant.press(emergencyStop: third == "on", at: point)
      default: return Self.help
      }
      return "\(order) \(words[1])"
    }
  }

  private func obeyInput(_ order: String, _ words: [String]) -> String {
    guard let place = site.inputNames.firstIndex(of: words[1]) else { return "no input '\(words[1])'" }
    let input = InputIndex(place)
    switch order {
    case "cut": field.setSilent(true, unitOf: input)
    case "mend": field.setSilent(false, unitOf: input)
    default:
      guard words.count == 3 else { return Self.help }
      field.withPlant { $0.set(input, words[2] == "on") }
    }
    return words.joined(separator: " ")
  }

  private func show() -> String {
    field.withPlant { plant in
      site.pointNames.indices.map { place in
        let name = site.pointNames[place]
        if let lane = plant.lane(PointIndex(place)) {
          let percent = Int(lane.drive.position * 100)
          return "\(name): \(percent) % open, cars: \(lane.lane.plates.joined(separator: " "))"
        }
        if let turnstile = plant.turnstile(PointIndex(place)) {
          return "\(name): \(turnstile.passedIn) in, \(turnstile.passedOut) out"
        }
        let door = plant.door(PointIndex(place))
        return
          "\(name): \(door?.isOpen == true ? "open" : "shut"), \(door?.isUnlocked == true ? "unlocked" : "locked")"
      }.joined(separator: "\n")
    }
  }
}
