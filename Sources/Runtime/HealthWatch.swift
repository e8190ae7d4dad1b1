import ControlCore
import Messages
import Platform
import Site
import Synchronization

/// Looks a few times a second at what no event tells: chips, buses, the clock; and writes their changes down.
struct HealthWatch {
  private let site: SiteDescription
  private let report: StatusReport
  private let desk: JournalDesk
  private let writer: RecordWriter
  private let board: GuardBoard
  private var clock: ClockWatch
  private var known: [String: String] = [:]
  private var warnedFull = false
  private var eventsLost: UInt64 = 0
  private var buses: BusProgress

  init(
    site: SiteDescription, report: StatusReport, desk: JournalDesk, writer: RecordWriter, board: GuardBoard,
    clock: ClockWatch
  ) {
    self.site = site
    self.report = report
    self.desk = desk
    self.writer = writer
    self.board = board
    self.clock = clock
    buses = BusProgress(buses: report.field.buses.count)
  }

  mutating func look() {
    let board = self.board
    let before = report.status.clock
    let seen = ClockPair(wall: WallClock.milliseconds(), monotonic: MonotonicClock.now())
    let now = clock.state(wall: seen.wall, monotonic: seen.monotonic)
    report.status.setClock(now, seen: seen)
    if now != before {
      desk.submit(writer.draft(.system, detail: ["event": "clock", "clock": .string(now.rawValue)]))
    }
    for state in report.field.states() { tell(state) }
    board[.chipSuspects] = report.field.suspects
    buses.look(report.field.buses)
    board[.busProgress] = buses.count
    board[.degraded] = UInt64(report.faults().count)
    tellLostEvents()
    warnWhereFull()
  }

  private mutating func tellLostEvents() {
    let lost = report.ports.gauges.eventsLost.load(ordering: .relaxed)
    guard lost > eventsLost else { return }
    desk.submit(
      writer.draft(.system, detail: ["event": "events-lost", "count": .integer(Int64(lost - eventsLost))]))
    eventsLost = lost
  }

  /// The first look is the start: only what is not well is told then.
  private mutating func tell(_ state: DeviceState) {
    let before = known.updateValue(state.state, forKey: state.name)
    guard before != state.state, !(before == nil && (state.state == "good" || state.state == "unknown"))
    else { return }
    let detail: [(key: String, value: JSONValue)] = [
      ("event", "state"), ("device", .string(state.name)), ("state", .string(state.state)),
    ]
    desk.submit(writer.draft(.device, detail: .object(detail + state.more)))
  }

  private mutating func warnWhereFull() {
    let line = report.status.journal
    // Once told, it must have grown well less full before it is told again.
    let full = line.fullness >= site.journal.warnAt * (warnedFull ? 0.9 : 1)
    if full && !warnedFull {
      desk.submit(
        writer.draft(
          .system,
          detail: [
            "event": "log-nearly-full", "depth": .integer(line.depth),
            "capacity": .integer(Int64(site.journal.capacity)),
            "percent": .integer(Int64((line.fullness * 100).rounded())),
          ]))
    }
    warnedFull = full
  }
}
