import ControlCore
import Testing

/// Inputs of the turnstile under test.
private let turnIn = 0
private let turnOut = 1
private let button = 2
private let tamper = 3
private let fire = 4
/// Its outputs.
private let releaseIn = 0
private let releaseOut = 1
private let free = 2

private func site(_ change: (inout TurnstileSetting) -> Void = { _ in }) -> ControllerSetting {
  var turnstile = TurnstileSetting(releaseIn: OutputIndex(releaseIn), releaseOut: OutputIndex(releaseOut))
  turnstile.free = OutputIndex(free)
  turnstile.fail = .secure
  turnstile.rotationIn = InputIndex(turnIn)
  turnstile.rotationOut = InputIndex(turnOut)
  turnstile.exitButton = InputIndex(button)
  turnstile.tamper = InputIndex(tamper)
  change(&turnstile)
  return ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: 5),
    outputs: [OutputSetting](repeating: OutputSetting(), count: 3), points: [.turnstile(turnstile)],
    emergencies: [
      EmergencySetting(inputs: [InputIndex(fire)], release: [PointIndex(0)]),
      EmergencySetting(lock: [PointIndex(0)]),
    ])
}

private func prepare(_ rig: Rig) {
  for input in 0..<5 { rig.set(input, false) }
  rig.run(2)
}

/// The rotor turns: its sensor is on for 200 ms.
private func turn(_ sensor: Int) -> [Step] { [.set(sensor, true), .run(200), .set(sensor, false), .run(1)] }

