import ControlCore
import Messages
import Platform
import Simulation

/// What happens at the barriers and the gate.
extension DemoScene {
  /// The visitor comes first and again last: the same plate within the camera's hold-off would be the same visit.
  static func entering(_ lane: PointIndex, camera: String) -> [DemoScene] {
    [
      passing("a granted car drives in, and its passage is recorded", lane, camera, "浙E77889"),
      obstruction(lane, camera, "京A12345"),
      denied("a blocked plate is denied", lane, camera, "粤BD12345", "denied-credential-manual-disable"),
      denied(
        "anti-passback: who is inside does not come in again", lane, camera, "京A12345", "denied-passback"),
      denied(
        "a second passage is denied to a visitor with one", lane, camera, "浙E77889",
        "denied-credential-max-uses"),
    ]
  }

  /// - Parameter plan: one that opens this lane and nothing else.
  static func leaving(
    _ lane: PointIndex, camera: String, hasClosedGroup: Bool, plan: Int?
  ) -> [DemoScene] {
    var scenes = [
      denied(
        "a plate read too badly is denied", lane, camera, "沪C24680", "denied-authentication-factor-error",
        confidence: 0.41),
      passing("a granted car drives out", lane, camera, "京B67890"),
      denied("a plate not yet valid is denied", lane, camera, "京D44556", "denied-credential-not-yet-active"),
    ]
    if hasClosedGroup {
      scenes.insert(ambiguous(camera: camera), at: 0)
      scenes.append(tailgating(lane, camera: camera))
      scenes.append(
        denied("out of hours is denied", lane, camera, DemoCast.closedPlate, "denied-out-of-time-range"))
    }
    if let plan { scenes.append(drill(plan, lane)) }
    return scenes
  }

  static func yard(_ gate: PointIndex, camera: String) -> [DemoScene] {
    [
      denied("an unknown plate is denied", gate, camera, "川Q00001", "denied-unknown-credential"),
      denied(
        "no rights at this point is denied", gate, camera, "京C11223", "denied-point-no-access-rights"),
      DemoScene("the gate opens, warns and closes behind a car", seconds: 19) { stage throws(DemoFault) in
        let mark = stage.chronicle.mark
        try stage.passThrough(gate, camera, "粤AD13579")
        try stage.awaitRecord("the gate's closing", since: mark, seconds: 14) { record in
          record.has("point", stage.site.name(gate)) && record["detail"]?.has("event", "closed") == true
        }
      },
      weldedRelay(gate),
    ]
  }

  static func afterRestart(_ lane: PointIndex, camera: String) -> DemoScene {
    passing("after the restart a granted car drives in as before", lane, camera, "沪C24680")
  }

  private static func passing(
    _ promise: String, _ point: PointIndex, _ camera: String, _ plate: String
  ) -> DemoScene {
    DemoScene(promise, seconds: 7.5) { stage throws(DemoFault) in
      try stage.passThrough(point, camera, plate)
      try stage.awaitPlant("the arm of \(stage.site.name(point)) down again", seconds: 8) { plant in
        plant.lane(point)?.drive.isClosed == true
      }
    }
  }

  private static func denied(
    _ promise: String, _ point: PointIndex, _ camera: String, _ plate: String, _ reason: String,
    confidence: Double = 0.96
  ) -> DemoScene {
    DemoScene(promise, seconds: 3.5) { stage throws(DemoFault) in
      try stage.comeAndBeDenied(
        point, camera, plate, reason, confidence: confidence)
    }
  }

  /// A second car under the closing arm: it goes up again, and nobody is hit.
  private static func obstruction(_ lane: PointIndex, _ camera: String, _ plate: String) -> DemoScene {
    DemoScene("a car under the closing arm sends it up again", seconds: 11) { stage throws(DemoFault) in
      let mark = stage.chronicle.mark
      try stage.passThrough(lane, camera, plate)
      try stage.awaitPlant("the arm's closing", seconds: 6) { $0.lane(lane)?.drive.direction == -1 }
      stage.field.withPlant { plant in
        plant.arrive(Vehicle(plate: DemoCast.followingPlate, intent: .rush, speed: 4), at: lane, front: -1.5)
      }
      try stage.awaitRecord("the reversal", since: mark, seconds: 3) { record in
        record.has("point", stage.site.name(lane)) && record["detail"]?.has("event", "obstruction") == true
      }
      try stage.awaitPlant("the arm up again", seconds: 4) { $0.lane(lane)?.drive.isOpen == true }
      try stage.awaitPlant("the lane clear and the arm down", seconds: 8) { plant in
        plant.lane(lane).map { $0.lane.isEmpty && $0.drive.isClosed } == true
      }
      let struck = stage.field.withPlant { $0.lane(lane)?.lane.struck ?? 0 }
      guard struck == 0 else { throw DemoFault("the arm came down on a car") }
    }
  }
}

/// Who comes in the demo beside the people of the list.
enum DemoCast {
  static let closedPlate = "苏N23456"
  static let followedPlate = "鄂H31415"
  /// On no list.
  static let followingPlate = "鲁F00042"

  static let guestCard = "card:H10301/123/555"
  /// As near to one plate of the list as to another: an O is taken for a 0 and for a Q.
  static let ambiguousReading = "湘JAOD11"

  static let rows = """
    credential,holder,groups,valid_from,valid_until,uses,flags
    plate:\(closedPlate),night watch,\(DemoSite.closedGroup),,,,
    plate:\(followedPlate),has a shadow,residents,,,,
    plate:湘JA0D11,one of two,residents,,,,
    plate:湘JAQD11,the other,residents,,,,
    \(guestCard),guest,residents,,,,escort_required

    """
}

extension DemoStage {
  /// A car comes, is granted and drives through; its passage is in the log.
  func passThrough(_ point: PointIndex, _ camera: String, _ plate: String) throws(DemoFault) {
    let mark = chronicle.mark
    field.withPlant { $0.arrive(Vehicle(plate: plate, speed: 4), at: point) }
    try awaitSighting(at: point, seconds: 4)
    do throws(DemoFault) {
      try expect(camera, "plate:\(plate)", confidence: 0.96, "granted")
    } catch {
      field.withPlant { $0.giveUp(at: point) }
      throw error
    }
    try awaitRecord("the passage of \(plate)", since: mark, seconds: 15) { record in
      record.has("type", "passage") && record.has("credential", "plate:\(plate)") && record["reason"] == nil
    }
    try awaitPlant("the lane of \(site.name(point)) empty", seconds: 6) {
      $0.lane(point)?.lane.isEmpty == true
    }
  }

  /// A car comes, is denied for the reason, and backs out; the arm has not moved.
  func comeAndBeDenied(
    _ point: PointIndex, _ camera: String, _ plate: String, _ reason: String, confidence: Double = 0.96
  ) throws(DemoFault) {
    field.withPlant { $0.arrive(Vehicle(plate: plate, speed: 5, confidence: confidence), at: point) }
    try awaitSighting(at: point, seconds: 4)
    let answer = try read(camera, "plate:\(plate)", confidence: confidence)
    MonotonicClock.sleep(milliseconds: 600)
    let moved = field.withPlant { $0.lane(point)?.drive.isClosed != true }
    field.withPlant { $0.giveUp(at: point) }
    guard answer.reason == reason else {
      throw DemoFault("\(plate) at \(camera): \(answer.reason), not \(reason)")
    }
    guard !moved else { throw DemoFault("\(plate) was denied, and the arm moved") }
    try awaitPlant("the car gone from \(site.name(point))", seconds: 6) {
      $0.lane(point)?.lane.isEmpty == true
    }
  }
}
