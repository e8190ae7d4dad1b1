/// One sensor of a rotor: each change from a good "off" to a good "on" is one rotation.
///
/// A sensor that is lost, or found on, has counted nobody.
struct RotorSensor {
  private var last = Reading.unknown
  private var onSince: Instant?
  private(set) var isStuck = false

  @_noLocks init() {}

  /// True in the scan in which the rotor has turned.
  @_noLocks
  mutating func turned(_ reading: Reading) -> Bool {
    let turned = last.isOff && reading.isOn
    last = reading
    return turned
  }

  /// Told once where it stays on for `stuck`; ended where it is seen off.
  @_noLocks
  mutating func watch(
    _ reading: Reading, _ stuck: Interval, _ input: InputIndex?, _ scene: Scene, _ events: inout EventBuffer
  ) {
    guard reading.isOn else {
      onSince = nil
      guard reading.isOff, isStuck else { return }
      isStuck = false
      scene.tell(.faultEnded, &events, cause: .sensorStuck, input: input)
      return
    }
    guard let since = onSince else {
      onSince = scene.now
      return
    }
    guard scene.now.since(since) >= stuck, !isStuck else { return }
    isStuck = true
    scene.tell(.fault, &events, cause: .sensorStuck, input: input)
  }
}
