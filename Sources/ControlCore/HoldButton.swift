/// A button that a person holds while a leaf moves in sight. Found pressed, or lost and pressed again, it is not pressed.
struct HoldButton {
  private var isArmed = false
  private(set) var isPressed = false
  /// Pressed in this scan.
  private(set) var begins = false

  @_noLocks init() {}

  @_noLocks
  mutating func follow(_ reading: Reading) {
    begins = isArmed && reading.isOn
    isPressed = reading.isOn && (isPressed || begins)
    isArmed = reading.isOff
  }
}
