extension Controller {
  /// Hold-to-run by order: refused where a person at the button might not move it either, where no sensor has failed, and
  /// where nothing stops the drive when told.
  @_noLocks
  mutating func hold(
    _ point: PointIndex, _ way: HoldWay, _ command: Command, _ now: Instant, _ events: inout EventBuffer
  ) {
    guard point.position < pointCount else {
      answer(command, .badArgument, now, &events)
      return
    }
    let scene = scene(point.position, now)
    switch machines[point.position] {
    case .barrier(var machine):
      answer(command, machine.hold(way, sight(machine), command.issued, scene), now, &events)
      machines[point.position] = .barrier(machine)
    case .gate(var machine):
      answer(command, machine.hold(way, sight(machine), command.issued, scene), now, &events)
      machines[point.position] = .gate(machine)
    case .door, .turnstile, .none: answer(command, .badArgument, now, &events)
    }
  }
}

extension BarrierMachine {
  /// - Returns: why it is refused, or `.none`.
  @_noLocks
  mutating func hold(_ way: HoldWay, _ sight: BarrierSight, _ issued: Instant, _ scene: Scene) -> Cause {
    guard setting.style == .held else { return .badArgument }
    var wish = HoldWish(way)
    // An arm opens by any other order, whatever its sensors say.
    wish.isNeeded = way == .close && core.hasFailedSensor(sight.obstacle)
    wish.obstacle = way == .close ? sight.lane.obstacleInSight : .none
    return core.take(wish, sight.limits, issued, scene)
  }
}

extension GateMachine {
  /// - Returns: why it is refused, or `.none`.
  @_noLocks
  mutating func hold(_ way: HoldWay, _ sight: GateSight, _ issued: Instant, _ scene: Scene) -> Cause {
    guard stopsWhenTold else { return .badArgument }
    var wish = HoldWish(way)
    if isStopped || sight.emergencyStop.isPresence {
      wish.obstacle = .emergencyStopPressed
    } else if isReversing {
      wish.obstacle = .alreadyBusy
    } else if way == .close {
      wish.obstacle = sight.obstacleInSight
    } else if sight.safetyEdge.isOn {
      wish.obstacle = .safetyEdge
    }
    wish.isNeeded =
      way == .close ? core.hasFailedSensor(sight.obstacle) : sight.obstacleToOpening == .presenceUnknown
    return core.take(wish, sight.limits, issued, scene)
  }

  private var stopsWhenTold: Bool {
    @_noLocks get {
      if setting.style == .held { return true }
      guard !(setting.style == .step), let _ = setting.stop else { return false }
      return true
    }
  }
}

/// One order to hold, as its machine sees it.
struct HoldWish {
  let way: HoldWay
  /// A sensor has failed that forbids the same motion by an ordinary order.
  var isNeeded = false
  /// What that person may not drive against either.
  var obstacle = Cause.none

  @_noLocks
  init(_ way: HoldWay) {
    self.way = way
  }
}

extension LaneCore {
  /// A sensor that failed its test, is lost, stuck, blind, or hangs on a detector that does not work.
  @_noLocks
  func hasFailedSensor(_ obstacle: Cause) -> Bool {
    obstacle == .presenceUnknown || obstacle == .sensorStuck || !(sensors.failure == .none)
  }

  @_noLocks
  mutating func take(_ wish: HoldWish, _ limits: LimitReadings, _ issued: Instant, _ scene: Scene) -> Cause {
    guard !(wish.way == .letGo) else {
      order.letGo()
      return .none
    }
    let direction = wish.way == .open ? Direction.opening : .closing
    let cause = refusal(of: wish, direction, limits, scene)
    // What stands where it should is obeyed, and nothing is held.
    let isObeyed = cause == .none && !(!isHeld && isThere(direction, limits))
    order.press(direction, isObeyed: isObeyed, issued: issued, scene.now)
    return cause
  }

  @_noLocks
  private func refusal(
    of wish: HoldWish, _ direction: Direction, _ limits: LimitReadings, _ scene: Scene
  ) -> Cause {
    if let held { return held == direction && order.holds(direction) ? .none : .alreadyBusy }
    if isThere(direction, limits) { return .none }
    if !order.isOver(scene.now) { return .holdToRun }
    let cause = refusalOfHolding(direction, scene)
    if !(cause == .none) { return cause }
    if actuator.isMoving { return .alreadyBusy }
    if !(wish.obstacle == .none) { return wish.obstacle }
    return wish.isNeeded ? .none : .sensorsWork
  }
}
