import ControlCore
import Journal
import Messages
import Platform
import Synchronization

/// The one owner of the journal: takes drafts, commits them in groups, and tells who waits.
///
/// A journal that fails is tried again for ever; the drafts wait at the desk meanwhile, and the doors go on.
struct JournalThread: ~Copyable {
  private let desk: JournalDesk
  let status: StatusBoard
  private let board: GuardBoard
  private let watchers: WatchList
  /// Tickets and their seqs, once durable.
  private let committed: @Sendable ([(ticket: UInt64, seq: Int64)]) -> Void
  private let open: @Sendable (JournalBefore) throws -> Journal
  let keeping: Journal.Keeping
  let settle: Interval
  var journal: Journal?
  private var waiting: [JournalDesk.Draft] = []
  private var nextTry: UInt64 = 0
  private var pause = RuntimeLimits.journalRetry
  /// What the controller before left unwritten; nil once the log is open and it is known what of it is there.
  private var rest: JournalPage.Rest?
  /// The start that this controller is, once a journal has counted it.
  private var boot: Int64?
  var retention: RetentionClock?
  var nextAge: UInt64 = 0
  var nextClockSave: UInt64 = 0
  private var written: Int64 = 0
  private var nextWear: UInt64 = 0
  private let writtenBefore = DiskWrites.ofThisThread()

  init(
    journal: Journal?, desk: JournalDesk, status: StatusBoard, board: GuardBoard, watchers: WatchList,
    keeping: Journal.Keeping = Journal.Keeping(), settle: Interval = RuntimeLimits.clockSettle,
    open: @escaping @Sendable (JournalBefore) throws -> Journal,
    committed: @escaping @Sendable ([(ticket: UInt64, seq: Int64)]) -> Void
  ) {
    self.journal = journal
    self.desk = desk
    self.status = status
    self.board = board
    self.watchers = watchers
    self.keeping = keeping
    self.settle = settle
    self.open = open
    self.committed = committed
    rest = desk.page.rest
    if let journal { opened(journal) }
    if journal != nil { publish(error: nil) }
  }

  /// Until `goesOn` says no; then once more for what waits.
  mutating func run(while goesOn: () -> Bool) {
    while goesOn() {
      desk.inbox.wait(milliseconds: waiting.isEmpty ? 500 : 100)
      turn()
    }
    nextTry = 0
    turn()
    if !waiting.isEmpty { turn() }
    if !waiting.isEmpty {
      StandardError.write(
        "gatehoused: journal: \(waiting.count) records waited to the end; the next start tells of them")
    }
    journal = nil
  }

  mutating func turn() {
    let board = self.board
    board[.journalProgress] &+= 1
    if waiting.isEmpty { takeMessages() }
    if journal == nil || status.journal.error != nil {
      let now = MonotonicClock.now()
      guard now >= nextTry else { return }
      nextTry = now + pause.nanoseconds
      guard reopen() else { return }
    }
    writeWaiting()
    if waiting.isEmpty {
      prune()
      growOld()
    }
    countWear()
  }

  private mutating func takeMessages() {
    for message in desk.inbox.takeAll() {
      switch message {
      case .draft(let draft): waiting.append(draft)
      case .acknowledge(let through, let hash, let reply): acknowledge(through, hash, reply)
      case .damaged(let error, let file): takeDamage(error, file)
      }
    }
  }

  /// The file is set aside as if the writer had met the damage. What was read before that belongs to a file that is gone.
  private mutating func takeDamage(_ error: StoreError, _ file: FileIdentity) {
    guard let journal, journal.file == file else { return }
    journal.rememberDamage()
    failed(error)
    nextTry = 0
  }

  private mutating func reopen() -> Bool {
    if journal != nil { return true }
    do {
      let before = JournalBefore(boot: boot, last: max(status.journal.last, desk.page.rest.last))
      let opened = try open(before)
      journal = opened
      self.opened(opened)
      try reconcile(opened, with: before)
      return true
    } catch {
      wait()
      publish(error: "\(error)")
      return false
    }
  }

  /// What the controller before had handed in stands in the log, or is told as lost.
  private mutating func opened(_ journal: Journal) {
    boot = journal.boot
    status.boot = journal.boot
    if let rest {
      var found = journal.lastSequence - rest.last
      if case .recovered = journal.opening { found = 0 }
      desk.inherit(rest, durable: rest.last == 0 ? 0 : found)
    }
    rest = nil
    desk.page.durable(0, last: journal.lastSequence)
  }

