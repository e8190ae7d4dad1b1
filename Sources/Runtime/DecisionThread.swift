import AccessPolicy
import ControlCore
import Journal
import Messages
import Platform
import Site

/// The one owner of the decisions: who may pass, who is inside, which grant waits for what.
///
/// It alone turns a grant into a command, and the scan's events into records and changes of who is where.
struct DecisionThread: ~Copyable {
  let site: SiteDescription
  let ports: ScanPorts
  let inbox: Inbox<DecisionMessage>
  let desk: JournalDesk
  let status: StatusBoard
  let lists: ListSlot
  let writer: RecordWriter
  let reports: EmergencyReports
  let seenText: SeenText
  var policy: PolicyDesk
  var doors: DoorDesk
  /// Decided, and waiting for the log to be durable; by the journal's ticket.
  var undurable: [UInt64: UndurableAnswer] = [:]
  /// Given to the scan, and not answered by it yet; by the command's token.
  var orders: [UInt64: Order] = [:]
  var grants: [UInt64: GrantedPassage] = [:]
  /// Grants whose passage is not over; by its number.
  var passages: [UInt64: GrantedPassage] = [:]
  var answers = TrackMemory<LastAnswer>(capacity: RuntimeLimits.tracks)
  var lastPassage: UInt64 = 0
  /// Who drives which point by hand.
  var holds: [HoldKey: HoldSession] = [:]
  /// Who has last ordered something of a plan, and under which token.
  var lastEmergencyOrder: (token: UInt64, person: String)?
  /// Readings that came before the stored list was there, in their order.
  var early: [Presentation] = []

  init(
    site: SiteDescription, ports: ScanPorts, inbox: Inbox<DecisionMessage>, desk: JournalDesk,
    status: StatusBoard, lists: ListSlot, writer: RecordWriter, reports: EmergencyReports,
    past: PastState,
    storedDoors: [String: StoredPeriod] = [:]
  ) {
    self.site = site
    self.ports = ports
    self.inbox = inbox
    self.desk = desk
    self.status = status
    self.lists = lists
    self.writer = writer
    self.reports = reports
    seenText = SeenText(site: site)
    policy = PolicyDesk(site: site, past: past)
    doors = DoorDesk(site: site, stored: storedDoors)
  }

  mutating func run(while goesOn: () -> Bool) {
    while goesOn() {
      inbox.wait(milliseconds: patience(MonotonicClock.now()))
      turn()
    }
    turn()
  }

  mutating func turn() {
    let messages = inbox.takeAll()
    // What the scan saw comes before what is asked now: a passage frees the place that the next one needs.
    while let event = ports.events.pop() { take(event) }
    decideEarly()
    for message in messages {
      switch message {
      case .presentation(let presentation):
        if waits(presentation) { early.append(presentation) } else { decide(presentation) }
      case .order(let order): pass(order)
      case .policy(let order): carryOut(order)
      case .why(let question, let reply): explain(question, reply)
      case .gone(let connection): letGo(connection: connection)
      case .committed(let tickets): for (ticket, seq) in tickets { durable(ticket, seq) }
      }
    }
    let now = Instant(nanoseconds: MonotonicClock.now())
    expire(now: now)
    expireHeld(now: now)
    lookAfterDoors(now: now)
    policy.recount(lists.current)
  }

  /// Until the first answer that has waited long enough for the log.
  private func patience(_ now: UInt64) -> Int32 {
    if policy.isCounting { return 0 }
    let answer = undurable.values.map(\.deadline.nanoseconds).min() ?? UInt64.max
    let next = min(answer, policy.nextExpiry?.nanoseconds ?? UInt64.max)
    if next <= now { return 0 }
    return Int32(min(early.isEmpty ? 500 : 5, (next - now) / 1_000_000 + 1))
  }
}

/// A decision whose record is on its way to the disk.
struct UndurableAnswer {
  var decision: LogRecord.Decision
  var reason: String
  var point: PointIndex
  /// What a grant becomes as soon as it may; nil for a denial, and for a grant that was carried out already.
  var command: Command?
  var sources: [Presentation.Source]
  /// When the command goes out, durable or not.
  var commandBy: Instant
  /// When the sources are answered, durable or not.
  var answerBy: Instant
  var memory: [PresenceKey]

  var deadline: Instant { command == nil ? answerBy : commandBy }
}

/// One presence at one reader: a track, or a credential where the source tells none.
struct PresenceKey {
  var reader: Int
  var text: String
}

/// What was answered a moment ago to the same presence.
struct LastAnswer {
  var decision: LogRecord.Decision
  var reason: String
  /// 0 while it is not durable.
  var seq: Int64
  /// While it is not durable: where it waits.
  var ticket: UInt64?
}

/// A grant on its way through the machine.
struct GrantedPassage {
  var passage: UInt64
  var point: PointIndex
  var reader: ReaderIndex
  var side: Side
  var credential: String
}
