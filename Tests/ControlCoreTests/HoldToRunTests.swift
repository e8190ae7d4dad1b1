import ControlCore
import Testing

private let openLimit = 0
private let closedLimit = 1
private let beam = 2
private let edge = 3
private let closeButton = 4
private let openButton = 5
private let fire = 6
private let loop = 7
private let opens = 0
private let closes = 1

private let barrier: PointSetting = {
  var barrier = BarrierSetting(raise: OutputIndex(opens), lower: OutputIndex(closes))
  barrier.style = .held
  barrier.up = InputIndex(openLimit)
  barrier.down = InputIndex(closedLimit)
  barrier.photocell = InputIndex(beam)
  barrier.shadowLoop = InputIndex(loop)
  barrier.holdToClose = InputIndex(closeButton)
  barrier.stuck = .seconds(10)
  return .barrier(barrier)
}()

private let gate: PointSetting = {
  var gate = GateSetting(open: OutputIndex(opens), close: OutputIndex(closes))
  gate.takeBarrierTimes(closingWarning: .zero)
  gate.openLimit = InputIndex(openLimit)
  gate.closedLimit = InputIndex(closedLimit)
  gate.photocell = InputIndex(beam)
  gate.shadowLoop = InputIndex(loop)
  gate.safetyEdge = InputIndex(edge)
  gate.holdToClose = InputIndex(closeButton)
  gate.holdToOpen = InputIndex(openButton)
  gate.stuck = .seconds(10)
  return .gate(gate)
}()

private struct Bench {
  let rig: Rig
  let leaf: Leaf

  init(_ point: PointSetting) {
    let rig = Rig(
      ControllerSetting(
        inputs: [InputSetting](repeating: InputSetting(), count: 8),
        outputs: [OutputSetting](repeating: OutputSetting(), count: 2), points: [point],
        emergencies: [EmergencySetting(inputs: [InputIndex(fire)], release: [point0])]))
    let leaf = Leaf(
      open: opens, close: closes, openLimit: openLimit, closedLimit: closedLimit, travel: 1_000, style: .held)
    rig.plant = { leaf.move($0) }
    self.rig = rig
    self.leaf = leaf
    for input in [beam, edge, closeButton, openButton, fire, loop] { rig.set(input, false) }
    rig.run(2)
  }

  /// Open, with a photocell that is lost; nothing closes by itself or by order.
  func openBlind() {
    rig.order(.open(point0))
    rig.run(1_100)
    rig.lose(beam)
    rig.run(1)
    rig.order(.close(point0))
    rig.run(10_000)
    #expect(rig.words.contains("refused(presenceUnknown)"))
    #expect(leaf.position == 1_000)
    rig.forget()
  }

  func press(_ button: Int, _ milliseconds: Int) {
    rig.set(button, true)
    rig.run(milliseconds)
  }
}

@Test(arguments: [barrier, gate]) private func aHeldButtonClosesAndLettingGoStops(_ point: PointSetting) {
  let bench = Bench(point)
  bench.openBlind()
  bench.press(closeButton, 400)
  #expect(bench.rig.words == ["closing(holdToRun)"])
  #expect(bench.rig[closes])
  bench.rig.set(closeButton, false)
  bench.rig.run(1)
  #expect(!bench.rig[closes])
  #expect(bench.rig.words.last == "stopped(holdToRun)")
  let place = bench.leaf.position
  bench.rig.run(5_000)
  #expect(bench.leaf.position == place)
  bench.rig.forget()
  bench.press(closeButton, 2_000)
  #expect(bench.rig.words == ["closing(holdToRun)", "closed"])
  #expect(bench.rig.status().state == .closed)
  bench.rig.run(20_000)
  #expect(!bench.rig[closes] && !bench.rig[opens], "still pressed, and nothing more to do")
}

/// A button that is found pressed, or lost and pressed again, is nobody's.
@Test(arguments: [barrier, gate]) private func aButtonThatSticksMovesNothing(_ point: PointSetting) {
  let bench = Bench(point)
  bench.openBlind()
  bench.press(closeButton, 100)
  bench.rig.lose(closeButton)
  bench.rig.run(1)
  #expect(!bench.rig[closes])
  bench.rig.set(closeButton, true)
  bench.rig.run(3_000)
  #expect(!bench.rig[closes])
  bench.rig.set(closeButton, false)
  bench.rig.run(1)
  bench.press(closeButton, 10)
  #expect(bench.rig[closes])
}

