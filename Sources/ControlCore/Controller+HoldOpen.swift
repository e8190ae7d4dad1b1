// Arms and gates that a plan holds open: opened once, as an operator would open them, and then not closed.
extension Controller {
  /// A hold that begins has not been served yet; one that ends leaves the arm or leaf where it is.
  @_noLocks
  mutating func changeHolds(from before: UInt64) {
    let begun = heldOpen & ~before
    holdServed &= ~begun
    holdRefused &= ~begun
    let ended = before & ~heldOpen
    guard ended != 0 else { return }
    resumingHold &= heldOpen
    for point in 0..<pointCount where ended & UInt64(1) << UInt64(point) != 0 { leaveOpen(point) }
  }

  /// Nothing closes by itself until the point is opened anew.
  @_noLocks
  private mutating func leaveOpen(_ point: Int) {
    switch machines[point] {
    case .none, .door, .turnstile: return
    case .barrier(var machine):
      machine.core.watch.hold()
      machines[point] = .barrier(machine)
    case .gate(var machine):
      machine.core.watch.hold()
      machine.warningSince = nil
      machines[point] = .gate(machine)
    }
  }

  /// A person's reset of the point lets the plan try again.
  @_noLocks
  mutating func retryHold(of point: Int) {
    holdServed &= ~(UInt64(1) << UInt64(point))
  }

  /// Opens what is held and not served yet, as soon as nothing forbids it; what does is told once.
  @_noLocks
  mutating func followHolds(_ now: Instant, _ events: inout EventBuffer) {
    guard heldOpen & ~holdServed != 0 else { return }
    for point in 0..<pointCount {
      let bit = UInt64(1) << UInt64(point)
      guard heldOpen & ~holdServed & bit != 0, !waitsForLimit(point, bit) else { continue }
      let scene = scene(point, now)
      let cause = refusal(of: .open, at: point, scene)
      if cause == .none {
        holdServed |= bit
        obey(.open, at: point, scene, &events)
        noteOpen(point)
      } else if holdRefused & bit == 0 {
        holdRefused |= bit
        scene.tell(.blocked, &events, cause: cause)
      }
    }
  }

  /// A hold from before this start moves only what its limit shows not to be open, and nothing before it is read.
  @_noLocks
  private mutating func waitsForLimit(_ point: Int, _ bit: UInt64) -> Bool {
    guard resumingHold & bit != 0 else { return false }
    let limit = openLimit(of: point)
    if limit.isUnknown { return true }
    resumingHold &= ~bit
    if !limit.isOff { holdServed |= bit }
    return !limit.isOff
  }

  @_noLocks
  private func openLimit(of point: Int) -> Reading {
    switch machines[point] {
    case .none, .door, .turnstile: return .absent
    case .barrier(let machine): return reading(machine.setting.up)
    case .gate(let machine): return reading(machine.setting.openLimit)
    }
  }
}
