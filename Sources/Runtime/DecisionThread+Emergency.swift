import ControlCore
import Messages
import Site

extension DecisionThread {
  /// An emergency's record says who ordered it, and the plan's report follows its events.
  mutating func tookEmergency(_ event: Event) {
    guard var record = writer.record(of: event) else { return }
    var by: String?
    if let last = lastEmergencyOrder, last.token == event.token, event.token != 0 {
      by = last.person
      record.detail = .object((record.detail.objectValue ?? []) + [("by", .string(last.person))])
    }
    reports.note(event, at: record.at, by: by)
    desk.submit(record)
  }

  /// The scan answers an order, then tells what it did: the next event with this token is the person's.
  mutating func remember(_ order: Order, _ event: Event) {
    switch order.action {
    case .startEmergency, .resetEmergency, .silenceEmergency:
      lastEmergencyOrder = (event.token, order.person.name)
    default: break
    }
  }

  /// What a person can do about a refusal.
  func sentence(_ event: Event, _ order: Order) -> String {
    let cause = FieldNames.cause(event.cause)
    switch (order.action, event.cause) {
    case (.resetEmergency, .stillCalled):
      let input = event.input.map { site.inputNames[$0.position] } ?? "an input"
      return
        "refused: \(cause): '\(input)' still calls for the plan, or is lost where that counts; end that first"
    case (.hold, .sensorsWork):
      return "refused: \(cause): to hold is for where a sensor has failed; an ordinary order does it"
    case (.hold, .holdToRun): return "refused: \(cause): it was stopped; let go, look, and hold again"
    case (.hold, .badArgument):
      return "refused: \(cause): only a barrier or gate can be held, and only where its drive stops when told"
    case (.silenceEmergency, .notHeld): return "refused: \(cause): the plan does not hold"
    case (.startEmergency, .emergency): return "refused: \(cause): the plan holds for real, and is no drill"
    default: return "refused: \(cause)"
    }
  }
}