/// What works and is covered stops it all the same; it does not go back by itself.
@Test(arguments: [barrier, gate]) private func aSensorThatWorksStopsAHeldClosing(_ point: PointSetting) {
  let bench = Bench(point)
  bench.openBlind()
  bench.press(closeButton, 400)
  bench.rig.set(loop, true)
  bench.rig.run(1)
  #expect(!bench.rig[closes])
  #expect(bench.rig.words.last == "stopped(presence)")
  bench.rig.run(3_000)
  #expect(!bench.rig[opens] && !bench.rig[closes])
  bench.rig.set(closeButton, false)
  bench.rig.run(10)
  bench.press(closeButton, 10)
  #expect(bench.rig.words.last == "blocked(presence)")
}

/// Covered for so long that it is stuck: only a person who sees the leaf may close.
@Test(arguments: [barrier, gate]) private func aStuckSensorLeavesTheButton(_ point: PointSetting) {
  let bench = Bench(point)
  bench.rig.order(.open(point0))
  bench.rig.run(1_100)
  bench.rig.set(beam, true)
  bench.rig.run(9_000)
  bench.press(closeButton, 10)
  #expect(bench.rig.words.last == "blocked(presence)")
  bench.rig.set(closeButton, false)
  bench.rig.run(2_000)
  #expect(bench.rig.words.last == "fault(sensorStuck)")
  bench.press(closeButton, 1_500)
  #expect(bench.rig.status().state == .closed)
}

@Test(arguments: [barrier, gate]) private func aFireTakesTheButtonAway(_ point: PointSetting) {
  let bench = Bench(point)
  bench.openBlind()
  bench.press(closeButton, 400)
  bench.rig.set(fire, true)
  bench.rig.run(3_000)
  #expect(bench.leaf.position == 1_000)
  bench.rig.set(closeButton, false)
  bench.rig.run(10)
  bench.press(closeButton, 100)
  #expect(bench.rig.words.last == "blocked(emergency)")
}

@Test(arguments: [barrier, gate]) private func nothingElseMovesWhatAPersonHolds(_ point: PointSetting) {
  let bench = Bench(point)
  bench.openBlind()
  bench.press(closeButton, 300)
  bench.rig.forget()
  bench.rig.grant(9)
  bench.rig.order(.open(point0))
  bench.rig.order(.close(point0))
  bench.rig.run(1)
  #expect(
    bench.rig.words == ["refused(alreadyBusy)", "refused(alreadyBusy)", "refused(alreadyBusy)"])
}

/// An edge that is lost forbids opening by grant and order; the button opens, and letting go stops.
@Test func aLostEdgeLeavesTheOpeningButton() {
  let bench = Bench(gate)
  bench.rig.lose(edge)
  bench.rig.grant(7)
  bench.rig.run(10)
  #expect(bench.rig.words.last == "refused(presenceUnknown)")
  bench.press(openButton, 400)
  #expect(bench.rig[opens])
  bench.rig.set(openButton, false)
  bench.rig.run(1)
  #expect(!bench.rig[opens])
  bench.rig.set(edge, true)
  bench.rig.run(1)
  bench.press(openButton, 10)
  #expect(!bench.rig[opens], "a pressed edge is met, whoever sees it")
}

/// Two of a kind in one group, at most one open; inputs and outputs of the second follow those of the first.
private func pair(_ isGate: Bool, limits: Bool) -> Rig {
  let points = [0, 1].map { point -> PointSetting in
    let (inputs, outputs) = (point * 3, point * 2)
    if isGate {
      var gate = GateSetting(open: OutputIndex(outputs + opens), close: OutputIndex(outputs + closes))
      gate.takeBarrierTimes(closingWarning: .zero)
      if limits || point == 1 { gate.openLimit = InputIndex(inputs + openLimit) }
      if limits || point == 1 { gate.closedLimit = InputIndex(inputs + closedLimit) }
      gate.holdToClose = InputIndex(inputs + 2)
      return .gate(gate)
    }
    var barrier = BarrierSetting(raise: OutputIndex(outputs + opens), lower: OutputIndex(outputs + closes))
    barrier.style = .held
    if limits || point == 1 { barrier.up = InputIndex(inputs + openLimit) }
    if limits || point == 1 { barrier.down = InputIndex(inputs + closedLimit) }
    barrier.holdToClose = InputIndex(inputs + 2)
    return .barrier(barrier)
  }
  let group = InterlockSetting(points: [PointIndex(0), PointIndex(1)], atMost: 1, wait: .seconds(2))
  let rig = Rig(
    ControllerSetting(
      inputs: [InputSetting](repeating: InputSetting(), count: 6),
      outputs: [OutputSetting](repeating: OutputSetting(), count: 4), points: points, interlocks: [group]))
  for input in 0..<6 { rig.set(input, input == 3 + closedLimit) }
  rig.run(2)
  rig.forget()
  return rig
}

