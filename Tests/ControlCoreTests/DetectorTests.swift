import ControlCore
import Testing

private let openLimit = 0
private let closedLimit = 1
private let loop = 2
private let exitLoop = 3
private let detector = 4
private let beam = 5
private let opens = 0
private let closes = 1

private let barrier: PointSetting = {
  var barrier = BarrierSetting(raise: OutputIndex(opens), lower: OutputIndex(closes))
  barrier.style = .held
  barrier.up = InputIndex(openLimit)
  barrier.down = InputIndex(closedLimit)
  barrier.closingLoop = InputIndex(loop)
  barrier.exitLoop = InputIndex(exitLoop)
  barrier.photocell = InputIndex(beam)
  barrier.detectorFault = InputIndex(detector)
  return .barrier(barrier)
}()

private let gate: PointSetting = {
  var gate = GateSetting(open: OutputIndex(opens), close: OutputIndex(closes))
  gate.takeBarrierTimes(closingWarning: .milliseconds(1))
  gate.openLimit = InputIndex(openLimit)
  gate.closedLimit = InputIndex(closedLimit)
  gate.closingLoop = InputIndex(loop)
  gate.exitLoop = InputIndex(exitLoop)
  gate.photocell = InputIndex(beam)
  gate.detectorFault = InputIndex(detector)
  return .gate(gate)
}()

private func bench(_ point: PointSetting) -> Rig {
  let rig = Rig(
    ControllerSetting(
      inputs: [InputSetting](repeating: InputSetting(), count: 6),
      outputs: [OutputSetting](repeating: OutputSetting(), count: 2), points: [point]))
  let leaf = Leaf(
    open: opens, close: closes, openLimit: openLimit, closedLimit: closedLimit, travel: 1_400, style: .held)
  rig.plant = { leaf.move($0) }
  for input in [loop, exitLoop, detector, beam] { rig.set(input, false) }
  rig.run(2)
  return rig
}

/// A detector that says it is out of order leaves its loops unknown: nothing closes until it is well again.
@Test(arguments: [barrier, gate]) private func aFaultyDetectorHoldsItOpen(_ point: PointSetting) {
  let rig = bench(point)
  rig.order(.open(point0))
  rig.run(1_500)
  rig.forget()
  rig.set(detector, true)
  rig.run(20_000)
  #expect(rig.words == ["fault(detectorFault)", "blocked(presenceUnknown)"])
  #expect(rig.log.first?.input == InputIndex(detector))
  #expect(rig.status().fault == .detectorFault)
  rig.order(.close(point0))
  rig.run(1)
  #expect(rig.words.last == "refused(presenceUnknown)")
  rig.set(detector, false)
  rig.run(3_000)
  #expect(rig.words.contains("faultEnded(detectorFault)"))
  #expect(rig.status().state == .closed)
}

@Test(arguments: [barrier, gate]) private func aFaultyDetectorLetsNobodyOut(_ point: PointSetting) {
  let rig = bench(point)
  rig.set(detector, true)
  rig.run(10)
  rig.set(exitLoop, true)
  rig.run(100)
  rig.set(detector, false)
  rig.run(3_000)
  #expect(rig.status().state == .closed, "a loop that was covered all the while is no vehicle that comes")
}

/// While it closes, the fault of the detector counts as somebody there.
@Test(arguments: [barrier, gate]) private func aDetectorThatFailsEndsAClosing(_ point: PointSetting) {
  for lost in [false, true] {
    let rig = bench(point)
    rig.order(.open(point0))
    rig.run(1_500)
    rig.order(.close(point0))
    rig.run(400)
    #expect(rig[closes])
    if lost { rig.lose(detector) } else { rig.set(detector, true) }
    rig.run(2)
    #expect(!rig[closes])
    #expect(rig.words.contains("obstruction(presenceUnknown)"))
  }
}