  /// A commit that failed in its last step may stand in the log all the same: then it is not written again.
  private mutating func reconcile(_ journal: Journal, with before: JournalBefore) throws(StoreError) {
    guard before.boot != nil, before.last < journal.lastSequence else { return }
    var found: [Journal.Appended] = []
    for stored in try journal.read(after: before.last, limit: JournalLimits.group) {
      guard case .record(_, let record)? = try? LogRecord.parse(stored.bytes) else { break }
      if record.type == .gap {
        if record.detail["since"] != nil { tell(desk.takeLoss()) }
      } else if found.count < waiting.count, waiting[found.count].record.isTheSame(as: record) {
        found.append(.init(seq: stored.seq, bytes: stored.bytes, hash: stored.hash))
      }
    }
    guard !found.isEmpty else { return }
    desk.page.durable(found.count, last: journal.lastSequence)
    written += Int64(found.count)
    tell(found, waiting[..<found.count])
    waiting.removeFirst(found.count)
  }

  private func tell(_ loss: JournalDesk.Loss?) {
    guard let loss else { return }
    desk.page.told(loss.count)
    status.updateJournal { $0.lost = 0 }
  }

  /// After a failure: twice as long each time.
  private mutating func wait() {
    nextTry = MonotonicClock.now() + pause.nanoseconds
    pause = min(
      .milliseconds(pause.milliseconds * 2), .milliseconds(RuntimeLimits.longestJournalRetry.milliseconds))
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
        desk.page.durable(group.count, last: journal.lastSequence)
        written += Int64(appended.count)
        tell(appended, group)
      }
      pause = RuntimeLimits.journalRetry
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
      monotonic: MonotonicClock.now(), type: .gap,
      reason: loss.beforeStart > 0 ? "controller-ended" : "journal-failed",
      detail: [
        "first": .null, "last": .null, "count": .integer(loss.count),
        "before_start": .integer(loss.beforeStart),
        "since": loss.since.map { .string($0.description) } ?? .null,
        "until": loss.until.map { .string($0.description) } ?? .null,
      ])
    do throws(StoreError) {
      for appended in try journal.append([record], passage: Array(loss.changes.values)) {
        watchers.tell(appended.bytes)
      }
      desk.page.told(loss.count)
      desk.page.durable(0, last: journal.lastSequence)
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

  /// Whatever the disk did to an open file, a fresh connection finds out how things stand.
  mutating func failed(_ error: StoreError) {
    switch error.kind {
    // Nothing is wrong with the connection.
    case .full, .busy, .refused, .inUse: break
    case .damaged, .io, .readOnly, .other: journal = nil
    }
    wait()
    publish(error: "\(error)")
  }

  private mutating func prune() {
    do throws(StoreError) { try journal?.prune() } catch { failed(error) }
  }

  /// Once a second, for `status`.
  private mutating func countWear() {
    let now = MonotonicClock.now()
    guard now >= nextWear, let before = writtenBefore, let bytes = DiskWrites.ofThisThread() else { return }
    nextWear = now + 1_000_000_000
    let records = written
    status.updateJournal { line in
      line.written = bytes - before
      line.writtenRecords = records
    }
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

  func publish(error: String?) {
    if error != status.journal.error, let error { StandardError.write("gatehoused: journal: \(error)") }
    status.updateJournal { line in
      line.error = error
      guard let journal else { return }
      line.last = journal.lastSequence
      line.first = (try? journal.firstSequence) ?? line.first
      line.acked = journal.acked.seq
      line.depth = journal.depth
      line.bytes = journal.bytes
      line.fullness = (try? journal.fullness()) ?? line.fullness
    }
  }
}

extension LogRecord {
  /// Whether the journal's record is this draft: what the journal fills in is not compared.
  fileprivate func isTheSame(as record: LogRecord) -> Bool {
    var own = self
    own.gateway = record.gateway
    own.boot = record.boot
    return own == record
  }
}

/// A journal on its way to its thread: who takes it is its only owner, and closes it by letting it go.
final class Handover: Sendable {
  private let journal: Mutex<Journal?>

  init(_ journal: Journal?) { self.journal = Mutex(journal) }

  func take() -> Journal? {
    journal.withLock { journal in
      defer { journal = nil }
      return journal
    }
  }
}