/// It arrives at its limit in the very scan in which the button is pressed, and in which the other one may open at last.
@Test(arguments: [false, true]) func aButtonPressedAtTheLimitMovesNothing(_ isGate: Bool) {
  let rig = pair(isGate, limits: true)
  rig.grant(1, at: 1)
  rig.run(1)
  #expect(rig.words == ["blocked(interlock)", "accepted"])
  rig.set(closedLimit, true)
  rig.set(2, true)
  rig.run(500)
  #expect(rig.words.contains("opening(credential)"))
  #expect(rig[2 + opens] && !rig[opens] && !rig[closes])
  #expect(rig.status(0).state == .closed)
}

/// Without limits it counts as closed until it moves: then not beside another one that opens.
@Test(arguments: [false, true]) func aButtonMovesNoSecondOneOfAGroup(_ isGate: Bool) {
  let rig = pair(isGate, limits: false)
  rig.grant(1, at: 1)
  rig.set(2, true)
  rig.run(500)
  #expect(rig.words.contains("opening(credential)"))
  #expect(rig.words.contains("blocked(interlock)"))
  #expect(rig[2 + opens] && !rig[closes])
}

// MARK: By a repeated order

extension Bench {
  /// As a person's program does who holds a key: again and again, every 150 ms.
  fileprivate func hold(_ way: HoldWay, _ milliseconds: Int) {
    for place in 0..<milliseconds {
      if place % 150 == 0 { rig.order(.hold(point0, way)) }
      rig.run(1)
    }
  }
}

@Test(arguments: [barrier, gate]) private func aRepeatedOrderClosesAndSilenceStops(_ point: PointSetting) {
  let bench = Bench(point)
  bench.openBlind()
  bench.hold(.close, 400)
  #expect(bench.rig.words == ["accepted", "closing(holdToRun)", "accepted", "accepted"])
  #expect(bench.rig[closes])
  // The last order was given 100 ms ago; it is good for 500 ms and not a scan longer.
  bench.rig.run(399)
  #expect(bench.rig[closes])
  bench.rig.run(2)
  #expect(!bench.rig[closes])
  #expect(bench.rig.words.last == "stopped(holdToRun)")
  let place = bench.leaf.position
  bench.rig.run(5_000)
  #expect(bench.leaf.position == place && place > 0)
  bench.hold(.close, 2_000)
  #expect(bench.rig.status().state == .closed)
  #expect(bench.rig.count(.refused) == 0, "repeated where it stands, it does nothing: \(bench.rig.words)")
  bench.rig.run(5_000)
  #expect(!bench.rig[closes] && !bench.rig[opens])
}

@Test(arguments: [barrier, gate]) private func lettingGoStopsAtOnce(_ point: PointSetting) {
  let bench = Bench(point)
  bench.openBlind()
  bench.hold(.close, 400)
  bench.rig.order(.hold(point0, .letGo))
  bench.rig.run(1)
  #expect(!bench.rig[closes])
  #expect(bench.rig.words.suffix(2) == ["accepted", "stopped(holdToRun)"])
  // Let go is let go: the next order is a new wish.
  bench.hold(.close, 200)
  #expect(bench.rig[closes])
}

/// It only stops: however late it comes.
@Test(arguments: [barrier, gate]) private func lettingGoIsNeverTooLate(_ point: PointSetting) {
  let bench = Bench(point)
  bench.openBlind()
  bench.hold(.close, 400)
  bench.rig.order(.hold(point0, .open), expires: bench.rig.now)
  bench.rig.run(1)
  #expect(bench.rig.words.last == "refused(stale)")
  #expect(bench.rig[closes])
  bench.rig.order(.hold(point0, .letGo), expires: bench.rig.now)
  bench.rig.run(1)
  #expect(!bench.rig[closes])
}

