import ControlCore

extension Oracle {
  mutating func watchDoor(_ place: Int, _ door: DoorSetting, _ next: [Bool]) {
    let secure = door.fail == .secure
    let isUnlocked = next[door.lock.position] == secure
    let wasUnlocked = outputs[door.lock.position] == secure
    let released = isReleased(place)
    let exits = door.exitButton.map { inputs[$0.position].isPressed } ?? false
    if released && !isUnlocked { say("a released door is locked", point: place) }
    let waited = isUnlocked && !wasUnlocked && waitedLongEnough(place)
    if isUnlocked && !wasUnlocked && !released && !exits && !points[place].mayUnlock && !waited {
      say("unlocking without a grant, an order, the exit button or a release", point: place)
    }
    if isUnlocked && !wasUnlocked && isLocked(place) && !exits && !points[place].mayUnlock {
      say("a door in lockdown unlocked", point: place)
    }
    points[place].mayUnlock = false
    if exits { points[place].unlockedSince = nil }
    watchTime(place, door, isUnlocked && !released)
    watchLeafOfDoor(place, door, isUnlocked)
  }

  /// Somebody has waited for it at an interlock.
  private mutating func waitedLongEnough(_ place: Int) -> Bool {
    points[place].waiting.removeAll { now >= $0 }
    guard !points[place].waiting.isEmpty else { return false }
    points[place].waiting.removeFirst()
    return true
  }

  /// An unlocked door that nobody opens is locked again in time.
  private mutating func watchTime(_ place: Int, _ door: DoorSetting, _ isUnlocked: Bool) {
    let isShut = door.contact.map { inputs[$0.position].believed == true } ?? true
    if isUnlocked && points[place].isForAll && isLocked(place) {
      say("a door is for all in a lockdown", point: place)
    }
    guard isUnlocked && isShut && !points[place].isForAll else {
      points[place].unlockedSince = nil
      return
    }
    let since = points[place].unlockedSince ?? now
    points[place].unlockedSince = since
    let longest = door.extendedUnlock < door.unlock ? door.unlock : door.extendedUnlock
    if now.since(since) >= longest + .seconds(1) {
      say("a shut door stays unlocked", point: place)
      points[place].unlockedSince = now
    }
  }

  /// A door that stands open too long, or was broken open, must be told.
  private mutating func watchLeafOfDoor(_ place: Int, _ door: DoorSetting, _ isUnlocked: Bool) {
    guard let contact = door.contact else { return }
    guard inputs[contact.position].believed == false, inputs[contact.position].before == false,
      !isReleased(place), !points[place].isPropped
    else {
      points[place].openSince = nil
      // What was told before the contact was lost need not be told again.
      if inputs[contact.position].believed == true { points[place].heldTold = false }
      return
    }
    let since = points[place].openSince ?? now
    points[place].openSince = since
    if now.since(since) >= door.held + .seconds(1), !points[place].heldTold, !points[place].forcedTold {
      say("a door stands open, and nobody was told", point: place)
      points[place].heldTold = true
    }
  }
}
