import ControlCore
import Testing

private let openLimit = 0
private let closedLimit = 1
private let beam = 2
private let moving = 3
private let stop = 4
private let opens = 0
private let closes = 1

private func barrier(_ style: DriveStyle) -> PointSetting {
  var barrier = BarrierSetting(raise: OutputIndex(opens), lower: OutputIndex(closes))
  barrier.style = style
  barrier.up = InputIndex(openLimit)
  barrier.down = InputIndex(closedLimit)
  barrier.photocell = InputIndex(beam)
  barrier.moving = InputIndex(moving)
  return .barrier(barrier)
}

private func gate(_ style: DriveStyle) -> PointSetting {
  var gate = GateSetting(open: OutputIndex(opens), close: OutputIndex(closes))
  gate.takeBarrierTimes(closingWarning: .zero)
  gate.style = style
  gate.openLimit = InputIndex(openLimit)
  gate.closedLimit = InputIndex(closedLimit)
  gate.photocell = InputIndex(beam)
  gate.moving = InputIndex(moving)
  gate.emergencyStop = InputIndex(stop)
  return .gate(gate)
}

private struct Bench {
  let rig: Rig
  let leaf: Leaf

  init(_ point: PointSetting, _ style: DriveStyle) {
    let rig = Rig(
      ControllerSetting(
        inputs: [InputSetting](repeating: InputSetting(), count: 5),
        outputs: [OutputSetting](repeating: OutputSetting(), count: 2), points: [point]))
    let leaf = Leaf(
      open: opens, close: closes, openLimit: openLimit, closedLimit: closedLimit, travel: 1_400, style: style)
    rig.plant = { leaf.move($0) }
    self.rig = rig
    self.leaf = leaf
    for input in [beam, moving, stop] { rig.set(input, false) }
    rig.run(5_000)
  }

  func open() {
    rig.order(.open(point0))
    rig.run(1_500)
    #expect(rig.status().state == .open)
    rig.forget()
  }
}

private typealias Kind = @Sendable (DriveStyle) -> PointSetting
private let kinds: [Kind] = [{ barrier($0) }, { gate($0) }]

/// The relay of the closing direction sticks: the leaf comes back from where it was driven.
@Test(arguments: kinds, [DriveStyle.held, .pulse]) private func whatComesBackHasAWeldedRelay(
  _ kind: Kind, _ style: DriveStyle
) {
  let bench = Bench(kind(style), style)
  bench.open()
  bench.rig.run(500)
  bench.leaf.suffer(.runs(-1))
  bench.rig.run(1_500)
  #expect(bench.rig.words == ["fault(drifted)", "faultEnded(drifted)", "fault(relayWelded)"])
  #expect(bench.rig.status().state == .faulted)
  bench.leaf.suffer(.runs(0))
  bench.rig.grant(7)
  bench.rig.run(1)
  #expect(bench.rig.words.last == "refused(faultLatched)")
  bench.rig.order(.reset(point0))
  bench.rig.run(10)
  #expect(bench.rig.words.last == "faultEnded(relayWelded)")
  #expect(bench.rig.status().state == .closed)
}

/// Nothing else moves a held motor: from limit to limit in the motor's own time, long after the last order.
@Test(arguments: kinds) private func aHeldMotorThatRunsHasAWeldedRelay(_ kind: Kind) {
  let bench = Bench(kind(.held), .held)
  bench.leaf.suffer(.runs(1))
  bench.rig.run(1_500)
  #expect(bench.rig.words == ["fault(movedByHand)", "faultEnded(movedByHand)", "fault(relayWelded)"])
}

/// An operator with electronics of its own takes orders from others: a guard's remote control is no fault.
@Test(arguments: kinds) private func anothersOrderIsNoWeldedRelay(_ kind: Kind) {
  let bench = Bench(kind(.pulse), .pulse)
  bench.leaf.suffer(.runs(1))
  bench.rig.run(1_500)
  #expect(bench.rig.words == ["fault(movedByHand)", "faultEnded(movedByHand)"])
  #expect(bench.rig.status().fault == .none)
}

