import Messages

/// What a record tells that a guard must hear of at once: that something began, or that it ended.
struct UrgentNews {
  let seq: Int64
  let kind: Alarm.Kind
  /// The point, reader, input or plan.
  let about: String
  let begins: Bool
  /// Without the credential: the alarm outlives the record's content.
  let text: String

  /// - Returns: nil where nobody must hear of it. A newer gateway may have written it: only what is asked here is read.
  init?(_ bytes: [UInt8]) {
    guard let head = try? RecordHead(bytes), head.digest == nil, let record = try? JSONValue.parse(bytes),
      let meaning = Self.meaning(head, isUnderDuress: record["detail"]?["duress"]?.boolValue == true),
      let (kind, begins) = meaning == .emergency ? Self.emergency(head, record) : (meaning, !Self.isEnd(head))
    else { return nil }
    seq = head.seq
    self.kind = kind
    self.begins = begins
    let detail = record["detail"]
    let place: String?
    switch kind {
    case .emergency: place = detail?["plan"]?.stringValue ?? "a plan"
    case .lockout: place = record["reader"]?.stringValue ?? head.point
    default: place = head.point ?? detail?["input"]?.stringValue ?? record["reader"]?.stringValue
    }
    about = PlainText.of(String((place ?? "").prefix(HQLimits.idBytes)))
    let cause = detail?["input"]?.stringValue ?? detail?["by"]?.stringValue
    let name = place.map { "'\($0)'" } ?? "a place that is not named"
    text = Self.words(kind, name, head.at ?? "a time that is not told", cause) + " (seq \(head.seq))"
  }

  private static func meaning(_ head: RecordHead, isUnderDuress: Bool) -> Alarm.Kind? {
    if isUnderDuress || head.reason == "duress" { return .duress }
    switch (head.type, head.reason) {
    case ("emergency", _): return .emergency
    case ("door-alarm", "forced-open"): return .forcedOpen
    case ("door-alarm", "lockout-max-attempts"): return .lockout
    case ("door-alarm", "door-open-too-long"): return head.event == "held-warning" ? nil : .heldOpen
    case ("door-alarm", "tamper"), ("device", "tamper"): return head.event == "tamper-ended" ? nil : .tamper
    default: return nil
    }
  }

  private static func isEnd(_ head: RecordHead) -> Bool { head.event == "held-ended" }

  /// A plan began, and is no drill.
  private static func emergency(_ head: RecordHead, _ record: JSONValue) -> (Alarm.Kind, Bool)? {
    let isDrill = record["detail"]?["drill"]?.boolValue == true
    guard head.event == "emergency-started" && !isDrill || head.event == "drill-became-real" else {
      return nil
    }
    return (.emergency, true)
  }

  private static func words(_ kind: Alarm.Kind, _ name: String, _ at: String, _ cause: String?) -> String {
    switch kind {
    case .emergency: "\(name) began at \(at)" + (cause.map { ", called by '\($0)'" } ?? "")
    case .forcedOpen: "\(name) was forced open at \(at)"
    case .tamper: "\(name) was tampered with at \(at)"
    case .duress: "a credential that means duress was presented at \(name) at \(at)"
    case .lockout: "\(name) takes no PIN any more since \(at): too many wrong ones"
    default: "\(name) was still open at \(at), for too long"
    }
  }
}
