/// A vehicle on the exit loop that has not been let out yet.
///
/// Only a good "off" followed by a good "on" is a vehicle: a loop that is lost, or found covered, opens nothing.
struct ExitWish {
  private var isArmed = false
  private(set) var stands = false
  private var isTold = false

  @_noLocks init() {}

  @_noLocks
  mutating func follow(_ loop: Reading) {
    guard loop.isOn else {
      isArmed = loop.isOff
      stands = false
      return
    }
    if isArmed {
      stands = true
      isTold = false
    }
    isArmed = false
  }

  @_noLocks
  mutating func end() {
    stands = false
  }

  /// Refused: told once. What passes by itself is waited for; after all else the vehicle must come anew.
  @_noLocks
  mutating func refuse(_ cause: Cause, _ scene: Scene, _ events: inout EventBuffer) {
    if !isTold { scene.tell(.blocked, &events, cause: cause, side: .out) }
    isTold = true
    if !(cause == .interlock || cause == .alreadyBusy) { stands = false }
  }
}
