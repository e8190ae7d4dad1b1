import AccessPolicy
import ControlCore
import Messages
import Platform
import Site
import Synchronization

/// The answers of the reading verbs, made from what the other threads publish; it waits for none of them.
struct StatusReport: Sendable {
  let site: SiteDescription
  let ports: ScanPorts
  let board: GuardBoard
  let status: StatusBoard
  let field: FieldReport
  let startedAt: UInt64

  func whole() -> JSONValue {
    let journal = status.journal
    let list = status.list
    let grants = ports.gauges.eventToOutput
    return [
      "gateway": .string(site.gateway.id), "site": .string(site.gateway.site),
      "boot": .integer(status.boot), "clock": .string(status.clock.rawValue),
      "uptime_ms": .integer(Int64((MonotonicClock.now() - startedAt) / 1_000_000)),
      "maintenance": .bool(ports.snapshot.read { $0.inMaintenance }),
      "loop": loop(), "journal": self.journal(journal),
      "list": .object(
        [("version", .integer(list.version)), ("count", .integer(Int64(list.count)))]
          + (list.error.map { [("error", .string($0))] } ?? [])),
      "buses": field.busList(), "chips": field.chips(), "points": points(), "emergencies": emergencies(),
      "guard": guardian(), "faults": .array(faults().map { .string($0) }),
      "event_to_output_us": [
        "count": .integer(Int64(grants.count)), "p50": .integer(Int64(grants.percentile(0.5))),
        "p99": .integer(Int64(grants.percentile(0.99))),
        "max": .integer(Int64(grants.maximumMicroseconds)),
      ],
    ]
  }

