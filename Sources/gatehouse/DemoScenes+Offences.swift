import ControlCore
import Messages
import Platform
import Simulation

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
}
