import ControlCore
import Messages
import Platform
import Shell
import Simulation
import Site

/// What people do that no rule can stop, and the log must tell.
extension DemoScene {
  /// Two cars, one grant: the second follows before the arm comes down.
  static func tailgating(_ lane: PointIndex, camera: String) -> DemoScene {
    DemoScene("a second car on one grant is told as tailgating", seconds: 9) { stage throws(DemoFault) in
      let mark = stage.chronicle.mark
      let point = stage.site.name(lane)
      stage.field.withPlant { $0.arrive(Vehicle(plate: DemoCast.followedPlate, speed: 4), at: lane) }
      try stage.awaitSighting(at: lane, seconds: 4)
      try stage.expect(camera, "plate:\(DemoCast.followedPlate)", confidence: 0.96, "granted")
      try stage.awaitPlant("the car under the arm of \(point)", seconds: 6) { plant in
        (plant.lane(lane)?.lane.fronts.first ?? -9) >= 0
      }
      stage.field.withPlant { plant in
        let front = plant.lane(lane)?.lane.fronts.first ?? 0
        // So far behind that the loop is clear between the two, and too near for the arm.
        plant.arrive(
          Vehicle(plate: DemoCast.followingPlate, intent: .rush, speed: 4), at: lane, front: front - 9)
      }
      try stage.awaitRecord("the tailgating", since: mark, seconds: 6) { record in
        record.has("point", point) && record.has("reason", "tailgating")
      }
      try stage.awaitPlant("the lane of \(point) clear and its arm down", seconds: 8) { plant in
        plant.lane(lane).map { $0.lane.isEmpty && $0.drive.isClosed } == true
      }
      let struck = stage.field.withPlant { $0.lane(lane)?.lane.struck ?? 0 }
      guard struck == 0 else { throw DemoFault("the arm came down on a car") }
    }
  }

  /// A contact that has burnt together drives the leaf open with no output on: told as what it is, and nothing closes
  /// until a person has looked.
  static func weldedRelay(_ gate: PointIndex) -> DemoScene {
    DemoScene("a welded relay is told as one, with what to look at", seconds: 9) { stage throws(DemoFault) in
      let mark = stage.chronicle.mark
      let point = stage.site.name(gate)
      stage.field.withPlant { $0.setTrouble(.weldedOpen, at: gate) }
      try stage.awaitRecord("the welded relay of \(point)", since: mark, seconds: 7) { record in
        record.has("point", point) && record["detail"]?.has("cause", "relay-welded") == true
          && record["detail"]?["advice"] != nil
      }
      stage.field.withPlant { $0.setTrouble(.none, at: gate) }
      let transport = stage.transport()
      guard (try? transport.ask("close", ["point": .string(point)])) == nil else {
        throw DemoFault("\(point) took an order to close before a person had looked")
      }
      try stage.order(transport, "reset", ["point": .string(point)])
      try stage.order(transport, "close", ["point": .string(point)])
    }
  }

  /// A plan that opens one barrier, run as a drill: everything happens, everything is marked, and the report says how
  /// quickly.
  static func drill(_ plan: Int, _ lane: PointIndex) -> DemoScene {
    DemoScene("a drill moves what the real thing would, marks it, and reports the milliseconds", seconds: 5) {
      stage throws(DemoFault) in
      let mark = stage.chronicle.mark
      let name = stage.site.description.planNames[plan]
      let transport = stage.transport()
      let argument: JSONValue = ["plan": .string(name)]
      try stage.order(transport, "emergency.start", ["plan": .string(name), "drill": true])
      try stage.awaitPlant("\(stage.site.name(lane)) open", seconds: 4) {
        $0.lane(lane)?.drive.isOpen == true
      }
      try stage.awaitRecord("a record of the point that is marked as drill", since: mark, seconds: 2) {
        record in
        record.has("point", stage.site.name(lane)) && record["detail"]?["drill"]?.boolValue == true
      }
      let deadline = MonotonicClock.now() + 3_000_000_000
      var report = try? transport.ask("emergency.report", argument)
      while report?["done"]?.boolValue != true, MonotonicClock.now() < deadline {
        MonotonicClock.sleep(milliseconds: 50)
        report = try? transport.ask("emergency.report", argument)
      }
      guard report?["drill"]?.boolValue == true, report?["points"]?[0]?["ms"]?.integerValue ?? 0 > 0 else {
        throw DemoFault("the drill's report does not tell when \(stage.site.name(lane)) opened")
      }
      try stage.order(transport, "emergency.reset", argument)
      try stage.order(transport, "close", ["point": .string(stage.site.name(lane))])
      try stage.awaitPlant("\(stage.site.name(lane)) closed by the operator", seconds: 4) {
        $0.lane(lane)?.drive.isClosed == true
      }
    }
  }
}