  private func journal(_ journal: StatusBoard.Journal) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("first", .integer(journal.first)), ("last", .integer(journal.last)),
      ("acked", .integer(journal.acked)), ("depth", .integer(journal.depth)),
      ("capacity", .integer(Int64(site.journal.capacity))),
      ("state", .string(journal.error == nil ? "ok" : "degraded")), ("bytes", .integer(journal.bytes)),
      ("lost", .integer(journal.lost)),
    ]
    if let error = journal.error { members.append(("error", .string(error))) }
    if let limit = site.journal.capacityBytes { members.append(("capacity_bytes", .integer(limit))) }
    members.append(("fullness", .number((journal.fullness * 1_000).rounded() / 1_000)))
    if site.journal.credentialDays != nil {
      members.append(("redacted_through", .integer(journal.redactedThrough)))
    }
    if let written = journal.written { members.append(("written", wear(written, journal.writtenRecords))) }
    return .object(members)
  }

  /// What the log costs the card: since the start of this controller, by record, and as it would be for a day.
  private func wear(_ bytes: Int64, _ records: Int64) -> JSONValue {
    let milliseconds = Int64((MonotonicClock.now() - startedAt) / 1_000_000)
    return [
      "bytes": .integer(bytes), "records": .integer(records),
      "bytes_per_record": records > 0 ? .integer(bytes / records) : .null,
      "bytes_per_day": .integer(Int64(Double(bytes) / Double(max(1, milliseconds)) * 86_400_000)),
    ]
  }

  private func guardian() -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [("restarts", .integer(Int64(board[.restarts])))]
    if let cause = GuardCause(cause: board[.cause], number: board[.causeNumber]) {
      members.append(("last_cause", .string(cause.text)))
      members.append(("last_safe_ms", .integer(Int64(board[.safeMicroseconds] / 1_000))))
      if !board.unsafeOutputs.isEmpty { members.append(("last_not_safe", .string(board.unsafeOutputs))) }
    }
    return .object(members)
  }

  /// Everything that is not as it should be, one sentence each.
  func faults() -> [String] {
    var faults = status.faults + field.faults()
    let journal = status.journal
    if let error = journal.error { faults.append("journal: \(error)") }
    if journal.fullness >= site.journal.warnAt {
      let percent = Int((journal.fullness * 100).rounded())
      faults.append("journal: \(percent) % of its room waits for headquarters; \(journal.depth) records")
    }
    if journal.lost > 0 { faults.append("journal: \(journal.lost) records lost") }
    faults += PowerWatch.faults(site, ports)
    if let fault = status.emergencyFault { faults.append("emergencies are not kept: \(fault)") }
    if let fault = status.doorFault { faults.append("free access is not kept: \(fault)") }
    if let fault = status.wearFault { faults.append("wear is not kept: \(fault)") }
    if let error = status.list.error { faults.append("list: \(error)") }
    if status.clock == .untrusted { faults.append("clock: not synchronised, not trusted") }
    ports.snapshot.read { snapshot in
      for (place, name) in site.pointNames.enumerated() where snapshot.points[place].fault != .none {
        let fault = snapshot.points[place].fault
        let advice = FieldNames.advice(fault).map { "; \($0)" } ?? ""
        faults.append("point \(name): \(FieldNames.cause(fault))\(advice)")
      }
    }
    return faults
  }

  /// Who may open a door, and why that is so where a schedule has a say.
  func access(
    _ place: Int, _ point: PointStatus, _ words: [Int: String]
  ) -> [(key: String, value: JSONValue)] {
    var members: [(key: String, value: JSONValue)] = [
      ("access", .string(FieldNames.access(point.access))), ("propped", .bool(point.isPropped)),
    ]
    if let why = words[place] { members.append(("access_why", .string(why))) }
    return members
  }

  func passageName(_ number: UInt64) -> String { "p-\(status.boot)-\(number)" }

  func readers() -> JSONValue {
    let counts = status.readers
    return .array(
      site.policy.readers.enumerated().map { place, reader in
        var members: [(key: String, value: JSONValue)] = [
          ("name", .string(reader.name)), ("point", .string(site.pointNames[reader.point.position])),
          ("side", .string("\(reader.side)")), ("kind", .string("\(reader.kind)")),
          ("reads", .integer(Int64(counts[place].reads))),
        ]
        if let last = counts[place].last { members.append(("last", .string(last.description))) }
        return .object(members)
      })
  }

  func emergencies() -> JSONValue {
    ports.snapshot.read { snapshot in
      .array(
        site.planNames.enumerated().map { place, name in
          let plan = snapshot.plans[place]
          var members: [(key: String, value: JSONValue)] = [
            ("name", .string(name)), ("kind", .string("\(site.control.emergencies[place].kind)")),
            ("active", .bool(plan.active)), ("drill", .bool(plan.drill)), ("called", .bool(plan.called)),
            ("silenced", .bool(plan.silenced)),
          ]
          if plan.active {
            members.append(("since_ms", .integer(Int64(snapshot.at.since(plan.startedAt).milliseconds))))
          }
          return .object(members)
        })
    }
  }

  /// The newest scans, oldest first: number, beginning and end, the instants in nanoseconds of CLOCK_MONOTONIC.
  func scans(_ last: UInt64) -> JSONValue {
    .array(
      ports.gauges.trace.last(last).map { scan in
        .array([scan.number, scan.began, scan.ended].map { .integer(Int64(clamping: $0)) })
      })
  }

  func loop() -> JSONValue {
    let gauges = ports.gauges
    let bounds: [UInt64] = [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000]
    let counts = gauges.lateness.counts(below: bounds)
    let histogram: [JSONValue] = zip(bounds, counts).map { bound, count in
      ["le_us": .integer(Int64(bound)), "count": .integer(Int64(count))]
    }
    return [
      "period_us": .integer(Int64(site.loop.period.microseconds)),
      "real_time": .bool(gauges.realTime.load(ordering: .relaxed)),
      "memory_locked": .bool(gauges.memoryLocked.load(ordering: .relaxed)),
      "priority": .integer(Int64(site.loop.priority)),
      "scans": .integer(Int64(gauges.scans.load(ordering: .relaxed))),
      "overruns": .integer(Int64(gauges.overruns.load(ordering: .relaxed))),
      "skipped": .integer(Int64(gauges.skipped.load(ordering: .relaxed))),
      "events_lost": .integer(Int64(gauges.eventsLost.load(ordering: .relaxed))),
      "lateness_us": [
        "p50": .integer(Int64(gauges.lateness.percentile(0.5))),
        "p99": .integer(Int64(gauges.lateness.percentile(0.99))),
        "p999": .integer(Int64(gauges.lateness.percentile(0.999))),
        "max": .integer(Int64(gauges.lateness.maximumMicroseconds)),
      ],
      "histogram": .array(histogram + [["le_us": .null, "count": .integer(Int64(counts.last ?? 0))]]),
    ]
  }
}