/// What stops it stops it until the person has let go, however long the orders come.
@Test(arguments: [barrier, gate]) private func aStopIsNotOverriddenByHoldingOn(_ point: PointSetting) {
  let bench = Bench(point)
  bench.openBlind()
  bench.hold(.close, 400)
  bench.rig.set(loop, true)
  bench.rig.run(1)
  #expect(!bench.rig[closes])
  #expect(bench.rig.words.last == "stopped(presence)")
  bench.rig.set(loop, false)
  bench.hold(.close, 3_000)
  #expect(!bench.rig[closes])
  #expect(bench.rig.words.last == "refused(holdToRun)")
  bench.rig.run(600)
  bench.hold(.close, 100)
  #expect(bench.rig[closes])
}

@Test(arguments: [barrier, gate]) private func whileTheSensorsWorkTheOrderIsRefused(_ point: PointSetting) {
  let bench = Bench(point)
  bench.rig.order(.open(point0))
  bench.rig.run(1_100)
  for (word, change) in [
    ("refused(sensorsWork)", {}), ("refused(presence)", { bench.rig.set(beam, true) }),
    ("refused(emergency)", { bench.rig.set(fire, true) }),
  ] as [(String, () -> Void)] {
    change()
    bench.rig.run(1)
    bench.rig.order(.hold(point0, .close))
    bench.rig.run(600)
    #expect(bench.rig.words.contains(word), "\(bench.rig.words)")
    #expect(!bench.rig[closes])
  }
}

@Test(arguments: [barrier, gate]) private func aFireTakesTheOrderAway(_ point: PointSetting) {
  let bench = Bench(point)
  bench.openBlind()
  bench.hold(.close, 400)
  bench.rig.set(fire, true)
  bench.hold(.close, 3_000)
  #expect(bench.leaf.position == 1_000)
  #expect(bench.rig.words.last?.hasPrefix("refused") == true)
}

/// Late, of another clock, for nobody, or for a drive that does not stop when told: nothing moves.
@Test func anOrderToHoldThatIsNotOneMovesNothing() {
  let bench = Bench(barrier)
  bench.openBlind()
  bench.rig.order(.hold(point0, .close), issued: bench.rig.now, expires: bench.rig.now)
  bench.rig.order(.hold(point0, .close), issued: Instant(nanoseconds: 400_000_000))
  bench.rig.order(.hold(PointIndex(7), .close))
  bench.rig.order(.hold(point0, .open))
  bench.rig.run(700)
  #expect(!bench.rig[closes] && !bench.rig[opens])
  #expect(bench.rig.words == ["refused(stale)", "accepted", "refused(badArgument)", "accepted"])
  guard case .barrier(var pulsed) = barrier else { return }
  pulsed.style = .pulse
  let other = Bench(.barrier(pulsed))
  other.rig.lose(beam)
  other.hold(.close, 200)
  #expect(Set(other.rig.words) == ["inputLost", "refused(badArgument)"])
}

/// An edge that is lost: the order opens where no other may.
@Test func aLostEdgeLeavesTheOpeningOrder() {
  let bench = Bench(gate)
  bench.rig.lose(edge)
  bench.rig.run(1)
  bench.hold(.open, 400)
  #expect(bench.rig[opens])
  bench.hold(.close, 1)
  bench.rig.run(1)
  #expect(!bench.rig[opens], "the other way is no way to hold on")
  bench.rig.run(600)
  bench.hold(.open, 1_500)
  #expect(bench.rig.status().state == .open)
}

/// Two hold it, a hand at the button and one from afar: who holds on keeps it, and who comes later does not take it over.
@Test func theButtonKeepsWhatItBegan() {
  let bench = Bench(barrier)
  bench.openBlind()
  bench.press(closeButton, 100)
  bench.hold(.close, 100)
  #expect(bench.rig.words.contains("refused(alreadyBusy)"))
  bench.rig.set(closeButton, false)
  bench.rig.run(1)
  #expect(!bench.rig[closes])
}
