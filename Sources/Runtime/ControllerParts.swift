import AccessPolicy
import ControlCore
import GPIODriver
import Journal
import Messages
import ModbusDriver
import Platform
import Site
import Synchronization

/// All that one controller consists of, and the threads that own it.
struct ControllerParts: ~Copyable {
  private let site: SiteDescription
  private let options: ControllerOptions
  private let board: GuardBoard
  private let banks: [GPIOBank?]

  private let course = ControllerProcess.Course()
  private let status: StatusBoard
  private let decisions: Inbox<DecisionMessage>
  private let lists: Inbox<ListMessage>
  private let logs: Inbox<LogMessage>
  private let desk: JournalDesk
  private let watchers = WatchList()
  private let listSlot = ListSlot()
  private let ports: ScanPorts
  private let field: FieldReport
  private let report: StatusReport
  private let writer: RecordWriter
  private var threads: [ControllerProcess.Stage: [PlatformThread]] = [:]
  private var health: HealthWatch?
  private var emergencies: EmergencyKeeper
  private let storedDoors: [String: StoredPeriod]
  private var doors: DoorKeeper
  private let emergencyReports: EmergencyReports
  private var power: PowerWatch
  private var wear: WearKeeper

  init(
    site: SiteDescription, options: ControllerOptions, board: GuardBoard, banks: [GPIOBank?],
    chipErrors: [String?]
  ) throws {
    let status = StatusBoard(readers: site.policy.readers.count)
    let decisions = try Inbox<DecisionMessage>(capacity: RuntimeLimits.decisionInbox)
    let lists = try Inbox<ListMessage>(capacity: RuntimeLimits.listInbox)
    let logs = try Inbox<LogMessage>(capacity: RuntimeLimits.logInbox)
    desk = try JournalDesk(status: status, page: Self.page(site, options))
    self.site = site
    self.options = options
    self.board = board
    self.banks = banks
    self.status = status
    self.decisions = decisions
    self.lists = lists
    self.logs = logs
    ports = ScanPorts { decisions.nudge() }
    field = FieldReport(site: site, chipErrors: chipErrors)
    report = StatusReport(
      site: site, ports: ports, board: board, status: status, field: field, startedAt: MonotonicClock.now())
    writer = RecordWriter(site: site, status: status)
    let doorFile = DoorFile(directory: options.stateDirectory)
    storedDoors = doorFile.read()
    doors = DoorKeeper(file: doorFile, found: storedDoors, status: status)
    emergencyReports = EmergencyReports(site: site, directory: options.stateDirectory)
    emergencies = EmergencyKeeper(
      file: EmergencyFile(directory: options.stateDirectory, plans: site.planNames), board: board,
      status: status, reports: emergencyReports)
    wear = WearKeeper(
      file: WearFile(directory: options.stateDirectory, site: site), ports: ports, status: status)
    power = PowerWatch(site: site, ports: ports, desk: desk, writer: writer)
  }

  // MARK: Start

  mutating func start() throws {
    _ = MemoryLock.lockWithinLimit()
    try startScan()
    let opened = openJournal()
    let past = PastState(journal: opened.journal)
    try startJournal(opened)
    try startLists()
    try startDecisions(past)
    health = HealthWatch(
      site: site, report: report, desk: desk, writer: writer, board: board,
      clock: ClockWatch(newestRecordAt: past.newestRecordAt, wasBelieved: past.clockWasBelieved))
    health?.look()
    try startSockets()
    writeStart(opened)
    let board = self.board
    board.phase = .ready
  }

  private mutating func start(
    _ name: String, priority: Int? = nil, stackBytes: Int = 1 << 20, endsAt stage: ControllerProcess.Stage,
    _ body: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    let thread = try PlatformThread.start(
      name: name, realTimePriority: priority, stackBytes: stackBytes, body: body)
    if priority != nil { ports.gauges.realTime.store(thread.gotRealTime, ordering: .relaxed) }
    threads[stage, default: []].append(thread)
  }