private let scenarios = [
  Scenario(
    "one pulse, one person",
    [
      .on([]), .state(.locked), .order(grant(7)), .run(1), .on([releaseIn]), .state(.unlocked),
      .expect(["accepted", "unlocked(credential)"]), .run(299), .on([releaseIn]), .run(1), .on([]),
      .state(.unlocked),
      .run(1_000),
    ] + turn(turnIn) + [
      .expect(["passage(credential)", "locked(passageEnded)"]), .state(.locked), .on([]), .run(10_000),
      .expect([]),
    ]),
  Scenario(
    "the way out has a release of its own",
    [.order(grant(7, side: .out)), .run(1), .on([releaseOut])] + turn(turnOut) + [
      .expect(["accepted", "unlocked(credential)", "passage(credential)", "locked(passageEnded)"])
    ]),
  Scenario(
    "nobody goes through",
    [
      .order(grant(7)), .run(5_001), .on([]), .state(.locked),
      .expect(["accepted", "unlocked(credential)", "locked"]),
      .run(499), .expect([]), .run(1), .expect(["noEntry"]), .run(1_000),
    ] + turn(turnIn) + [.expect(["forcedOpen"])]),
  Scenario(
    "a rotation that was begun in time",
    [.order(grant(7)), .run(5_200)] + turn(turnIn) + [
      .expect(["accepted", "unlocked(credential)", "locked", "passage(credential)"]), .run(1_000),
      .expect([]),
    ]),
  Scenario(
    "a rotation without a grant is forced",
    turn(turnIn) + [
      .expect(["forcedOpen"]), .state(.forced), .order(grant(8)), .run(150), .on([releaseIn]),
    ] + turn(turnIn) + [
      .expect(["accepted", "unlocked(credential)", "passage(credential)", "locked(passageEnded)"]),
      .state(.locked),
    ]),
  Scenario(
    "a reset ends the alarm",
    turn(turnOut) + [.state(.forced), .order(.reset(point0)), .run(1), .state(.locked)]),
  Scenario(
    "the second on one grant is forced",
    [.order(grant(7)), .run(1)] + turn(turnIn) + turn(turnIn) + [
      .expect([
        "accepted", "unlocked(credential)", "passage(credential)", "locked(passageEnded)", "forcedOpen",
      ])
    ]),
  Scenario(
    "the wrong way on a grant is forced, and the grant waits on",
    [.order(grant(7)), .run(1)] + turn(turnOut) + [
      .expect(["accepted", "unlocked(credential)", "forcedOpen"])
    ]
      + turn(turnIn) + [.expect(["passage(credential)", "locked(passageEnded)"])]),
  Scenario(
    "one after the other, never both ways",
    [
      .order(grant(1)), .order(grant(2, side: .out)), .order(grant(3)), .run(1), .on([releaseIn]),
      .expect(["accepted", "accepted", "accepted", "unlocked(credential)"]),
    ] + turn(turnIn) + [.on([]), .run(300), .on([releaseOut])] + turn(turnOut) + [
      .run(300), .on([releaseIn]),
    ]
      + turn(turnIn) + [
        .expect([
          "passage(credential)", "locked(passageEnded)", "unlocked(credential)", "passage(credential)",
          "locked(passageEnded)", "unlocked(credential)", "passage(credential)", "locked(passageEnded)",
        ]), .run(1_000), .on([]),
      ]),
  Scenario(
    "the exit button",
    [.set(button, true), .run(1), .on([releaseOut])] + turn(turnOut) + [
      .expect([
        "exitRequested(exitButton)", "unlocked(exitButton)", "passage(exitButton)", "locked(passageEnded)",
      ]), .run(10_000), .on([]), .expect([]),
    ]),
  Scenario(
    "the exit button is next, whoever waits",
    [
      .order(grant(1)), .order(grant(2)), .run(10), .set(button, true), .run(1), .set(button, false),
    ] + turn(turnIn) + [.run(300), .on([releaseOut])]),
  Scenario(
    "an exit button that comes back pressed",
    [
      .lose(button), .run(10), .set(button, true), .run(10), .on([]),
      .expect(["inputLost", "inputReturned"]),
    ]),
  Scenario(
    "an exit button with no list, no service, in maintenance and lockdown",
    [
      .order(.setOutOfService(point0, true)), .order(.setMaintenance(true)),
      .order(.startEmergency(PlanIndex(1), drill: false)), .run(1), .set(button, true), .run(1),
      .on([releaseOut]),
    ]),
  Scenario(
    "an operator lets one in",
    [.order(.open(point0)), .run(1), .on([releaseIn])] + turn(turnIn) + [
      .expect(["accepted", "unlocked(operatorOrder)", "passage(operatorOrder)", "locked(passageEnded)"])
    ]),
  Scenario(
    "an operator takes a release back",
    [
      .order(grant(7)), .run(1), .order(.close(point0)), .run(1), .on([]), .state(.locked),
      .expect([
        "accepted", "unlocked(credential)", "accepted", "noEntry(operatorOrder)", "locked(operatorOrder)",
      ]),
    ]),
  Scenario(
    "a fire frees it both ways until a person resets",
    [
      .order(grant(7)), .run(1), .set(fire, true), .run(1), .on([free]), .state(.released),
      .expect([
        "accepted", "unlocked(credential)", "emergencyStarted", "noEntry(emergency)",
        "unlocked(emergencyPlan)",
      ]), .set(fire, false),
    ] + turn(turnOut) + turn(turnIn) + [
      .expect(["emergencyInputEnded", "passage(emergencyPlan)", "passage(emergencyPlan)"]), .run(20_000),
      .on([free]),
      .order(grant(8)), .order(.close(point0)), .run(1),
      .expect(["refused(emergency)", "refused(emergency)"]),
      .order(.resetEmergency(PlanIndex(0))), .run(1), .on([]), .state(.locked),
      .expect(["accepted", "emergencyReset", "locked(emergencyPlan)"]),
    ]),
  Scenario(
    "lockdown",
    [
      .order(grant(7)), .order(grant(8)), .run(1), .order(.startEmergency(PlanIndex(1), drill: false)),
      .run(1), .on([]),
      .expect([
        "accepted", "accepted", "unlocked(credential)", "accepted", "emergencyStarted", "noEntry(lockdown)",
        "noEntry(lockdown)", "locked(lockdown)",
      ]), .order(grant(9)), .order(.open(point0)), .run(1),
      .expect(["refused(lockdown)", "refused(lockdown)"]),
    ]),
  Scenario(
    "a rotor that does not come home",
    [
      .order(grant(7)), .run(1), .set(turnIn, true), .run(1), .order(grant(8)), .run(10_001),
      .state(.faulted),
      .fault(.sensorStuck),
      .expect([
        "accepted", "unlocked(credential)", "passage(credential)", "locked(passageEnded)", "accepted",
        "fault(sensorStuck)", "noEntry(sensorStuck)",
      ]), .order(grant(9)), .order(.open(point0)), .run(1),
      .expect(["refused(sensorStuck)", "refused(sensorStuck)"]),
      .set(button, true), .run(1), .on([releaseOut]), .set(turnIn, false), .run(1),
      .expect(["exitRequested(exitButton)", "unlocked(exitButton)", "faultEnded(sensorStuck)"]),
      .fault(.none),
    ]),
  Scenario(
    "a rotor that cannot be seen: let through, and nobody knows",
    [
      .lose(turnIn), .order(grant(7)), .run(5_600),
      .expect(["inputLost", "accepted", "unlocked(credential)", "locked", "noEntry(sensorLost)"]),
    ]),
  Scenario(
    "a sensor that comes back on has counted nobody",
    [
      .order(grant(7)), .run(1), .lose(turnIn), .run(10), .set(turnIn, true), .run(10),
      .expect(["accepted", "unlocked(credential)", "inputLost", "inputReturned"]),
    ]
  ),
  Scenario(
    "tampered with",
    [.set(tamper, true), .run(1), .set(tamper, false), .run(1), .expect(["tamper", "tamperEnded"])]),
  Scenario(
    "out of service takes back what waits",
    [
      .order(grant(7)), .run(1), .order(.setOutOfService(point0, true)), .run(1), .on([]),
      .state(.outOfService),
      .expect([
        "accepted", "unlocked(credential)", "accepted", "outOfService", "noEntry(outOfService)",
        "locked(outOfService)",
      ]),
    ]),
  Scenario(
    "a technician's test of a release is nobody's forcing",
    [
      .order(.setMaintenance(true)),
      .order(.testOutput(OutputIndex(releaseIn), level: true, for: .seconds(2))), .run(1),
      .on([releaseIn]),
    ] + turn(turnIn) + [
      .run(2_000), .on([]), .expect(["accepted", "maintenanceStarted", "accepted", "outputTested"]),
    ]),
]

