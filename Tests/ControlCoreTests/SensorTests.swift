import ControlCore
import Testing

/// Inputs and outputs of the point under test, the same for a barrier and a gate.
private let openLimit = 0
private let closedLimit = 1
private let loop = 2
private let beam = 3
private let shadow = 4
private let opens = 0
private let closes = 1

private func site(_ point: PointSetting) -> ControllerSetting {
  ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: 5),
    outputs: [OutputSetting](repeating: OutputSetting(), count: 2), points: [point])
}

private func barrier(watched: Bool) -> PointSetting {
  var barrier = BarrierSetting(raise: OutputIndex(opens), lower: OutputIndex(closes))
  barrier.style = .held
  barrier.up = InputIndex(openLimit)
  barrier.down = InputIndex(closedLimit)
  barrier.closingLoop = InputIndex(loop)
  barrier.photocell = InputIndex(beam)
  barrier.shadowLoop = InputIndex(shadow)
  if watched { barrier.stuck = .seconds(10) }
  return .barrier(barrier)
}

/// A gate with the times of the barrier, so that one script plays on both.
private func gate(watched: Bool) -> PointSetting {
  var gate = GateSetting(open: OutputIndex(opens), close: OutputIndex(closes))
  gate.openLimit = InputIndex(openLimit)
  gate.closedLimit = InputIndex(closedLimit)
  gate.closingLoop = InputIndex(loop)
  gate.photocell = InputIndex(beam)
  gate.shadowLoop = InputIndex(shadow)
  gate.takeBarrierTimes(closingWarning: .zero)
  if watched { gate.stuck = .seconds(10) }
  return .gate(gate)
}

private func prepare(_ rig: Rig) {
  for input in [loop, beam, shadow] { rig.set(input, false) }
  rig.run(2)
}

private let opened: [Step] = [
  .order(grant(7)), .run(1_402), .expect(["accepted", "opening(credential)", "opened"]),
]
private let car: [Step] = [
  .set(loop, true), .run(200), .set(beam, true), .run(800), .set(beam, false), .run(200),
  .set(loop, false), .run(1),
]
/// Over the loop, and the beam stays as it is.
private let unseenCar: [Step] = [.set(loop, true), .run(1_000), .set(loop, false), .run(1)]
private let missed: [Step] =
  opened + unseenCar + [
    .expect(["passage(credential)"]), .run(500), .on([]), .fault(.sensorStuck), .state(.open),
    .expect(["fault(sensorStuck)"]),
  ]

private let scenarios = [
  Scenario(
    "a vehicle that both see",
    opened + car + [.run(2_500), .state(.closed), .fault(.none)]
      + [.expect(["passage(credential)", "closing(passageEnded)", "closed"])]),
  Scenario(
    "a photocell that misses a vehicle counts as covered",
    missed + [
      .run(20_000), .on([]), .state(.open), .order(.close(point0)), .run(1), .on([]),
      .expect(["refused(sensorStuck)"]),
    ]),
  Scenario(
    "a blind photocell still lets grants open", missed + [.order(grant(8)), .run(1), .expect(["accepted"])]),
  Scenario(
    "a person resets it: nothing closes by itself, an order does",
    missed + [
      .order(.reset(point0)), .run(10_000), .on([]), .state(.open), .fault(.none),
      .expect(["accepted", "faultEnded(sensorStuck)"]), .order(.close(point0)), .run(2), .on([closes]),
    ]),
  Scenario(
    "the photocell is seen to work again",
    missed + [
      .set(beam, true), .run(1), .fault(.none), .expect(["faultEnded(sensorStuck)"]), .set(beam, false),
      .run(10_000), .on([]), .state(.open),
    ]),
  Scenario(
    "blind, reset and blind again",
    missed + [
      .order(.reset(point0)), .order(grant(8)), .run(1),
      .expect(["accepted", "faultEnded(sensorStuck)", "accepted"]),
    ] + unseenCar + [.run(600), .fault(.sensorStuck), .on([]), .state(.open)]),
  Scenario(
    "a photocell that is lost meanwhile is not called blind",
    opened + [.set(loop, true), .run(500), .lose(beam), .run(500), .set(beam, false), .set(loop, false)]
      + [.run(2_600), .state(.closed), .fault(.none)]),
  Scenario(
    "who walks through the beam tells nothing of the loop",
    opened + [.set(beam, true), .run(500), .set(beam, false), .run(2_000), .fault(.none)]),
  Scenario(
    "a vehicle on the loop of a closed point is none that went through",
    unseenCar + [.run(2_000), .fault(.none), .expect([])]),
  Scenario(
    "covered for too long: told once, ends when it is clear",
    [
      .set(shadow, true), .run(10_000), .fault(.none), .expect([]), .run(1), .fault(.sensorStuck),
      .expect(["fault(sensorStuck)"]), .run(30_000), .expect([]), .set(shadow, false), .run(1), .fault(.none),
      .expect(["faultEnded(sensorStuck)"]),
    ]),
  Scenario(
    "covered for too long while it is open: it stays so, and closes when it is clear",
    [.order(.open(point0)), .run(1_402), .set(loop, true), .set(beam, true), .run(10_001)]
      + [.fault(.sensorStuck), .state(.open), .set(loop, false), .set(beam, false), .run(2_500)]
      + [.fault(.none), .state(.closed)]),
  Scenario(
    "stuck, then lost: no less stuck",
    [.set(shadow, true), .run(10_001), .lose(shadow), .run(100), .fault(.sensorStuck)]
      + [.set(shadow, false), .run(1), .fault(.none)]),
]

private func leaf() -> Leaf {
  Leaf(
    open: opens, close: closes, openLimit: openLimit, closedLimit: closedLimit, travel: 1_400, style: .held)
}

@Test(arguments: scenarios) func theSensorsOfABarrier(_ scenario: Scenario) {
  scenario.play(site(barrier(watched: true)), leaf: leaf(), prepare: prepare)
}

@Test(arguments: scenarios) func theSensorsOfAGate(_ scenario: Scenario) {
  scenario.play(site(gate(watched: true)), leaf: leaf(), prepare: prepare)
}

@Test(arguments: [barrier(watched: false), gate(watched: false)]) func unwatchedSensorsAreBelieved(
  _ point: PointSetting
) {
  Scenario(
    "unwatched",
    [.set(shadow, true), .run(20_000), .fault(.none), .set(shadow, false)] + opened + unseenCar
      + [.run(2_500), .state(.closed), .fault(.none)]
  ).play(site(point), leaf: leaf(), prepare: prepare)
}

@Test(arguments: [barrier(watched: true), gate(watched: true)]) func theEventNamesTheSensor(
  _ point: PointSetting
) {
  let rig = Rig(site(point))
  prepare(rig)
  rig.set(shadow, true)
  rig.run(10_001)
  #expect(rig.first(.fault)?.input == InputIndex(shadow))
}
