extension DoorMachine {
  /// Command against feedback: a shut door that is locked is held; one that is unlocked or released is not.
  @_noLocks
  mutating func followFeedback(_ sight: DoorSight, _ scene: Scene, _ events: inout EventBuffer) {
    let (wanted, cause) = wantedFeedback(sight, scene)
    position.follow(
      sight.lockPosition, wanted: wanted, cause: cause, margin: setting.lockFeedback, setting.lockPosition,
      scene, &events)
    // A magnet holds nothing while the leaf is away from it; a bolt may be thrown then.
    let isAway = bolt == .locked && sight.contact.isOff && !scene.underTest
    bond.follow(
      sight.bond, wanted: isAway ? .off : wanted, cause: isAway ? .sensorStuck : cause,
      margin: setting.lockFeedback, setting.bond, scene, &events)
  }

  @_noLocks
  private func wantedFeedback(_ sight: DoorSight, _ scene: Scene) -> (Reading, Cause) {
    if scene.underTest { return (.absent, .none) }
    guard bolt == .locked else { return (.off, .notUnlocked) }
    let isShut = sight.contact.isOn || !sight.contact.isFitted
    return isShut ? (.on, .notLocked) : (.absent, .none)
  }

  @_noLocks
  mutating func acknowledgeFeedback(_ scene: Scene, _ events: inout EventBuffer) {
    bond.end(setting.bond, scene, &events)
    position.end(setting.lockPosition, scene, &events)
  }

  /// The lock's fault; the magnet's before the bolt's.
  var lockFault: Cause { @_noLocks get { bond.fault == .none ? position.fault : bond.fault } }
}