/// By hand it goes faster or slower than by motor.
@Test(arguments: kinds, [200, 4_000]) private func aHandIsNoMotor(_ kind: Kind, _ time: Int) {
  let bench = Bench(kind(.held), .held)
  bench.leaf.suffer(.put(700))
  bench.rig.run(time)
  bench.leaf.suffer(.put(1_400))
  bench.rig.run(10)
  #expect(bench.rig.words == ["fault(movedByHand)", "faultEnded(movedByHand)"])
}

/// Stopped half-way since it took too long, and yet it arrives.
@Test(arguments: kinds) private func whatGoesOnAfterItWasStopped(_ kind: Kind) {
  let bench = Bench(kind(.held), .held)
  bench.rig.order(.open(point0))
  bench.rig.run(700)
  bench.leaf.suffer(.jam(true))
  bench.rig.run(2_400)
  #expect(bench.rig.status().fault == .tooSlow)
  bench.rig.forget()
  bench.leaf.suffer(.jam(false))
  bench.leaf.suffer(.runs(1))
  bench.rig.run(1_000)
  #expect(bench.rig.words == ["faultEnded(tooSlow)", "fault(relayWelded)"])
}

/// The motor's own contact says that it runs while no output is on.
@Test(arguments: kinds) private func aMotorThatRunsAtRest(_ kind: Kind) {
  let bench = Bench(kind(.held), .held)
  bench.open()
  bench.rig.set(moving, true)
  bench.rig.run(900)
  #expect(bench.rig.words.isEmpty, "it may run out")
  bench.rig.run(200)
  #expect(bench.rig.words == ["fault(relayWelded)"])
}

/// The relay stays welded while the stop is pressed: each of the two is told when it comes, and not in every scan.
@Test func anEmergencyStopBesideAWeldedRelayIsToldOnce() {
  let bench = Bench(gate(.held), .held)
  bench.open()
  bench.rig.set(moving, true)
  bench.rig.run(1_200)
  bench.rig.set(stop, true)
  bench.rig.run(3_000)
  #expect(
    bench.rig.words == ["fault(relayWelded)", "faultEnded(relayWelded)", "fault(emergencyStopPressed)"])
  #expect(bench.rig.status().fault == .emergencyStopPressed)
}

@Test(arguments: kinds, [DriveStyle.held, .pulse]) private func aLimitLeftSoonIsDrift(
  _ kind: Kind, _ style: DriveStyle
) {
  let bench = Bench(kind(style), style)
  bench.open()
  bench.leaf.suffer(.runs(-1))
  bench.rig.run(20)
  bench.leaf.suffer(.jam(true))
  bench.rig.run(5_000)
  #expect(bench.rig.words == ["fault(drifted)"])
  #expect(bench.rig.status().fault == .drifted)
  #expect(bench.rig.status().state == .unknown, "it blocks closing, and nothing else")
  bench.rig.order(.close(point0))
  bench.rig.run(1)
  #expect(bench.rig.words.last == "refused(positionUnknown)")
  bench.leaf.suffer(.put(1_400))
  bench.rig.run(1)
  #expect(bench.rig.words.last == "faultEnded(drifted)")
}

@Test(arguments: kinds) private func aLimitLeftLaterWasAHand(_ kind: Kind) {
  let bench = Bench(kind(.held), .held)
  bench.rig.set(beam, true)
  bench.open()
  bench.rig.run(3_500)
  bench.rig.forget()
  bench.leaf.suffer(.put(900))
  bench.rig.run(1)
  #expect(bench.rig.words == ["fault(movedByHand)"])
}

/// In maintenance a technician moves it.
@Test(arguments: kinds) private func maintenanceMovesWithoutAFault(_ kind: Kind) {
  let bench = Bench(kind(.held), .held)
  bench.rig.order(.setMaintenance(true))
  bench.rig.order(.testOutput(OutputIndex(opens), level: true, for: .milliseconds(1_500)))
  bench.rig.run(2_000)
  #expect(bench.rig.count(.fault) == 0)
  #expect(bench.leaf.position == 1_400)
}
