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

  init() {}

  init(_ line: LogRecord.Line) {
    self.init()
    guard case .record(_, let record) = line else { return }
    at = record.at.milliseconds
    type = record.type.rawValue
    point = record.point
    decision = record.decision?.rawValue
    reason = record.reason
    event = record.detail["event"]?.stringValue.map { String($0.prefix(64)) }
    amount = (record.detail["ms"] ?? record.detail["count"])?.integerValue
  }

  /// Of bytes that may be anything.
  init(_ bytes: [UInt8]) {
    self.init()
    if let line = try? LogRecord.parse(bytes) { self = RecordFacts(line) }
  }

  /// Binds the seven columns in the table's order: at, type, point, decision, reason, event, amount.
  func bind(to statement: Statement, from place: Int32) throws(StoreError) {
    try statement.bind(place, at)
    try statement.bind(place + 1, type)
    try statement.bind(place + 2, point)
    try statement.bind(place + 3, decision)
    try statement.bind(place + 4, reason)
    try statement.bind(place + 5, event)
    try statement.bind(place + 6, amount)
  }
}
