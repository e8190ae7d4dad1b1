import ControlCore

/// What the plans that hold make of one point.
enum Ruling: Equatable {
  case release, holdOpen, lock
}

extension Rig {
  /// By point, as the settings say it: a real plan before a drill, fire before all, then by precedence, then by place.
  func rulings() -> [Int: Ruling] {
    let plans = setting.emergencies
    let holding = plans.indices.filter { emergency($0).active }
    guard !holding.isEmpty else { return [:] }
    let ranks = holding.map { plan in
      (emergency(plan).drill ? 1 : 0, plans[plan].kind == .fire ? 0 : 1, plans[plan].precedence, plan)
    }
    var rulings: [Int: Ruling] = [:]
    for plan in ranks.sorted(by: <).map({ plans[$0.3] }) {
      for (points, ruling) in [
        (plan.release, Ruling.release), (plan.holdOpen, .holdOpen), (plan.lock, .lock),
      ] {
        for point in points.map(\.position) where rulings[point] == nil { rulings[point] = ruling }
      }
    }
    for (point, ruling) in rulings where ruling == .holdOpen {
      switch setting.points[point] {
      case .door, .turnstile: rulings[point] = .release
      case .barrier, .gate: break
      }
    }
    return rulings
  }
}
