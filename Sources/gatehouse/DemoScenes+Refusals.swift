import ControlCore
import Messages
import Platform
import Shell

/// A good credential that the site itself refuses, and a plate that could be two.
extension DemoScene {
  /// `plan` locks the door down without an input; nil where the site has none such.
  static func refusals(_ door: PointIndex, reader: String, plan: String?) -> [DemoScene] {
    let good = "card:H10301/123/45679"
    var scenes = [
      DemoScene("a door out of service refuses a good card", seconds: 1) { stage throws(DemoFault) in
        let transport = stage.transport()
        let point = JSONValue.string(stage.site.name(door))
        try stage.order(transport, "service", ["point": point, "out": true])
        let answer = try stage.read(reader, good)
        try stage.order(transport, "service", ["point": point, "out": false])
        try answer.mustBe("out-of-service", good)
      }
    ]
    if let plan {
      scenes.append(
        DemoScene("a lockdown refuses a good card", seconds: 1) { stage throws(DemoFault) in
          let transport = stage.transport()
          try stage.order(transport, "emergency.start", ["plan": .string(plan), "drill": false])
          let answer = try stage.read(reader, good)
          try stage.order(transport, "emergency.reset", ["plan": .string(plan)])
          try answer.mustBe("denied-threat-level", good)
        })
    }
    return scenes
  }

  /// First at its door: who was granted there a moment ago would pass for the escort.
  static func unaccompanied(reader: String) -> DemoScene {
    DemoScene("a guest without an escort is denied", seconds: 1) { stage throws(DemoFault) in
      try stage.expect(reader, DemoCast.guestCard, "denied-no-accompaniment")
    }
  }

  static func ambiguous(camera: String) -> DemoScene {
    DemoScene("a plate that could be either of two is denied", seconds: 1) { stage throws(DemoFault) in
      try stage.expect(
        camera, "plate:\(DemoCast.ambiguousReading)", confidence: 0.96, "denied-authentication-factor-error")
    }
  }
}

extension DemoStage.Answer {
  func mustBe(_ reason: String, _ credential: String) throws(DemoFault) {
    guard self.reason == reason else { throw DemoFault("\(credential): \(self.reason), not \(reason)") }
  }
}
