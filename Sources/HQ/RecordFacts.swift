import Journal
import Messages

/// What questions ask of a record, beside its bytes.
struct RecordFacts: Equatable {
  /// Milliseconds since 1970, by the gateway's clock.
  var at: Int64?
  var type: String?
  var point: String?
  var decision: String?
  var reason: String?
  /// `detail.event`
  var event: String?
  /// `detail.ms`, or `detail.count`: a duration or a number of things.
  var amount: Int64?
  /// Its content was dropped.
  var isRedacted = false
  /// Whether a report knows where it belongs: it has a time, and a type that is known here.
  var isReadable: Bool { at != nil && type.flatMap(LogRecord.Kind.init) != nil }

  /// What the record does not say stays nil. A newer gateway's record may be of a type that is not known here.
  init(_ head: RecordHead) {
    at = head.at.flatMap(Timestamp.init)?.milliseconds
    type = head.type
    point = head.point
    decision = head.decision
    reason = head.reason
    event = head.event
    amount = head.amount
    isRedacted = head.digest != nil
  }

  /// Of stored bytes, where they are a record.
  init(_ bytes: [UInt8]) {
    if let head = try? RecordHead(bytes) { self = RecordFacts(head) }
  }
}
