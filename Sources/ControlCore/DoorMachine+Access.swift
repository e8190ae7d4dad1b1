extension DoorMachine {
  /// A mode that unlocks is refused as a grant is; ending one never is.
  @_noLocks
  func refusal(of access: DoorAccess, _ scene: Scene) -> Cause {
    access == .controlled ? .none : scene.refusalOfGrant()
  }

  /// Follows an order that ``refusal(of:_:)`` had nothing against.
  @_noLocks
  mutating func enter(_ next: DoorAccess, _ scene: Scene, _ events: inout EventBuffer) {
    guard !(next == access) else { return }
    endAccess(.none, scene, &events)
    guard !(next == .controlled) else { return }
    access = next
    scene.tell(next == .free ? .freeAccess : .officeMode, &events)
    unlock(next.cause, for: .zero, 0, scene, &events)
  }

  /// The door is anybody's no more; a grant's own time still runs to its end.
  @_noLocks
  mutating func endAccess(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    guard holdsUnlocked else { return }
    scene.tell(access == .free ? .freeAccessEnded : .officeModeEnded, &events, cause: cause)
    access = .controlled
  }

  /// No held alarm while it is propped open; the time for it begins anew behind that.
  @_noLocks
  mutating func prop(_ on: Bool, _ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    guard on != isPropped else { return }
    isPropped = on
    scene.tell(on ? .propped : .proppedEnded, &events, cause: cause)
    heldFrom = scene.now
    warned = false
    guard isHeld else { return }
    isHeld = false
    scene.tell(.heldEnded, &events, passage: passage, value: scene.now.since(openedAt).milliseconds)
  }

  /// Unlocked for all, whatever the last grant's time.
  var holdsUnlocked: Bool { @_noLocks get { !(access == .controlled) } }
}

extension DoorAccess {
  var cause: Cause {
    @_noLocks get {
      switch self {
      case .controlled: .none
      case .free: .freeAccess
      case .office: .officeMode
      }
    }
  }
}