  private mutating func startScan() throws(SystemError) {
    field.startBuses(priority: max(1, site.loop.priority - 20))
    let (site, banks, ports, board) = (site, banks, ports, board)
    let (course, field) = (course, field)
    let setting = wear.found.applied(to: emergencies.found.held.applied(to: site.control))
    try start("scan", priority: site.loop.priority, endsAt: .scanEnds) {
      var loop = ControlLoop(
        field: LiveField(site: site, banks: banks, report: field), setting: setting,
        period: site.loop.period, ports: ports)
      loop.run(while: { course.isBefore(.scanEnds) }) { now in
        board[.emergencies] = ports.gauges.emergencies.load(ordering: .relaxed)
        board.beat(at: now.nanoseconds)
        if board.phase == .starting { board.phase = .scanning }
      }
    }
    // Once more, where only what is mapped is locked: now the scan's stack is there, and the list is not yet.
    ports.gauges.memoryLocked.store(MemoryLock.lockWithinLimit(), ordering: .relaxed)
    var faults: [String] = []
    if !ports.gauges.realTime.load(ordering: .relaxed) {
      faults.append("no right to real-time priority: the scan runs without it; see LimitRTPRIO")
    }
    if !ports.gauges.memoryLocked.load(ordering: .relaxed) {
      faults.append("memory is not locked: a page fault may delay a scan; see LimitMEMLOCK")
    }
    for fault in faults { StandardError.write("gatehoused: \(fault)") }
    status.faults = faults
  }

  /// Without a place in the run directory what waits at the end of this controller is known to it alone.
  private static func page(_ site: SiteDescription, _ options: ControllerOptions) throws(SystemError)
    -> JournalPage
  {
    let owner = "\(site.gateway.id) \(options.stateDirectory)"
    do throws(SystemError) {
      return try JournalPage(path: "\(options.runDirectory)/journal.page", owner: owner)
    } catch {
      StandardError.write("gatehoused: journal: \(error)")
      return try JournalPage(path: nil, owner: owner)
    }
  }

  private func openJournal() -> (journal: Journal?, error: StoreError?) {
    do throws(StoreError) {
      return (try Self.journal(site, options, JournalBefore(last: desk.page.rest.last)), nil)
    } catch {
      StandardError.write("gatehoused: journal: \(error)")
      status.updateJournal { $0.error = "\(error)" }
      return (nil, error)
    }
  }

  private static func journal(
    _ site: SiteDescription, _ options: ControllerOptions, _ before: JournalBefore
  ) throws(StoreError) -> Journal {
    do throws(SystemError) {
      try Files.makeDirectory(options.stateDirectory)
    } catch {
      throw StoreError(error, during: "make \(options.stateDirectory)")
    }
    return try Journal.open(
      directory: options.stateDirectory, gateway: site.gateway.id, capacity: site.journal.capacity,
      capacityBytes: site.journal.capacityBytes, forgetsCredentials: site.journal.credentialDays != nil,
      before: before)
  }

  private mutating func startJournal(_ opened: (journal: Journal?, error: StoreError?)) throws(SystemError) {
    status.boot = opened.journal?.boot ?? 0
    let (site, options, desk, status, board) = (site, options, desk, status, board)
    let (watchers, course, decisions) = (watchers, course, decisions)
    let handover = Handover(opened.journal)
    try start("journal", endsAt: .journalEnds) {
      var thread = JournalThread(
        journal: handover.take(), desk: desk, status: status, board: board, watchers: watchers,
        keeping: Self.keeping(site.journal), open: { try Self.journal(site, options, $0) },
        committed: { decisions.postAlways(.committed($0)) })
      thread.run { course.isBefore(.journalEnds) }
    }
  }

  private static func keeping(_ journal: JournalDescription) -> Journal.Keeping {
    func milliseconds(_ days: Int?) -> Int64? { days.map { Int64($0) * 86_400_000 } }
    return Journal.Keeping(
      records: milliseconds(journal.keepDays), credentials: milliseconds(journal.credentialDays))
  }

  private mutating func startLists() throws(SystemError) {
    let (site, options, lists, desk) = (site, options, lists, desk)
    let (status, listSlot, course, writer) = (status, listSlot, course, writer)
    try start("list", stackBytes: 4 << 20, endsAt: .scanEnds) {
      var thread = ListThread(
        site: site, inbox: lists, slot: listSlot, status: status, desk: desk, writer: writer,
        stateDirectory: options.stateDirectory)
      thread.run { course.isBefore(.scanEnds) }
    }
    let logs = self.logs
    try start("log", endsAt: .scanEnds) {
      var thread = LogThread(
        site: site, inbox: logs, lists: listSlot, stateDirectory: options.stateDirectory, status: status,
        desk: desk)
      thread.run { course.isBefore(.scanEnds) }
    }
  }

