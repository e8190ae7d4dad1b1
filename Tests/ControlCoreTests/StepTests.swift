import ControlCore
import Testing

private let openLimit = 0
private let closedLimit = 1
private let beam = 2
private let fire = 3
private let moving = 4
private let step = 0
private let stop = 1

private func barrier(_ answer: StepAnswer, moving isTold: Bool = false) -> PointSetting {
  var barrier = BarrierSetting(step: OutputIndex(step))
  barrier.stepAnswer = answer
  barrier.up = InputIndex(openLimit)
  barrier.down = InputIndex(closedLimit)
  barrier.photocell = InputIndex(beam)
  if isTold { barrier.moving = InputIndex(moving) }
  return .barrier(barrier)
}

private func gate(_ answer: StepAnswer, moving isTold: Bool = false) -> PointSetting {
  var gate = GateSetting(step: OutputIndex(step))
  gate.takeBarrierTimes(closingWarning: .zero)
  gate.pulse = .milliseconds(300)
  gate.stop = OutputIndex(stop)
  gate.stepAnswer = answer
  gate.openLimit = InputIndex(openLimit)
  gate.closedLimit = InputIndex(closedLimit)
  gate.photocell = InputIndex(beam)
  if isTold { gate.moving = InputIndex(moving) }
  return .gate(gate)
}

/// A step drive of 1.4 s with its operator, which may answer otherwise than the site file says.
private struct Bench {
  let rig: Rig
  let leaf: Leaf

  init(
    _ point: PointSetting, operator answer: StepAnswer = .stops, tellsMoving: Bool = true,
    leafStop: Int? = nil
  ) {
    let rig = Rig(
      ControllerSetting(
        inputs: [InputSetting](repeating: InputSetting(), count: 5),
        outputs: [OutputSetting](repeating: OutputSetting(), count: 2), points: [point],
        emergencies: [EmergencySetting(inputs: [InputIndex(fire)], release: [point0])]))
    let leaf = Leaf(
      open: step, close: step, stop: leafStop, openLimit: openLimit, closedLimit: closedLimit, travel: 1_400,
      style: .step,
      answer: answer)
    rig.plant = { rig in
      leaf.move(rig)
      if tellsMoving { rig.set(moving, leaf.isMoving) }
    }
    self.rig = rig
    self.leaf = leaf
    for input in [beam, fire, moving] { rig.set(input, false) }
    rig.run(2)
  }

  /// Opened by order, ordered to close, and 500 ms on its way.
  func close() {
    rig.order(.open(point0))
    rig.run(2_000)
    rig.order(.close(point0))
    rig.run(500)
    #expect(leaf.position < 1_400)
    #expect(rig.status().state == .closing)
    rig.forget()
  }

  /// How many pulses begin while `milliseconds` pass.
  func pulses(_ milliseconds: Int) -> Int {
    var count = 0
    var was = rig[step]
    for _ in 0..<milliseconds {
      rig.scan()
      if rig[step] && !was { count += 1 }
      was = rig[step]
    }
    return count
  }
}

private typealias Kind = @Sendable (StepAnswer, Bool) -> PointSetting
private let kinds: [Kind] = [{ barrier($0, moving: $1) }, { gate($0, moving: $1) }]
private let answers: [StepAnswer] = [.stops, .opens, .ignored]

@Test(arguments: kinds) private func onePulseOpensAndOneCloses(_ kind: Kind) {
  let bench = Bench(kind(.stops, false))
  bench.rig.grant(7)
  #expect(bench.pulses(1_600) == 1)
  #expect(bench.rig.status().state == .open)
  bench.rig.set(beam, true)
  bench.rig.run(500)
  bench.rig.set(beam, false)
  #expect(bench.pulses(3_000) == 1)
  #expect(bench.rig.status().state == .closed)
  #expect(
    bench.rig.words == [
      "accepted", "opening(credential)", "opened", "passage(credential)",
      "closing(passageEnded)", "closed",
    ])
}

