import Testing

@testable import ControlCore

/// What must never be, each with the inputs and the outputs that would be it.
private enum Breach: String, CaseIterable, Codable, Sendable {
  case barrierBothWays, loweredOnAVehicle, loweredOnALostSensor, loweredThoughReleased
  case gateBothWays, closedOnThePressedEdge, movedInAnEmergencyStop, stoppedAndMoved
  case pulsedBetweenTheLimits, pulsedWithALimitLost, pulsedTowardsSomebody, pulsedClosedThoughReleased
  case greenWhileClosed, redAndGreen, twoOfAnInterlock

  /// Inputs that change from rest (nil: lost), and outputs that are on.
  var scene: (inputs: [Int: Bool?], outputs: [Int]) {
    switch self {
    case .barrierBothWays: ([:], [0, 1])
    case .loweredOnAVehicle: ([2: true], [1])
    case .loweredOnALostSensor: ([2: Bool?.none], [1])
    case .loweredThoughReleased: ([12: true], [1])
    case .gateBothWays: ([:], [4, 5])
    case .closedOnThePressedEdge: ([5: true], [5])
    case .movedInAnEmergencyStop: ([6: true], [4])
    case .stoppedAndMoved: ([:], [4, 6])
    case .pulsedBetweenTheLimits: ([9: false], [7])
    case .pulsedWithALimitLost: ([8: Bool?.none], [7])
    case .pulsedTowardsSomebody: ([8: true, 9: false, 10: true], [7])
    case .pulsedClosedThoughReleased: ([8: true, 9: false, 12: true], [7])
    case .greenWhileClosed: ([:], [3])
    case .redAndGreen: ([:], [2, 3])
    case .twoOfAnInterlock: ([0: true, 1: false], [8])
    }
  }
}

private func site() -> ControllerSetting {
  var barrier = BarrierSetting(raise: OutputIndex(0), lower: OutputIndex(1))
  barrier.style = .held
  barrier.red = OutputIndex(2)
  barrier.green = OutputIndex(3)
  barrier.up = InputIndex(0)
  barrier.down = InputIndex(1)
  barrier.closingLoop = InputIndex(2)
  var gate = GateSetting(open: OutputIndex(4), close: OutputIndex(5))
  gate.stop = OutputIndex(6)
  gate.openLimit = InputIndex(3)
  gate.closedLimit = InputIndex(4)
  gate.safetyEdge = InputIndex(5)
  gate.emergencyStop = InputIndex(6)
  gate.photocell = InputIndex(7)
  var step = BarrierSetting(step: OutputIndex(7))
  step.up = InputIndex(8)
  step.down = InputIndex(9)
  step.photocell = InputIndex(10)
  var other = BarrierSetting(raise: OutputIndex(8), lower: OutputIndex(9))
  other.down = InputIndex(11)
  return ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: 13),
    outputs: [OutputSetting](repeating: OutputSetting(), count: 10),
    points: [.barrier(barrier), .gate(gate), .barrier(step), .barrier(other)],
    interlocks: [[PointIndex(0), PointIndex(3)]],
    emergencies: [
      EmergencySetting(inputs: [InputIndex(12)], release: [0, 1, 2].map { PointIndex($0) })
    ])
}

/// Some scans with those inputs, all limits closed otherwise; then the invariants on those outputs.
private func check(_ inputs: [Int: Bool?], _ outputs: [Int]) {
  var controller = Controller(setting: site())
  var field = InputImage()
  for input in 0..<13 { field.set(InputIndex(input), [1, 4, 9, 11].contains(input)) }
  for (input, level) in inputs {
    field.set(InputIndex(input), level ?? false, quality: level == nil ? .bad : .good)
  }
  var image = OutputImage()
  var events = EventBuffer()
  let none: [Command] = []
  for scan in 1...3 {
    controller.step(
      field, commands: none.span, now: Instant(nanoseconds: UInt64(scan) * 1_000_000), outputs: &image,
      events: &events)
  }
  image = OutputImage()
  for output in outputs { image[OutputIndex(output)] = true }
  controller.checkInvariants(image)
}

/// In release too, each of them ends the process, and the guard takes the outputs.
@Test(arguments: Breach.allCases) private func everyInvariantTraps(_ breach: Breach) async {
  await #expect(processExitsWith: .failure) { [breach] in
    let scene = breach.scene
    check(scene.inputs, scene.outputs)
  }
}

/// The same inputs without those outputs, and each direction where it may be, trap nothing.
@Test func whatMayBeTrapsNothing() {
  for breach in Breach.allCases { check(breach.scene.inputs, []) }
  for output in [0, 1, 4, 5, 6, 7, 8] { check([:], [output]) }
  check([8: true, 9: false], [7])
}
