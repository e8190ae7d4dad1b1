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

  init(_ point: PointSetting, past: PointWear? = nil) {
    var setting = ControllerSetting(
      inputs: [InputSetting](repeating: InputSetting(), count: 3),
      outputs: [OutputSetting](repeating: OutputSetting(), count: 2), points: [point])
    if let past {
      setting.wear = [past]
      setting.outputs[opens].operations = 7
    }
    rig = Rig(setting)
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

@Test(arguments: [barrier, gate]) private func aLifeGoesOnAfterARestart(_ point: PointSetting) {
  var past = PointWear()
  past.cycles = 41
  past.reversals = 5
  past.tailgates = 2
  past.opening.count = 20
  past.opening.total = .milliseconds(20 * 201)
  past.closing = past.opening
  let bench = Bench(point, past: past)
  #expect(bench.rig.status().cycles == 41)
  #expect(bench.rig.status().openingTravel == .milliseconds(201))
  bench.slowOpening(80)
  #expect(bench.rig.count(.slow) == 1, "what was learned before the restart is what it is compared with")
  var expected = past
  expected.cycles = 42
  #expect(bench.rig.wear() == expected)
  #expect(bench.rig.operations(opens) == 8)
  #expect(bench.rig.operations(closes) == 1)
  #expect((270...290).contains(bench.rig.status().lastOpening.milliseconds))
}

@Test(arguments: [barrier, gate]) private func aNewMotorLearnsAnew(_ point: PointSetting) {
  let bench = Bench(point)
  for _ in 0..<20 { bench.slowOpening(0) }
  #expect(bench.rig.status().openingTravel >= .milliseconds(200))
  bench.rig.order(.resetWear(point0))
  bench.rig.run(1)
  #expect(bench.rig.words.last == "accepted")
  #expect(bench.rig.wear() == PointWear())
  for _ in 0..<20 { bench.slowOpening(200) }
  #expect(bench.rig.status().openingTravel >= .milliseconds(400))
  #expect(bench.rig.count(.slow) == 0)
}