/// Between the limits nobody knows what a pulse does: not a grant, an order, a plan or a reset sends one.
@Test(arguments: kinds) private func nothingIsSentBetweenTheLimits(_ kind: Kind) {
  for position in [1, 700, 1_399] {
    let bench = Bench(kind(.stops, false))
    bench.leaf.suffer(.put(position))
    bench.rig.run(1)
    bench.rig.forget()
    bench.rig.grant(7)
    bench.rig.order(.open(point0))
    bench.rig.order(.close(point0))
    #expect(bench.pulses(500) == 0)
    #expect(
      bench.rig.words == ["refused(positionUnknown)", "refused(positionUnknown)", "refused(positionUnknown)"])
    bench.rig.order(.reset(point0))
    bench.rig.set(fire, true)
    #expect(bench.pulses(8_000) == 0)
    // The plan still holds: as soon as the place is known, it opens.
    bench.leaf.suffer(.put(0))
    #expect(bench.pulses(2_000) == 1)
    #expect(bench.leaf.position == 1_400)
  }
}

@Test(arguments: kinds) private func aLostLimitIsNoLimit(_ kind: Kind) {
  let bench = Bench(kind(.stops, false))
  bench.leaf.suffer(.openLimitLost(true))
  bench.rig.run(1)
  bench.rig.grant(7)
  #expect(bench.pulses(500) == 0)
  #expect(bench.rig.words == ["inputLost", "refused(positionUnknown)"])
}

/// Somebody under the closing leaf: whatever the operator's way, it ends open.
@Test(arguments: kinds, answers) private func anObstructionOpensIt(_ kind: Kind, _ answer: StepAnswer) {
  let bench = Bench(kind(answer, answer == .stops), operator: answer)
  bench.close()
  bench.rig.set(beam, true)
  let expected = answer == .stops ? 2 : answer == .opens ? 1 : 1
  #expect(bench.pulses(6_000) == expected)
  #expect(bench.leaf.position == 1_400)
  #expect(bench.rig.words.prefix(2) == ["obstruction(presence)", "opening(obstruction)"])
  #expect(bench.rig.status().fault == .none)
  #expect(bench.leaf.closings == 1, "it never closed a second time")
}

/// The site file says "stops" and the operator turns round: the second pulse may stop it, none may close it.
@Test(arguments: kinds, [true, false]) private func anOperatorSetOtherwiseNeverClosesOnSomebody(
  _ kind: Kind, _ isTold: Bool
) {
  let bench = Bench(kind(.stops, isTold), operator: .opens)
  bench.close()
  bench.rig.set(beam, true)
  bench.rig.run(8_000)
  #expect(bench.leaf.closings == 1)
  #expect(bench.leaf.position > 700)
  if isTold { #expect(bench.leaf.position == 1_400, "it was seen to move, and left alone") }
}

/// The site file says "opens", and the operator only stops: told as a fault, and left standing.
@Test(arguments: kinds) private func anOperatorThatOnlyStopsIsAFault(_ kind: Kind) {
  let bench = Bench(kind(.opens, false), operator: .stops)
  bench.close()
  bench.rig.set(beam, true)
  bench.rig.run(8_000)
  #expect(bench.leaf.closings == 1)
  #expect(bench.leaf.position > 0)
  #expect(bench.rig.status().fault == .tooSlow)
}

/// It takes no pulse while it closes, and comes down: from there the pulse is certain, and the fault is told.
@Test(arguments: kinds) private func whatClosesAllTheSameIsOpenedFromTheLimit(_ kind: Kind) {
  let bench = Bench(kind(.opens, false), operator: .ignored)
  bench.close()
  bench.rig.set(beam, true)
  bench.rig.run(8_000)
  #expect(bench.leaf.position == 1_400)
  #expect(
    bench.rig.words == [
      "obstruction(presence)", "opening(obstruction)", "fault(wrongWay)", "opened",
    ])
  #expect(bench.rig.status().state == .faulted)
}

