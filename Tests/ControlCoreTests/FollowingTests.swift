import ControlCore
import Testing

private let openLimit = 0
private let closedLimit = 1
private let loop = 2
private let arming = 3
private let opens = 0
private let closes = 1
private let alarm = 2
private let sign = 3

private func barrier(holdBetween: Bool) -> PointSetting {
  var barrier = BarrierSetting(raise: OutputIndex(opens), lower: OutputIndex(closes))
  barrier.style = .held
  barrier.up = InputIndex(openLimit)
  barrier.down = InputIndex(closedLimit)
  barrier.closingLoop = InputIndex(loop)
  barrier.armingLoop = InputIndex(arming)
  barrier.turnBack = .seconds(4)
  barrier.holdBetween = holdBetween
  barrier.alarm = OutputIndex(alarm)
  barrier.sign = OutputIndex(sign)
  return .barrier(barrier)
}

private func gate(holdBetween: Bool) -> PointSetting {
  var gate = GateSetting(open: OutputIndex(opens), close: OutputIndex(closes))
  gate.takeBarrierTimes(closingWarning: .zero)
  gate.openLimit = InputIndex(openLimit)
  gate.closedLimit = InputIndex(closedLimit)
  gate.closingLoop = InputIndex(loop)
  gate.armingLoop = InputIndex(arming)
  gate.turnBack = .seconds(4)
  gate.holdBetween = holdBetween
  gate.alarm = OutputIndex(alarm)
  gate.sign = OutputIndex(sign)
  return .gate(gate)
}

private func bench(_ point: PointSetting) -> Rig {
  let rig = Rig(
    ControllerSetting(
      inputs: [InputSetting](repeating: InputSetting(), count: 4),
      outputs: [OutputSetting](repeating: OutputSetting(), count: 4), points: [point],
      emergencies: [EmergencySetting(lock: [point0])]))
  let leaf = Leaf(
    open: opens, close: closes, openLimit: openLimit, closedLimit: closedLimit, travel: 1_000, style: .held)
  rig.plant = { leaf.move($0) }
  for input in [loop, arming] { rig.set(input, false) }
  rig.run(2)
  return rig
}

extension Rig {
  fileprivate func drive(over input: Int) {
    set(input, true)
    run(800)
    set(input, false)
    run(1)
  }

  fileprivate var motions: [String] {
    log.filter { $0.kind == .opened || $0.kind == .closed || $0.kind == .passage || $0.kind == .tailgating }
      .map { "\($0.kind)" + ($0.passage == 0 ? "" : " \($0.passage)") }
  }
}

private typealias Kind = @Sendable (Bool) -> PointSetting
private let kinds: [Kind] = [{ barrier(holdBetween: $0) }, { gate(holdBetween: $0) }]

/// Three cars in a row, each on its own grant: up once for all of them.
@Test(arguments: kinds) private func grantsKeepItOpenFromCarToCar(_ kind: Kind) {
  let rig = bench(kind(true))
  for passage in [7, 8, 9] { rig.grant(UInt64(passage)) }
  rig.run(1_100)
  for _ in 0..<3 {
    rig.run(2_000)
    rig.drive(over: loop)
  }
  rig.run(3_000)
  #expect(rig.motions == ["opened", "passage 7", "passage 8", "passage 9", "closed"])
  #expect(rig.status().tailgates == 0)
  #expect(!rig[alarm])
}

/// As above where it closes between them: down behind each, and up for the next by itself.
@Test(arguments: kinds) private func itClosesBetweenCars(_ kind: Kind) {
  let rig = bench(kind(false))
  for passage in [7, 8, 9] { rig.grant(UInt64(passage)) }
  rig.run(1_100)
  for _ in 0..<3 {
    rig.drive(over: loop)
    rig.run(3_000)
  }
  #expect(
    rig.motions == [
      "opened", "passage 7", "closed", "opened", "passage 8", "closed", "opened", "passage 9", "closed",
    ])
  #expect(rig.log.filter { $0.kind == .opening }.map(\.passage) == [7, 8, 9])
}

/// A grant while it closes behind a car waits until it is shut.
@Test(arguments: kinds) private func aGrantWaitsWhileItClosesBetween(_ kind: Kind) {
  let rig = bench(kind(false))
  rig.grant(7)
  rig.grant(8)
  rig.run(1_100)
  rig.drive(over: loop)
  rig.run(1_000)
  #expect(rig[closes])
  rig.grant(9)
  rig.run(1)
  #expect(rig[closes])
  rig.run(3_000)
  #expect(rig.status().state == .open)
  #expect(rig.status().passage == 8)
  #expect(rig.status().reversals == 0)
}

