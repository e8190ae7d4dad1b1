import Journal
import Messages

/// What the journal remembers of the time before this start.
struct PastState: Sendable {
  var passage = PassageState()
  var newestRecordAt: Int64?
  var clockWasBelieved = false

  /// Without a journal nothing is known: nobody is inside, nothing is used up.
  init(journal: Journal?) {
    guard let journal else { return }
    if let state = try? journal.passageState() { passage = state }
    guard let newest = try? journal.read(after: journal.lastSequence - 1, limit: 1).last,
      case .record(_, let record)? = try? LogRecord.parse(newest.bytes)
    else { return }
    newestRecordAt = record.at.milliseconds
    clockWasBelieved = record.clock != .untrusted
  }
}
