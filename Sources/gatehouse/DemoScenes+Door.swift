import ControlCore
import Messages
import Platform
import Shell
import Simulation

/// What happens at the door.
extension DemoScene {
  static func door(_ door: PointIndex, reader: String) -> [DemoScene] {
    let open = "door-open-too-long"
    return [
      DemoScene("a granted card unlocks the door, and the passage is recorded", seconds: 4) {
        stage throws(DemoFault) in
        let mark = stage.chronicle.mark
        try stage.expect(reader, "card:H10301/123/45678", "granted")
        stage.field.withPlant { $0.visit(Person(), at: door) }
        try stage.awaitRecord("the passage", since: mark, seconds: 4) { record in
          record.has("type", "passage") && record.has("reader", reader) && record["reason"] == nil
        }
        try stage.awaitShut(door)
      },
      DemoScene("an expired card is denied", seconds: 1) { stage throws(DemoFault) in
        try stage.expect(reader, "card:H10301/123/100", "denied-credential-expired")
      },
      DemoScene("a door held open warns, alarms and ends the alarm when shut", seconds: 9) {
        stage throws(DemoFault) in
        let mark = stage.chronicle.mark
        try stage.expect(reader, "card:H10301/123/45679", "granted")
        stage.field.withPlant { $0.visit(Person(holds: .milliseconds(5_500)), at: door) }
        for event in ["held-warning", "held-open", "held-ended"] {
          try stage.awaitRecord(event, since: mark, seconds: 8) { record in
            record.has("reason", open) && record["detail"]?.has("event", event) == true
          }
        }
      },
      DemoScene("a door broken open is told as forced", seconds: 4) { stage throws(DemoFault) in
        // The lock's grace after the last opening must be over.
        MonotonicClock.sleep(milliseconds: 1_000)
        let mark = stage.chronicle.mark
        stage.field.withPlant { $0.visit(Person(intent: .force, reaction: .milliseconds(100)), at: door) }
        try stage.awaitRecord("the forced door", since: mark, seconds: 3) { $0.has("reason", "forced-open") }
        try stage.awaitShut(door)
      },
      DemoScene("the exit button lets a person out without any card", seconds: 4) { stage throws(DemoFault) in
        let mark = stage.chronicle.mark
        stage.field.withPlant { $0.visit(Person(intent: .leave), at: door) }
        try stage.awaitRecord("the exit button", since: mark, seconds: 3) { record in
          record["detail"]?.has("event", "exit-requested") == true
        }
        try stage.awaitShut(door)
      },
    ]
  }
}

extension DemoStage {
  /// Waits until the door is shut and the controller, a poll and a debounce later, knows it.
  func awaitShut(_ door: PointIndex) throws(DemoFault) {
    try awaitPlant("the door shut", seconds: 8) { $0.door(door)?.isQuiet == true }
    let transport = self.transport()
    let deadline = MonotonicClock.now() + 3_000_000_000
    while true {
      let points = (try? transport.ask("points"))?.arrayValue ?? []
      if points.contains(where: { $0.has("name", site.name(door)) && $0.has("state", "locked") }) { return }
      guard MonotonicClock.now() < deadline else {
        throw DemoFault("\(site.name(door)): shut, and not locked within 3 s")
      }
      MonotonicClock.sleep(milliseconds: 20)
    }
  }
}