/// Locked down while it is shut between two cars: the grants that wait are taken back.
@Test(arguments: kinds) private func whatWaitsClosedIsTakenBackInLockdown(_ kind: Kind) {
  let rig = bench(kind(false))
  rig.grant(7)
  rig.grant(8)
  rig.run(1_100)
  rig.drive(over: loop)
  rig.run(700)
  rig.order(.startEmergency(PlanIndex(0), drill: false))
  rig.run(3_000)
  #expect(rig.status().state == .closed)
  #expect(rig.log.filter { $0.kind == .noEntry }.map(\.passage) == [8])
}

@Test(arguments: kinds) private func aSecondCarOnOneGrantIsCountedAndAlarmed(_ kind: Kind) {
  let rig = bench(kind(true))
  rig.grant(7)
  rig.run(1_100)
  rig.drive(over: loop)
  #expect(!rig[alarm])
  rig.run(200)
  rig.drive(over: loop)
  #expect(rig.motions == ["opened", "passage 7", "tailgating 7"])
  #expect(rig.status().tailgates == 1)
  #expect(rig[alarm])
  rig.run(9_900)
  #expect(rig[alarm])
  rig.run(200)
  #expect(!rig[alarm])
  #expect(rig.status().fault == .none)
}

@Test(arguments: kinds) private func whoTurnsBackGivesTheGrantBack(_ kind: Kind) {
  let rig = bench(kind(true))
  rig.set(arming, true)
  rig.run(100)
  rig.grant(7)
  rig.run(2_000)
  rig.set(arming, false)
  rig.run(3_999)
  #expect(rig.count(.noEntry) == 0)
  rig.run(2)
  #expect(rig.first(.noEntry)?.cause == .turnedBack)
  #expect(rig.first(.noEntry)?.passage == 7)
  rig.run(2_000)
  #expect(rig.status().state == .closed)
  #expect(rig.words.contains("closing(turnedBack)"))
}

/// Who drives on is seen further on, and who comes behind keeps a grant of his own.
@Test(arguments: kinds) private func whoDrivesOnHasNotTurnedBack(_ kind: Kind) {
  let rig = bench(kind(true))
  rig.set(arming, true)
  rig.grant(7)
  rig.run(2_000)
  rig.set(loop, true)
  rig.run(300)
  rig.set(arming, false)
  rig.run(6_000)
  rig.set(loop, false)
  rig.run(100)
  #expect(rig.motions == ["opened", "passage 7"])
  #expect(rig.count(.noEntry) == 0)
  rig.set(arming, true)
  rig.grant(8)
  rig.grant(9)
  rig.run(500)
  rig.set(arming, false)
  rig.run(4_100)
  #expect(rig.log.filter { $0.kind == .noEntry }.map(\.passage) == [8], "the next one's grant stands")
  rig.lose(arming)
  rig.run(5_000)
  #expect(rig.count(.noEntry) == 1)
}

@Test(arguments: kinds) private func aLoopThatIsLostTurnsNobodyBack(_ kind: Kind) {
  let rig = bench(kind(true))
  rig.set(arming, true)
  rig.grant(7)
  rig.run(2_000)
  rig.lose(arming)
  rig.run(2_000)
  rig.set(arming, false)
  rig.run(6_000)
  #expect(rig.count(.noEntry) == 0)
}

@Test(arguments: kinds) private func theSignTellsThatNobodyIsLetThrough(_ kind: Kind) {
  let rig = bench(kind(true))
  #expect(!rig[sign])
  for (begin, end) in [
    (Command.Action.setOutOfService(point0, true), Command.Action.setOutOfService(point0, false)),
    (.startEmergency(PlanIndex(0), drill: false), .resetEmergency(PlanIndex(0))),
    (.setMaintenance(true), .setMaintenance(false)),
  ] {
    rig.order(begin)
    rig.run(1_200)
    #expect(rig[sign])
    rig.order(end)
    rig.run(1)
    #expect(!rig[sign])
  }
}

@Test(arguments: kinds) private func theSignFlashesOnAFaultAndTheAlarmHolds(_ kind: Kind) {
  let rig = bench(kind(true))
  rig.plant = { rig in
    rig.set(openLimit, true)
    rig.set(closedLimit, true)
  }
  rig.run(1)
  #expect(rig.status().fault == .bothLimits)
  var on = 0
  for _ in 0..<2_000 {
    rig.scan()
    if rig[sign] { on += 1 }
    #expect(rig[alarm])
  }
  #expect((900...1_100).contains(on))
}
