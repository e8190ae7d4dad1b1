import ControlCore
import Journal
import Messages
import Platform

/// The one owner of the journal: takes drafts, commits them in groups, and tells who waits.
///
/// A journal that fails is tried again for ever; the drafts wait at the desk meanwhile, and the doors go on.
struct JournalThread: ~Copyable {
  private let desk: JournalDesk
  private let status: StatusBoard
  private let board: GuardBoard
  private let watchers: WatchList
  /// Tickets and their seqs, once durable.
  private let committed: @Sendable ([(ticket: UInt64, seq: Int64)]) -> Void
  private let open: @Sendable () throws -> Journal
  private var journal: Journal?
  private var waiting: [JournalDesk.Draft] = []
  private var nextTry: UInt64 = 0

  init(
    journal: Journal?, desk: JournalDesk, status: StatusBoard, board: GuardBoard, watchers: WatchList,
    open: @escaping @Sendable () throws -> Journal,
    committed: @escaping @Sendable ([(ticket: UInt64, seq: Int64)]) -> Void
  ) {
    self.journal = journal
    self.desk = desk
    self.status = status
    self.board = board
    self.watchers = watchers
    self.open = open
    self.committed = committed
    if journal != nil { publish(error: nil) }
  }

  /// Until `goesOn` says no; then once more for what waits.
  mutating func run(while goesOn: () -> Bool) {
    while goesOn() {
      desk.inbox.wait(milliseconds: waiting.isEmpty ? 500 : 100)
      turn()
    }
    turn()
    if !waiting.isEmpty { turn() }
    if !waiting.isEmpty {
      StandardError.write("gatehoused: journal: \(waiting.count) records waited to the end and are lost")
    }
    journal = nil
  }

  mutating func turn() {
    let board = self.board
    board[.journalProgress] &+= 1
    if waiting.isEmpty { takeMessages() }
    let now = MonotonicClock.now()
    if journal == nil || status.journal.error != nil {
      guard now >= nextTry else { return }
      nextTry = now + RuntimeLimits.journalRetry.nanoseconds
      guard reopen() else { return }
    }
    writeWaiting()
    if waiting.isEmpty { prune() }
  }

  private mutating func takeMessages() {
    for message in desk.inbox.takeAll() {
      switch message {
      case .draft(let draft): waiting.append(draft)
      case .acknowledge(let through, let hash, let reply): acknowledge(through, hash, reply)
      }
    }
  }

  private mutating func reopen() -> Bool {
    if journal != nil { return true }
    do {
      let opened = try open()
      status.boot = opened.boot
      journal = opened
      return true
    } catch {
      publish(error: "\(error)")
      return false
    }
  }

  private mutating func writeWaiting() {
    guard let journal else { return }
    do {
      try writeLoss(journal)
      var done = 0
      defer { waiting.removeFirst(done) }
      while done < waiting.count {
        let group = waiting[done..<min(waiting.count, done + RuntimeLimits.groupOfRecords)]
        let appended = try journal.append(group.map(\.record), passage: group.flatMap(\.changes))
        done += group.count
        tell(appended, group)
      }
      if status.journal.error != nil || done > 0 { publish(error: nil) }
    } catch {
      failed(error)
    }
  }

  /// The gap record comes first: what it tells of was before what waits.
  private func writeLoss(_ journal: Journal) throws(StoreError) {
    guard let loss = desk.takeLoss() else { return }
    let record = LogRecord(
      at: Timestamp(milliseconds: WallClock.milliseconds()), clock: status.clock,
      monotonic: MonotonicClock.now(), type: .gap, reason: "journal-failed",
      detail: [
        "first": .null, "last": .null, "count": .integer(loss.count),
        "since": loss.since.map { .string($0.description) } ?? .null,
        "until": loss.until.map { .string($0.description) } ?? .null,
      ])
    do throws(StoreError) {
      for appended in try journal.append([record], passage: Array(loss.changes.values)) {
        watchers.tell(appended.bytes)
      }
      status.updateJournal { $0.lost = 0 }
    } catch {
      desk.giveBack(loss)
      throw error
    }
  }

  /// Gap records that the journal wrote by itself stand before the drafts.
  private func tell(_ appended: [Journal.Appended], _ group: ArraySlice<JournalDesk.Draft>) {
    for record in appended { watchers.tell(record.bytes) }
    committed(zip(group, appended.suffix(group.count)).map { ($0.ticket, $1.seq) })
  }

  private mutating func failed(_ error: StoreError) {
    if error.kind == .damaged { journal = nil }
    nextTry = MonotonicClock.now() + RuntimeLimits.journalRetry.nanoseconds
    publish(error: "\(error)")
  }

  private func prune() {
    do throws(StoreError) { try journal?.prune() } catch { publish(error: "\(error)") }
  }

  private func acknowledge(_ through: Int64, _ hash: [UInt8], _ reply: ReplyAddress) {
    guard let journal else { return reply.refuse("the journal is not open") }
    do throws(StoreError) {
      try journal.acknowledge(through: through, hash: hash)
      publish(error: status.journal.error)
      reply.done(["acked": .integer(journal.acked.seq)])
    } catch {
      reply.refuse("\(error)")
    }
  }

  private func publish(error: String?) {
    if error != status.journal.error, let error { StandardError.write("gatehoused: journal: \(error)") }
    status.updateJournal { line in
      line.error = error
      guard let journal else { return }
      line.last = journal.lastSequence
      line.first = (try? journal.firstSequence) ?? line.first
      line.acked = journal.acked.seq
      line.depth = journal.depth
      line.bytes = journal.bytes
    }
  }
}
