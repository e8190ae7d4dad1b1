import Journal
import Messages
import Platform
import Synchronization

/// Where every thread hands in its records. It never waits for the card: a full desk counts what it must refuse.
final class JournalDesk: Sendable {
  struct Draft: Sendable {
    var ticket: UInt64
    var record: LogRecord
    var changes: [PassageChange]
  }

  enum Message: Sendable {
    case draft(Draft)
    /// HQ's acknowledgement, as the uplink brings it.
    case acknowledge(through: Int64, hash: [UInt8], ReplyAddress)
    /// A reader found the file damaged, where the writer had not been.
    case damaged(StoreError, file: FileIdentity)
  }

  /// What found no room since the last `gap` record.
  struct Loss: Sendable {
    var count: Int64 = 0
    /// Of those, the ones that a controller before this one had not written when it ended.
    var beforeStart: Int64 = 0
    var since: Timestamp?
    var until: Timestamp?
    /// Who is where outlives the records that said so; by credential or area, the newest only.
    var changes: [String: PassageChange] = [:]
  }

  let inbox: Inbox<Message>
  private let loss = Mutex(Loss())
  private let tickets = Atomic<UInt64>(1)
  private let status: StatusBoard
  /// Outlives this process, where it was given.
  let page: JournalPage

  init(status: StatusBoard, page: JournalPage? = nil) throws(SystemError) {
    if let page { self.page = page } else { self.page = try JournalPage(path: nil, owner: "") }
    inbox = try Inbox(capacity: RuntimeLimits.waitingRecords)
    self.status = status
  }

  /// The number under which the commit is told, or nil where the record is lost: counted, and told by a `gap` record.
  @discardableResult
  func submit(_ record: LogRecord, changes: [PassageChange] = []) -> UInt64? {
    let ticket = tickets.add(1, ordering: .relaxed).oldValue
    let reserve = Self.isImportant(record.type) ? 0 : RuntimeLimits.waitingRecordsReserved
    let draft = Draft(ticket: ticket, record: record, changes: changes)
    page.handedIn(wall: record.at.milliseconds)
    if inbox.post(.draft(draft), leaving: reserve) { return ticket }
    page.refused(wall: record.at.milliseconds)
    let count = loss.withLock { loss in
      loss.count += 1
      loss.since = loss.since ?? record.at
      loss.until = record.at
      for change in changes where loss.changes.count < RuntimeLimits.waitingChanges {
        loss.changes[Self.key(change)] = change
      }
      return loss.count
    }
    status.updateJournal { $0.lost = count }
    return nil
  }

  private static func isImportant(_ type: LogRecord.Kind) -> Bool {
    switch type {
    case .access, .doorAlarm, .emergency: true
    case .passage, .actuator, .operator, .device, .system, .gap: false
    }
  }

  /// What a controller before this one had handed in and not written; `durable` of those are in the log all the same.
  func inherit(_ rest: JournalPage.Rest, durable: Int64) {
    let count = max(0, rest.waiting - durable) + rest.lost
    guard count > 0 else { return }
    page.inherited(count, since: rest.since, until: rest.until)
    giveBack(
      Loss(
        count: count, beforeStart: count, since: Timestamp(milliseconds: rest.since),
        until: Timestamp(milliseconds: rest.until)))
    status.updateJournal { $0.lost += count }
  }

  /// What was lost until now; the journal thread asks when it can write again.
  func takeLoss() -> Loss? {
    let taken = loss.withLock { loss in
      let taken = loss
      loss = Loss()
      return taken
    }
    return taken.count > 0 ? taken : nil
  }

  /// The journal failed again before it could tell.
  func giveBack(_ lost: Loss) {
    loss.withLock { loss in
      loss.count += lost.count
      loss.beforeStart += lost.beforeStart
      loss.since = lost.since
      loss.until = loss.until ?? lost.until
      loss.changes.merge(lost.changes) { newer, _ in newer }
    }
  }

  private static func key(_ change: PassageChange) -> String {
    switch change {
    case .entered(let credential, _, _), .left(let credential): "presence \(credential)"
    case .used(let credential, _): "uses \(credential)"
    case .occupied(let area, _): "occupancy \(area)"
    case .forgotten(let area): "forgotten \(area)"
    }
  }
}
