import ControlCore

extension Oracle {
  mutating func watchTurnstile(_ place: Int, _ turnstile: TurnstileSetting, _ next: [Bool]) {
    let released = isReleased(place)
    let (isIn, isOut) = releases(turnstile, next)
    let (wasIn, wasOut) = releases(turnstile, outputs)
    let isFree = turnstile.free.map { next[$0.position] == (turnstile.fail == .secure) } ?? (isIn && isOut)
    if released && !isFree { say("a released turnstile is locked", point: place) }
    if !released && isFree && !inMaintenance { say("a turnstile is free without a release", point: place) }
    let presses = turnstile.exitButton.map { inputs[$0.position].isPressed } ?? false
    if presses { points[place].owed += 1 }
    guard !released else {
      points[place].owed = 0
      return
    }
    for begins in [isIn && !wasIn, isOut && !wasOut] where begins && !inMaintenance {
      points[place].owed -= 1
      if points[place].owed < 0 {
        say("a turnstile lets somebody through without a grant, an order or the exit button", point: place)
        points[place].owed = 0
      }
    }
  }

  private func releases(_ turnstile: TurnstileSetting, _ levels: [Bool]) -> (Bool, Bool) {
    (
      turnstile.releaseIn.map { levels[$0.position] } ?? false,
      turnstile.releaseOut.map { levels[$0.position] } ?? false
    )
  }
}