  private mutating func startDecisions(_ past: PastState) throws {
    let storedDoors = self.storedDoors
    let (site, ports, decisions, desk) = (site, ports, decisions, desk)
    let (status, listSlot, course, writer) = (status, listSlot, course, writer)
    let reports = emergencyReports
    try start("decision", stackBytes: 4 << 20, endsAt: .decisionEnds) {
      var thread = DecisionThread(
        site: site, ports: ports, inbox: decisions, desk: desk, status: status, lists: listSlot,
        writer: writer, reports: reports, past: past, storedDoors: storedDoors)
      thread.run { course.isBefore(.decisionEnds) }
    }
    guard WiegandThread.isNeeded(for: site) else { return }
    let (field, run) = (field, options.runDirectory)
    try start("wiegand", endsAt: .scanEnds) {
      guard var thread = try? WiegandThread(site: site, runDirectory: run, decisions: decisions, field: field)
      else { return field.setReaderFaults(["wiegand: no event descriptor; too many open files"]) }
      thread.run { course.isBefore(.scanEnds) }
    }
  }

  private mutating func startSockets() throws(SystemError) {
    let course = self.course
    let ingress = try ReplyBox()
    let ingressHandler = IngressHandler(site: site, replies: ingress, decisions: decisions)
    let ingressListener = try UnixListener(path: "\(options.runDirectory)/ingress.sock")
    try start("ingress", endsAt: .decisionEnds) {
      var server = LineServer(listener: ingressListener, handler: ingressHandler, replies: ingress)
      server.run { course.isBefore(.decisionEnds) }
    }
    let control = try ReplyBox()
    let controlHandler = ControlHandler(
      site: site, report: report, replies: control, decisions: decisions, lists: lists, logs: logs,
      desk: desk, watchers: watchers, emergencyReports: emergencyReports)
    let controlListener = try UnixListener(path: "\(options.runDirectory)/control.sock")
    try start("control", endsAt: .decisionEnds) {
      var server = LineServer(listener: controlListener, handler: controlHandler, replies: control)
      server.run { course.isBefore(.decisionEnds) }
    }
  }

  /// The first records of this start: that it began, what became of the journal, and of the controller before.
  private func writeStart(_ opened: (journal: Journal?, error: StoreError?)) {
    if let cause = GuardCause(cause: board[.cause], number: board[.causeNumber]), board[.restarts] > 0 {
      desk.submit(writer.draft(.system, detail: .object(restart(cause))))
    }
    var detail: [(key: String, value: JSONValue)] = [("event", "started")]
    if case .recovered(let setAside, let why, let through) = opened.journal?.opening {
      detail.append(("journal", "recovered"))
      detail.append(("why", .string(why)))
      detail.append(("set_aside", setAside.map { .string($0) } ?? .null))
      detail.append(("through", .integer(through)))
    }
    if !report.faults().isEmpty { detail.append(("faults", .array(report.faults().map { .string($0) }))) }
    desk.submit(writer.draft(.system, detail: .object(detail)))
    for record in emergencies.records(writer) { desk.submit(record) }
  }

  private func restart(_ cause: GuardCause) -> [(key: String, value: JSONValue)] {
    var detail: [(key: String, value: JSONValue)] = [
      ("event", "controller-restarted"), ("cause", .string(cause.text)),
      ("outputs_safe_ms", .integer(Int64(board[.safeMicroseconds] / 1_000))),
      ("restarts", .integer(Int64(board[.restarts]))),
    ]
    if !board.unsafeOutputs.isEmpty { detail.append(("not_safe", .string(board.unsafeOutputs))) }
    return detail
  }

  // MARK: Run and stop

  /// On the main thread: looks at the health five times a second until the guard asks for the end.
  mutating func superviseUntilStop() {
    while !board.stopRequested {
      for _ in 0..<20 where !board.stopRequested {
        emergencies.look()
        doors.look()
        MonotonicClock.sleep(milliseconds: 10)
      }
      health?.look()
      power.look()
      wear.look()
    }
  }

  /// The scan first, which leaves every output safe; then what fed it; the journal when nobody writes any more.
  mutating func stop() {
    let board = self.board
    board.phase = .stopping
    desk.submit(writer.draft(.system, detail: ["event": "stopped"]))
    for stage in [ControllerProcess.Stage.scanEnds, .decisionEnds, .journalEnds] {
      course.advance(to: stage)
      decisions.nudge()
      desk.inbox.nudge()
      lists.nudge()
      logs.nudge()
      for thread in threads[stage] ?? [] { thread.join() }
      if stage == .scanEnds {
        field.stopBuses()
        emergencies.look()
        doors.look()
        wear.finish()
      }
    }
  }
}
