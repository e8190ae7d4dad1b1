import ControlCore

extension Oracle {
  /// Of a group at most so many are opened; what a plan opened counts for nothing, and neither does what was forced
  /// or is not known to be shut, except that it holds the others back.
  mutating func watchInterlocks(_ next: [Bool]) {
    for group in setting.interlocks {
      for point in group.points where begins(point.position, next) && !isReleased(point.position) {
        let others = group.points.filter {
          $0 != point && !isReleased($0.position) && (isGiven($0.position, next) || isAjar($0.position))
        }
        if others.count >= group.atMost {
          say("opened although \(others.count) of its interlock are open", point: point.position)
        }
      }
    }
  }

  /// A door or turnstile that was locked and shut, and is not any more by its output.
  private func begins(_ place: Int, _ next: [Bool]) -> Bool {
    switch setting.points[place] {
    case .door, .turnstile: isGiven(place, next) && !isGiven(place, outputs) && !isAjar(place)
    case .barrier, .gate: false
    }
  }

  private func isGiven(_ place: Int, _ levels: [Bool]) -> Bool {
    switch setting.points[place] {
    case .door(let door): levels[door.lock.position] == (door.fail == .secure)
    case .turnstile(let turnstile):
      [turnstile.releaseIn, turnstile.releaseOut].contains { $0.map { levels[$0.position] } ?? false }
    case .barrier(let barrier): levels[barrier.raise.position]
    case .gate(let gate): levels[gate.open.position]
    }
  }

  /// Not seen to be shut, in this scan and the one before: the lock may fall in the scan in which the door shuts.
  private func isAjar(_ place: Int) -> Bool {
    switch setting.points[place] {
    case .door(let door):
      [door.contact, door.passiveContact].contains {
        $0.map { inputs[$0.position].believed != true } ?? false
      }
    case .turnstile: false
    case .barrier(let barrier): barrier.down.map { inputs[$0.position].believed != true } ?? false
    case .gate(let gate): gate.closedLimit.map { inputs[$0.position].believed != true } ?? false
    }
  }
}