@Test(arguments: scenarios) func aTurnstile(_ scenario: Scenario) {
  scenario.play(site(), prepare: prepare)
}

@Test func aHeldReleaseLastsUntilTheRotorTurns() {
  let rig = Rig(site { $0.style = .held })
  prepare(rig)
  rig.grant(7)
  rig.run(3_000)
  #expect(rig[releaseIn])
  rig.set(turnIn, true)
  rig.run(1)
  #expect(!rig[releaseIn])
  #expect(rig.first(.passage)?.passage == 7 && rig.first(.passage)?.side == .in)
}

@Test func armsThatDropWithoutPower() {
  let rig = Rig(site { $0.fail = .safe })
  rig.scan()
  #expect(rig[free], "held up from the first scan on")
  prepare(rig)
  rig.set(fire, true)
  rig.run(1)
  #expect(!rig[free])
}

@Test(arguments: [DriveStyle.pulse, .held]) func withoutAFreeOutputBothReleasesHold(_ style: DriveStyle) {
  let rig = Rig(
    site {
      $0.free = nil
      $0.style = style
    })
  prepare(rig)
  rig.set(fire, true)
  rig.run(10_000)
  #expect(rig[releaseIn] && rig[releaseOut])
}

@Test func aRotorThatDoesNotTellTheWay() {
  let rig = Rig(
    site {
      $0.rotationIn = nil
      $0.rotationOut = nil
      $0.rotation = InputIndex(turnIn)
    })
  prepare(rig)
  rig.grant(7, side: .out)
  rig.run(1)
  rig.set(turnIn, true)
  rig.run(1)
  #expect(rig.first(.passage)?.side == .out)
  rig.set(turnIn, false)
  rig.run(1)
  rig.set(turnIn, true)
  rig.run(1)
  #expect(rig.count(.forcedOpen) == 1 && rig.first(.forcedOpen)?.side == nil)
}

@Test func oneWayOnly() {
  let rig = Rig(
    site {
      $0.releaseOut = nil
      $0.exitButton = nil
    })
  prepare(rig)
  rig.grant(7, side: .out)
  rig.run(1)
  #expect(rig.words == ["refused(badArgument)"])
}

@Test func aFullQueueOfATurnstile() {
  let rig = Rig(site())
  prepare(rig)
  rig.grant(1)
  rig.run(1)
  for passage in 2...9 { rig.grant(UInt64(passage)) }
  rig.run(1)
  rig.grant(10)
  rig.run(1)
  #expect(rig.count(.accepted) == 9)
  #expect(rig.first(.refused)?.cause == .alreadyBusy)
  rig.run(60_000)
  #expect(rig.count(.noEntry) == 9)
}

/// A turnstile and a door in one airlock: a release counts as open until somebody went through or its time is over.
@Test func aTurnstileInAnAirlock() {
  var setting = site()
  setting.inputs.append(InputSetting())
  setting.outputs.append(OutputSetting())
  var door = DoorSetting(lock: OutputIndex(3))
  door.contact = InputIndex(5)
  setting.points.append(.door(door))
  setting.interlocks = [[PointIndex(0), PointIndex(1)]]
  let rig = Rig(setting)
  prepare(rig)
  rig.set(5, true)
  rig.run(2)
  rig.grant(1)
  rig.grant(2, at: 1)
  rig.run(1)
  #expect(rig.first(.refused)?.point == PointIndex(1) && rig.first(.refused)?.cause == .interlock)
  rig.set(turnIn, true)
  rig.run(1)
  rig.set(turnIn, false)
  rig.run(1)
  rig.grant(3, at: 1)
  rig.run(1)
  #expect(rig[3])
  rig.grant(4)
  rig.run(1)
  #expect(rig.count(.refused) == 2)
  rig.set(button, true)
  rig.run(1)
  #expect(rig.first(.exitDenied)?.cause == .interlock)
}
