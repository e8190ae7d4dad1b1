extension BarrierMachine {
  /// What the machine sees while the photocell is tested. A photocell that does not follow ends all closing by itself.
  @_noLocks
  mutating func followTest(
    _ sight: BarrierSight, _ scene: Scene, _ events: inout EventBuffer
  ) -> BarrierSight {
    var sight = sight
    let isKnown = test.hasFailed
    if test.follow(sight.lane.photocell, scene.now) {
      if !isKnown { scene.tell(.fault, &events, cause: .sensorStuck, input: setting.photocell) }
      watch.hold()
    }
    // What moves looks with open eyes.
    if !actuator.isMoving { sight.lane.photocell = test.mask(sight.lane.photocell) }
    return sight
  }

  /// All else allows the closing: the photocell is tested first, where it can be.
  @_noLocks
  mutating func isTested(_ scene: Scene, _ events: inout EventBuffer) -> Bool {
    guard let _ = setting.sensorTest, let _ = setting.photocell else { return true }
    guard test.permits(scene.now) else { return false }
    endTestFailure(scene, &events)
    return true
  }

  @_noLocks
  mutating func endTestFailure(_ scene: Scene, _ events: inout EventBuffer) {
    guard test.endFailure() else { return }
    scene.tell(.faultEnded, &events, cause: .sensorStuck, input: setting.photocell)
  }
}
