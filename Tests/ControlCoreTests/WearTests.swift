import ControlCore
import Testing

private let openLimit = 0
private let closedLimit = 1
private let beam = 2
private let opens = 0
private let closes = 1

private var barrier: PointSetting {
  var barrier = BarrierSetting(raise: OutputIndex(opens), lower: OutputIndex(closes))
  barrier.style = .held
  barrier.up = InputIndex(openLimit)
  barrier.down = InputIndex(closedLimit)
  barrier.photocell = InputIndex(beam)
  barrier.driftPercent = 30
  return .barrier(barrier)
}

private var gate: PointSetting {
  var gate = GateSetting(open: OutputIndex(opens), close: OutputIndex(closes))
  gate.openLimit = InputIndex(openLimit)
  gate.closedLimit = InputIndex(closedLimit)
  gate.photocell = InputIndex(beam)
  gate.travel = .milliseconds(1_500)
  gate.closingWarning = .zero
  gate.driftPercent = 30
  return .gate(gate)
}

/// A leaf of 200 ms that can be held up on its way.
private struct Bench {
  let rig: Rig
  private let leaf = Leaf(
    open: opens, close: closes, openLimit: openLimit, closedLimit: closedLimit, travel: 200, style: .held)

  init(_ point: PointSetting) {
    rig = Rig(
      ControllerSetting(
        inputs: [InputSetting](repeating: InputSetting(), count: 3),
        outputs: [OutputSetting](repeating: OutputSetting(), count: 2), points: [point]))
    let leaf = leaf
    rig.plant = { leaf.move($0) }
    rig.set(beam, false)
    rig.run(2)
  }

  /// Opens, held up on the way for so many milliseconds, and closes; no dead time is left from before.
  func slowOpening(_ delay: Int) {
    rig.run(1_000)
    rig.order(.open(point0))
    rig.run(100)
    leaf.suffer(.jam(true))
    rig.run(delay)
    leaf.suffer(.jam(false))
    rig.run(400)
    rig.order(.close(point0))
    rig.run(1_000)
  }
}

@Test(arguments: [barrier, gate]) private func aTravelThatDriftsIsToldOnce(_ point: PointSetting) {
  let bench = Bench(point)
  for _ in 0..<19 { bench.slowOpening(0) }
  #expect(bench.rig.status().openingTravel == .zero)
  bench.slowOpening(0)
  #expect(bench.rig.status().openingTravel >= .milliseconds(200))
  #expect(bench.rig.status().openingTravel < .milliseconds(205))
  #expect(bench.rig.status().closingTravel >= .milliseconds(200))
  bench.slowOpening(50)
  #expect(bench.rig.count(.slow) == 0)
  #expect(!bench.rig.status().isSlow)
  bench.slowOpening(80)
  bench.slowOpening(80)
  #expect(bench.rig.count(.slow) == 1)
  #expect((280...285).contains(bench.rig.first(.slow)?.value ?? 0))
  #expect(bench.rig.status().isSlow)
  #expect(bench.rig.status().fault == .none)
  bench.slowOpening(0)
  #expect(!bench.rig.status().isSlow)
  bench.slowOpening(80)
  #expect(bench.rig.count(.slow) == 2)
  #expect(bench.rig.status().cycles == 25)
  #expect(bench.rig.status().reversals == 0)
}

@Test(arguments: [barrier, gate]) private func aMotionTurnedRoundTeachesNothing(_ point: PointSetting) {
  let bench = Bench(point)
  for _ in 0..<30 {
    bench.rig.run(1_000)
    bench.rig.order(.open(point0))
    bench.rig.run(1_000)
    bench.rig.order(.close(point0))
    bench.rig.run(100)
    bench.rig.order(.open(point0))
    bench.rig.run(1_000)
    bench.rig.order(.close(point0))
    bench.rig.run(1_000)
  }
  #expect(bench.rig.count(.opened) == 60)
  #expect(bench.rig.status().reversals == 30)
  #expect(bench.rig.count(.slow) == 0)
  #expect(bench.rig.status().openingTravel >= .milliseconds(200), "the whole ones alone")
  #expect(bench.rig.status().openingTravel < .milliseconds(205))
}

/// Without limits the time that a travel takes is the setting's own.
@Test func withoutLimitsNothingIsLearned() {
  var setting = BarrierSetting(raise: OutputIndex(opens), lower: OutputIndex(closes))
  setting.photocell = InputIndex(beam)
  let bench = Bench(.barrier(setting))
  for _ in 0..<25 {
    bench.rig.order(.open(point0))
    bench.rig.run(2_000)
    bench.rig.order(.close(point0))
    bench.rig.run(2_000)
  }
  #expect(bench.rig.count(.closed) == 25)
  #expect(bench.rig.status().openingTravel == .zero)
}