@Test(arguments: kinds) private func whatDoesNotStopIsSentNothingMore(_ kind: Kind) {
  let bench = Bench(kind(.stops, true), operator: .ignored, tellsMoving: false)
  bench.close()
  bench.rig.set(moving, true)
  bench.leaf.suffer(.put(900))
  bench.leaf.suffer(.jam(true))
  bench.rig.set(beam, true)
  #expect(bench.pulses(5_000) == 1)
  #expect(bench.rig.status().fault == .notStopped)
}

/// The closing pulse was sent and the leaf still lies on its open limit: a pulse now might be the one that closes.
@Test(arguments: kinds) private func whatHasNotLeftItsLimitIsNotTurned(_ kind: Kind) {
  let bench = Bench(kind(.stops, false))
  bench.rig.order(.open(point0))
  bench.rig.run(2_000)
  bench.leaf.suffer(.jam(true))
  bench.rig.order(.close(point0))
  bench.rig.run(100)
  bench.rig.forget()
  bench.rig.set(beam, true)
  #expect(bench.pulses(3_000) == 0)
  #expect(bench.rig.status().state == .open)
  #expect(bench.rig.words.prefix(3) == ["obstruction(presence)", "opening(obstruction)", "opened"])
}

@Test(arguments: kinds) private func aLimitLostWhileItTurnsEndsIt(_ kind: Kind) {
  let bench = Bench(kind(.stops, false))
  bench.close()
  bench.rig.set(beam, true)
  bench.rig.run(100)
  bench.leaf.suffer(.openLimitLost(true))
  bench.rig.run(3_000)
  #expect(bench.rig.status().fault == .positionUnknown)
  #expect(bench.leaf.closings == 1)
}

@Test(arguments: kinds) private func aGrantTurnsAClosingRound(_ kind: Kind) {
  let bench = Bench(kind(.stops, false))
  bench.close()
  bench.rig.grant(8)
  #expect(bench.pulses(2_500) == 2)
  #expect(bench.leaf.position == 1_400)
  #expect(bench.rig.words == ["accepted", "opening(credential)", "opened"])
}

@Test(arguments: kinds) private func aFireTurnsAClosingRound(_ kind: Kind) {
  let bench = Bench(kind(.opens, false), operator: .opens)
  bench.close()
  bench.rig.set(fire, true)
  #expect(bench.pulses(2_500) == 1)
  #expect(bench.leaf.position == 1_400)
}

/// In maintenance a pulse may close: it is sent with nobody in the way alone.
@Test(arguments: kinds) private func aTestOfTheStepOutputCountsAsClosing(_ kind: Kind) {
  let bench = Bench(kind(.stops, false))
  bench.rig.order(.setMaintenance(true))
  bench.rig.set(beam, true)
  bench.rig.order(.testOutput(OutputIndex(step), level: true, for: .milliseconds(300)))
  #expect(bench.pulses(500) == 0)
  #expect(bench.rig.words.last == "refused(presence)")
  bench.rig.set(beam, false)
  bench.rig.run(1)
  bench.rig.order(.testOutput(OutputIndex(step), level: true, for: .milliseconds(300)))
  #expect(bench.pulses(500) == 1)
}

/// The emergency stop of a step drive has an output of its own, and no pulse follows it.
@Test func theEmergencyStopOfAStepGate() {
  guard case .gate(var setting) = gate(.stops) else { return }
  setting.emergencyStop = InputIndex(moving)
  let bench = Bench(.gate(setting), tellsMoving: false, leafStop: stop)
  bench.close()
  let before = bench.leaf.position
  bench.rig.set(moving, true)
  #expect(bench.pulses(8_000) == 0)
  #expect(bench.rig[stop])
  #expect(before - bench.leaf.position < 1_000)
  bench.rig.set(moving, false)
  bench.rig.order(.reset(point0))
  bench.rig.grant(9)
  #expect(bench.pulses(8_000) == 0)
}

@Test func aStepDriveWithoutBothLimitsIsNoSetting() async {
  await #expect(processExitsWith: .failure) {
    var barrier = BarrierSetting(step: OutputIndex(0))
    barrier.up = InputIndex(0)
    _ = Controller(
      setting: ControllerSetting(
        inputs: [InputSetting()], outputs: [OutputSetting()], points: [.barrier(barrier)]))
  }
}
