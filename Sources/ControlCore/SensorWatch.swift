/// Looks for what a presence sensor that works does not do: stay covered for too long, or miss the vehicle that
/// another sensor saw.
///
/// A sensor that stays covered is presence already. The photocell that saw nothing of a vehicle on the closing loop is
/// blind: it counts as covered until it is seen to cover, or until a person resets it.
struct SensorWatch {
  /// One sensor that stays covered.
  private struct Life {
    var coveredSince: Instant?
    var isStuck = false
    @_noLocks init() {}
  }

  /// Covered for longer than this is stuck; zero: nothing is watched.
  private let stuck: Interval
  /// How long after the loop the photocell may still tell the same vehicle.
  private let settle: Interval
  private var lives = InlineArray<5, Life>(repeating: Life())
  private(set) var isBlind = false
  private var onLoop = false
  private var loopClearedAt: Instant?
  private var beamSeen = false

  @_noLocks
  init(stuck: Interval, settle: Interval) {
    self.stuck = stuck
    self.settle = settle
  }

  var isStuck: Bool {
    @_noLocks get {
      for position in 0..<5 where lives[position].isStuck { return true }
      return isBlind
    }
  }

  /// Those that stay covered, one bit each.
  var stuckBits: UInt8 {
    @_noLocks get {
      var bits: UInt8 = 0
      for position in 0..<5 where lives[position].isStuck { bits |= 1 << UInt8(position) }
      return bits
    }
  }

  /// A person has looked at the photocell.
  @_noLocks
  mutating func reset(_ inputs: LaneInputs, _ scene: Scene, _ events: inout EventBuffer) {
    guard isBlind else { return }
    isBlind = false
    scene.tell(.faultEnded, &events, cause: .sensorStuck, input: inputs.photocell)
  }

  /// Every scan. True where the photocell is found blind in this one.
  @_noLocks
  mutating func watch(
    _ lane: LaneSensors, _ inputs: LaneInputs, standsOpen: Bool, _ scene: Scene, _ events: inout EventBuffer
  ) -> Bool {
    guard Interval.zero < stuck else { return false }
    follow(0, lane.closingLoop, inputs.closingLoop, scene, &events)
    follow(1, lane.photocell, inputs.photocell, scene, &events)
    follow(2, lane.interruptLoop, inputs.interruptLoop, scene, &events)
    follow(3, lane.shadowLoop, inputs.shadowLoop, scene, &events)
    follow(4, lane.exitLoop, inputs.exitLoop, scene, &events)
    if lane.photocell.isOn { reset(inputs, scene, &events) }
    guard lane.closingLoop.isFitted, lane.photocell.isFitted else { return false }
    return misses(lane, inputs, standsOpen, scene, &events)
  }

  @_noLocks
  private mutating func follow(
    _ position: Int, _ reading: Reading, _ input: InputIndex?, _ scene: Scene, _ events: inout EventBuffer
  ) {
    guard reading.isOn else {
      lives[position].coveredSince = nil
      // A sensor that is lost is told as such, and is no less stuck for it.
      guard reading.isOff, lives[position].isStuck else { return }
      lives[position].isStuck = false
      scene.tell(.faultEnded, &events, cause: .sensorStuck, input: input)
      return
    }
    guard let since = lives[position].coveredSince else {
      lives[position].coveredSince = scene.now
      return
    }
    guard scene.now.since(since) >= stuck, !lives[position].isStuck else { return }
    lives[position].isStuck = true
    scene.tell(.fault, &events, cause: .sensorStuck, input: input)
  }

  /// A vehicle was on the loop of the open point and left it, and the beam was never broken.
  @_noLocks
  private mutating func misses(
    _ lane: LaneSensors, _ inputs: LaneInputs, _ standsOpen: Bool, _ scene: Scene, _ events: inout EventBuffer
  ) -> Bool {
    // What is lost may have been broken.
    if !lane.photocell.isOff { beamSeen = true }
    guard standsOpen else {
      onLoop = false
      loopClearedAt = nil
      return false
    }
    if lane.closingLoop.isOn { onLoop = true }
    if lane.closingLoop.isOff && onLoop {
      onLoop = false
      loopClearedAt = scene.now
    }
    guard let cleared = loopClearedAt, scene.now.since(cleared) >= settle else { return false }
    loopClearedAt = nil
    let missed = !beamSeen
    // Somebody in the beam now is the next one's sight already.
    beamSeen = lane.photocell.isPresence
    guard missed, !isBlind else { return false }
    isBlind = true
    scene.tell(.fault, &events, cause: .sensorStuck, input: inputs.photocell)
    return true
  }
}
