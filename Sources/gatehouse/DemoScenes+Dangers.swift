import ControlCore
import Messages
import Platform
import Shell
import Simulation
import Site

/// Fire, and the death of the controller.
extension DemoScene {
  /// The plan that an input starts, with that input.
  static func fire(_ site: SiteDescription) -> (plan: Int, input: InputIndex)? {
    for (place, plan) in site.control.emergencies.enumerated() where !plan.release.isEmpty {
      if let input = plan.inputs.first { return (place, input) }
    }
    return nil
  }

  /// The gate opens, and its light shines before it closes.
  static let fireSeconds = 12.0
  static let killSeconds = 4.0
  static let wireSeconds = 3.5

  static func fireReleases(_ plan: Int, _ input: InputIndex) -> DemoScene {
    DemoScene(
      "fire opens everything, holds until a person resets, and the reset closes nothing", seconds: fireSeconds
    ) {
      stage throws(DemoFault) in
      let name = stage.site.description.planNames[plan]
      let points = stage.site.description.control.emergencies[plan].release
      stage.field.withPlant { $0.set(input, true) }
      try stage.awaitPlant("everything open", seconds: 7) { plant in plant.isReleased(points) }
      stage.field.withPlant { $0.set(input, false) }
      MonotonicClock.sleep(milliseconds: 500)
      guard stage.field.withPlant({ $0.isReleased(points) }) else {
        throw DemoFault("the release ended with its input, without a person")
      }
      let transport = stage.transport()
      try stage.order(transport, "emergency.reset", ["plan": .string(name)])
      MonotonicClock.sleep(milliseconds: 300)
      guard stage.field.withPlant({ $0.lanesStandOpen(points) }) else {
        throw DemoFault("the reset moved an arm")
      }
      try stage.closeAll(points, transport)
    }
  }

  /// A unit loses its wire: the status names the input behind it, and comes back to quiet with the wire.
  static func looseWire(_ input: InputIndex) -> DemoScene {
    DemoScene("a loose wire is the first thing that the status names", seconds: wireSeconds) {
      stage throws(DemoFault) in
      let transport = stage.transport()
      let wanted = "\(stage.site.description.inputNames[input.position]): no signal"
      stage.field.setSilent(true, unitOf: input)
      try stage.awaitStatus("the loose wire", transport) { $0.contains(wanted) }
      stage.field.setSilent(false, unitOf: input)
      try stage.awaitStatus("the wire back", transport) { !$0.contains(wanted) }
    }
  }

  static func killed(door: PointIndex?, reader: String?) -> DemoScene {
    DemoScene("kill -9: outputs are safe, nothing moves, and the controller is back", seconds: killSeconds) {
      stage throws(DemoFault) in
      let mark = stage.chronicle.mark
      if let reader { try stage.expect(reader, "card:H10301/123/45678", "granted") }
      MonotonicClock.sleep(milliseconds: 150)
      if let door {
        try stage.awaitPlant("the door unlocked before the kill", seconds: 2) {
          $0.door(door)?.isUnlocked == true
        }
      }
      let before = stage.field.withPlant { $0.positions }
      let killedAt = MonotonicClock.now()
      try stage.controller.kill()
      let safe = stage.site.description.control.outputs.map(\.safe)
      while stage.field.outputs != safe {
        guard MonotonicClock.now() - killedAt < 1_000_000_000 else {
          throw DemoFault("an output was not safe 1 s after the kill")
        }
        MonotonicClock.sleep(milliseconds: 2)
      }
      try stage.controller.awaitReady(milliseconds: 5_000)
      try stage.awaitRecord("the restart", since: mark, seconds: 3) { record in
        record["detail"]?.has("event", "controller-restarted") == true
      }
      MonotonicClock.sleep(milliseconds: 300)
      guard stage.field.outputs == safe else { throw DemoFault("an output came on with the restart") }
      guard stage.field.withPlant({ $0.positions }) == before else { throw DemoFault("something moved") }
    }
  }
}

extension Plant {
  /// Where every arm and leaf stands.
  var positions: [Double] {
    pieces.map { piece in
      switch piece {
      case .lane(let lane): lane.drive.position
      case .door(let door): door.isOpen ? 1 : 0
      case .turnstile(let turnstile): turnstile.isTurning ? 1 : 0
      }
    }
  }

  func isReleased(_ points: [PointIndex]) -> Bool {
    points.allSatisfy { lane($0)?.drive.isOpen ?? (door($0)?.isUnlocked == true) }
  }

  func lanesStandOpen(_ points: [PointIndex]) -> Bool {
    points.allSatisfy { lane($0)?.drive.isOpen ?? true }
  }

  func isShut(_ points: [PointIndex]) -> Bool {
    points.allSatisfy { lane($0)?.drive.isClosed ?? (door($0)?.isOpen == false) }
  }
}

extension DemoStage {
  func order(_ transport: SocketTransport, _ verb: String, _ arguments: JSONValue) throws(DemoFault) {
    do throws(ShellFault) {
      _ = try transport.ask(verb, arguments)
    } catch {
      throw DemoFault("\(verb): \(error)")
    }
  }

  func awaitStatus(
    _ what: String, _ transport: SocketTransport, _ fits: (String) -> Bool
  ) throws(DemoFault) {
    let deadline = MonotonicClock.now() + 8_000_000_000
    while MonotonicClock.now() < deadline {
      if let status = try? transport.ask("status"), let inputs = try? transport.ask("inputs"),
        fits(StatusText.lines(status: status, inputs: inputs).joined(separator: "\n"))
      {
        return
      }
      MonotonicClock.sleep(milliseconds: 100)
    }
    throw DemoFault("the status does not tell \(what)")
  }

  /// An operator closes what the fire opened.
  func closeAll(_ points: [PointIndex], _ transport: SocketTransport) throws(DemoFault) {
    for point in points {
      try order(transport, "close", ["point": .string(site.name(point))])
    }
    try awaitPlant("everything closed by the operator", seconds: 12) { $0.isShut(points) }
  }
}
