import Messages
import Platform
import Site
import Synchronization

/// The checks of `selftest`: what must hold for the controller to do its work, each with what was seen.
enum SelfTest {
  static func run(_ report: StatusReport) -> JSONValue {
    var checks: [JSONValue] = []
    var all = true
    func check(_ name: String, _ ok: Bool, _ detail: String) {
      checks.append(["name": .string(name), "ok": .bool(ok), "detail": .string(detail)])
      all = all && ok
    }
    let gauges = report.ports.gauges
    let before = gauges.scans.load(ordering: .relaxed)
    MonotonicClock.sleep(milliseconds: 50)
    let moved = gauges.scans.load(ordering: .relaxed) - before
    check("scan", moved > 0, "\(moved) scans in 50 ms")
    let realTime = gauges.realTime.load(ordering: .relaxed)
    check(
      "real-time", realTime, realTime ? "priority \(report.site.loop.priority)" : "no right to SCHED_FIFO")
    let locked = gauges.memoryLocked.load(ordering: .relaxed)
    check("memory", locked, locked ? "locked" : "no right to lock memory, or not enough")
    let journal = report.status.journal
    check("journal", journal.error == nil, journal.error ?? "\(journal.depth) records")
    let list = report.status.list
    check("list", list.error == nil, list.error ?? "version \(list.version), \(list.count) credentials")
    let field = report.field.faults()
    check(
      "field", field.isEmpty, field.isEmpty ? "all chips and buses answer" : field.joined(separator: "; "))
    let boards = report.field.boards()
    if !boards.isEmpty {
      let bad = boards.compactMap { board in board.trouble.map { "\(board.name): \($0)" } }
      check(
        "boards", bad.isEmpty,
        bad.isEmpty
          ? "\(boards.map(\.name).joined(separator: ", ")): watchdog and own levels read back"
          : bad.joined(separator: "; "))
    }
    check("clock", report.status.clock != .untrusted, report.status.clock.rawValue)
    return ["ok": .bool(all), "checks": .array(checks)]
  }
}
