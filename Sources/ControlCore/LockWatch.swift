/// Looks whether a lock does what it was told: the magnet's bond, or the switch on the bolt. Both are on while locked.
struct LockWatch {
  private var doubtSince: Instant?
  private(set) var fault = Cause.none

  @_noLocks init() {}

  /// Every scan. `wanted` is what the sensor should say, absent where nobody can know; `cause` is the fault where it
  /// says something else for the margin.
  @_noLocks
  mutating func follow(
    _ reading: Reading, wanted: Reading, cause: Cause, margin: Interval, _ input: InputIndex?, _ scene: Scene,
    _ events: inout EventBuffer
  ) {
    // A fault stands until its sensor says the contrary: not while it is lost, and not because a grant comes between.
    let isRefuted = fault == .notLocked ? reading.isOn : reading.isOff
    if isRefuted { end(input, scene, &events) }
    guard wanted.isFitted, reading.isOn || reading.isOff, !(reading == wanted) else {
      doubtSince = nil
      return
    }
    guard let since = doubtSince else {
      doubtSince = scene.now
      return
    }
    guard scene.now.since(since) >= margin, !(fault == cause) else { return }
    end(input, scene, &events)
    fault = cause
    scene.tell(.fault, &events, cause: cause, input: input)
  }

  @_noLocks
  mutating func end(_ input: InputIndex?, _ scene: Scene, _ events: inout EventBuffer) {
    guard !(fault == .none) else { return }
    scene.tell(.faultEnded, &events, cause: fault, input: input)
    fault = .none
    doubtSince = nil
  }
}
