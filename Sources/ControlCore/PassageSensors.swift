/// Which inputs the sensors of a lane are, so that an event can name one.
struct LaneInputs {
  var closingLoop: InputIndex?
  var photocell: InputIndex?
  var interruptLoop: InputIndex?
  var shadowLoop: InputIndex?
  var exitLoop: InputIndex?
  var armingLoop: InputIndex?
  var detectorFault: InputIndex?
  var holdToOpen: InputIndex?
  var holdToClose: InputIndex?

  @_noLocks init() {}
}

/// The sensors of a barrier or gate, as far as their work shows whether they can be believed.
struct PassageSensors {
  let inputs: LaneInputs
  /// The photocell has a test output.
  private let isTestable: Bool
  private var watch: SensorWatch
  private(set) var test = SensorTest()
  private var isDetectorTold = false

  @_noLocks
  init(_ inputs: LaneInputs, sensorTest: OutputIndex?, stuck: Interval, settle: Interval) {
    self.inputs = inputs
    watch = SensorWatch(stuck: stuck, settle: settle)
    if let _ = sensorTest, let _ = inputs.photocell {
      isTestable = true
    } else {
      isTestable = false
    }
  }

  var isBlind: Bool { @_noLocks get { watch.isBlind } }
  var stuck: UInt8 { @_noLocks get { watch.stuckBits } }
  /// What is wrong with one of them, as far as anybody knows.
  var failure: Cause {
    @_noLocks get {
      if isDetectorTold { return .detectorFault }
      return watch.isStuck || test.hasFailed ? .sensorStuck : .none
    }
  }

  /// What the machine sees while the photocell is tested; true where the photocell is found not to follow.
  @_noLocks
  mutating func followTest(
    _ lane: inout LaneSensors, isMoving: Bool, _ scene: Scene, _ events: inout EventBuffer
  ) -> Bool {
    let isKnown = test.hasFailed
    let fails = test.follow(lane.photocell, scene.now)
    if fails && !isKnown { scene.tell(.fault, &events, cause: .sensorStuck, input: inputs.photocell) }
    // What moves looks with open eyes.
    if !isMoving { lane.photocell = test.mask(lane.photocell) }
    return fails
  }

  /// All else allows the closing: the photocell is tested first, where it can be. Asked every scan until it has been.
  @_noLocks
  mutating func areTested(_ scene: Scene, _ events: inout EventBuffer) -> Bool {
    guard isTestable else { return true }
    guard test.permits(scene.now) else { return false }
    endTestFailure(scene, &events)
    return true
  }

  /// Every scan. True where the photocell is found blind in this one.
  @_noLocks
  mutating func watch(
    _ lane: LaneSensors, standsOpen: Bool, _ scene: Scene, _ events: inout EventBuffer
  ) -> Bool {
    followDetector(lane.detectorFault, scene, &events)
    return watch.watch(lane, inputs, standsOpen: standsOpen, scene, &events)
  }

  @_noLocks
  private mutating func followDetector(_ fault: Reading, _ scene: Scene, _ events: inout EventBuffer) {
    if fault.isOn && !isDetectorTold {
      isDetectorTold = true
      scene.tell(.fault, &events, cause: .detectorFault, input: inputs.detectorFault)
    } else if fault.isOff && isDetectorTold {
      isDetectorTold = false
      scene.tell(.faultEnded, &events, cause: .detectorFault, input: inputs.detectorFault)
    }
  }

  /// A person has looked at them.
  @_noLocks
  mutating func reset(_ scene: Scene, _ events: inout EventBuffer) {
    endTestFailure(scene, &events)
    watch.reset(inputs, scene, &events)
  }

  @_noLocks
  private mutating func endTestFailure(_ scene: Scene, _ events: inout EventBuffer) {
    guard test.endFailure() else { return }
    scene.tell(.faultEnded, &events, cause: .sensorStuck, input: inputs.photocell)
  }
}
