import ControlCore
import Testing

/// What stands under the plans.
private enum PointKind: String, CaseIterable {
  case failSecureDoor, failSafeDoor, barrier, gate
}

/// What a plan does to the point.
private enum Deed: String, CaseIterable {
  case release, holdOpen, lock
}

/// Two plans on one point: the first outranks the second.
private struct PlanPair: Sendable, CustomTestStringConvertible {
  var point: PointKind
  var high: Deed
  var low: Deed
  var isFire: Bool

  var testDescription: String { "\(isFire ? "fire " : "")\(high) over \(low) on \(point)" }

  static let all: [PlanPair] = PointKind.allCases.flatMap { point in
    Deed.allCases.flatMap { high in
      Deed.allCases.flatMap { low in
        [PlanPair(point: point, high: high, low: low, isFire: false)]
          + (high == .lock ? [] : [PlanPair(point: point, high: high, low: low, isFire: true)])
      }
    }
  }
}

private let openLimit = 0
private let closedLimit = 1

private final class Bench {
  let rig: Rig
  let pair: PlanPair
  private let leaf: Leaf?

  /// The higher plan stands second in the list, so that the order in the file alone would be wrong.
  init(_ pair: PlanPair) {
    self.pair = pair
    var setting = ControllerSetting(
      inputs: [InputSetting](repeating: InputSetting(), count: 2),
      outputs: [OutputSetting](repeating: OutputSetting(), count: 2))
    switch pair.point {
    case .failSecureDoor, .failSafeDoor:
      var door = DoorSetting(lock: OutputIndex(0))
      door.fail = pair.point == .failSafeDoor ? .safe : .secure
      setting.points = [.door(door)]
      leaf = nil
    case .barrier:
      var barrier = BarrierSetting(raise: OutputIndex(0), lower: OutputIndex(1))
      (barrier.up, barrier.down) = (InputIndex(openLimit), InputIndex(closedLimit))
      setting.points = [.barrier(barrier)]
      leaf = Leaf(
        open: 0, close: 1, openLimit: openLimit, closedLimit: closedLimit, travel: 1_300, style: .pulse)
    case .gate:
      var gate = GateSetting(open: OutputIndex(0), close: OutputIndex(1))
      (gate.openLimit, gate.closedLimit) = (InputIndex(openLimit), InputIndex(closedLimit))
      gate.travel = .seconds(2)
      gate.margin = .seconds(1)
      setting.points = [.gate(gate)]
      leaf = Leaf(
        open: 0, close: 1, openLimit: openLimit, closedLimit: closedLimit, travel: 1_800, style: .held)
    }
    var low = Self.plan(pair.low)
    // Fire outranks whatever the numbers say.
    low.precedence = pair.isFire ? -5 : 2
    var high = Self.plan(pair.high)
    high.kind = pair.isFire ? .fire : .evacuation
    high.precedence = 1
    setting.emergencies = [low, high]
    rig = Rig(setting)
    run(100)
  }

  private static func plan(_ deed: Deed) -> EmergencySetting {
    switch deed {
    case .release: EmergencySetting(release: [point0])
    case .holdOpen: EmergencySetting(holdOpen: [point0])
    case .lock: EmergencySetting(kind: .lockdown, lock: [point0])
    }
  }

  func order(_ action: Command.Action) {
    rig.order(action)
    run(4_500)
  }

  private func run(_ milliseconds: Int) {
    for _ in 0..<(milliseconds / 20) {
      leaf?.move(rig, for: 20)
      rig.scan(after: 20)
    }
  }

  func start(high: Bool, drill: Bool = false) {
    order(.startEmergency(PlanIndex(high ? 1 : 0), drill: drill))
  }
  func reset(high: Bool) { order(.resetEmergency(PlanIndex(high ? 1 : 0))) }

  /// What is seen of the point, without asking for its mask.
  var isOpen: Bool {
    switch pair.point {
    case .failSecureDoor: rig[0]
    case .failSafeDoor: !rig[0]
    case .barrier, .gate: rig.image.level[openLimit]
    }
  }

  /// What the point must do under a plan, beginning closed.
  func follows(_ deed: Deed, isDoor: Bool) -> Bool {
    let status = rig.status()
    switch deed {
    case .release: return isOpen && status.released && !status.lockedDown
    case .holdOpen:
      return isOpen && !status.lockedDown && (isDoor ? status.released : status.heldOpen && !status.released)
    case .lock: return status.lockedDown && !status.released && !status.heldOpen
    }
  }

  var isDoor: Bool { pair.point == .failSafeDoor || pair.point == .failSecureDoor }
}

/// The higher plan rules in whichever order they start; when it ends, the lower one holds on.
@Test(arguments: PlanPair.all) private func twoPlansOnOnePoint(_ pair: PlanPair) {
  for firstIsHigh in [false, true] {
    let bench = Bench(pair)
    bench.start(high: firstIsHigh)
    #expect(bench.follows(firstIsHigh ? pair.high : pair.low, isDoor: bench.isDoor), "alone")
    bench.start(high: !firstIsHigh)
    #expect(bench.follows(pair.high, isDoor: bench.isDoor), "both")
    if pair.high == .lock, firstIsHigh || pair.low == .lock { #expect(!bench.isOpen, "a lock opens nothing") }
    // An arm that stands open is not closed by a lockdown; a door's lock falls.
    if pair.high == .lock, !firstIsHigh, pair.low != .lock { #expect(bench.isOpen == !bench.isDoor) }
    bench.reset(high: true)
    #expect(bench.follows(pair.low, isDoor: bench.isDoor), "the lower one holds on")
    bench.reset(high: false)
    let status = bench.rig.status()
    #expect(!status.released && !status.heldOpen && !status.lockedDown)
    if bench.isDoor { #expect(!bench.isOpen, "a person's reset locks") }
    let closings = bench.rig.log.count { $0.kind == .closing }
    #expect(closings == 0, "no end of a plan closes anything")
  }
}

/// The lower plan ends first: nothing changes, and nothing is left of it when the higher one ends.
@Test(arguments: PlanPair.all) private func theLowerPlanEndsFirst(_ pair: PlanPair) {
  let bench = Bench(pair)
  bench.start(high: false)
  bench.start(high: true)
  bench.reset(high: false)
  #expect(bench.follows(pair.high, isDoor: bench.isDoor))
  bench.reset(high: true)
  let status = bench.rig.status()
  #expect(!status.released && !status.heldOpen && !status.lockedDown)
}

/// A drill of the higher plan changes nothing of a real lower one; a real one of either outranks a drill.
@Test(arguments: PlanPair.all) private func aDrillNeverOutranksWhatIsReal(_ pair: PlanPair) {
  let bench = Bench(pair)
  bench.start(high: false)
  bench.start(high: true, drill: true)
  #expect(bench.follows(pair.low, isDoor: bench.isDoor), "the drill yields")
  #expect(!bench.rig.status().drill)
  let missed = bench.rig.log.filter { $0.kind == .pointNotReacted && $0.plan == PlanIndex(1) }
  let canShare = pair.high == pair.low || pair.high != .lock && pair.low != .lock
  #expect(canShare ? missed.isEmpty : missed.map(\.cause) == [.outranked])
  bench.reset(high: false)
  #expect(bench.follows(pair.high, isDoor: bench.isDoor))
  #expect(bench.rig.status().drill)
  bench.start(high: true)
  #expect(!bench.rig.status().drill)
  #expect(bench.rig.count(.drillBecameReal) == 1)
}
