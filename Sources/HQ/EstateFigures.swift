import Journal

/// A point as a report names it.
struct PointName: Hashable, Comparable {
  var gateway: String
  var point: String

  var text: String { "\(gateway) \(point)" }

  static func < (left: PointName, right: PointName) -> Bool {
    (left.gateway, left.point) < (right.gateway, right.point)
  }
}

/// What a report tells, counted in one pass over the records of a period.
struct EstateFigures {
  struct Gateway {
    var stored: StoredGateway
    var verdict: ChainVerdict
    var gaps: [ClosedRange<Int64>]
    var openAlarms = 0
    /// In the period.
    var records = 0
    /// Of a time outside the period.
    var outside = 0
    /// Whose content was dropped, whenever they were written.
    var redacted = 0
    /// Of a type or a time that is none here, whenever they were written.
    var unreadable = 0
  }

  struct Doors {
    var held = 0
    var forced = 0
    var tamper = 0
    var total: Int { held + forced + tamper }
  }

  struct Travel {
    var sum: Int64 = 0
    var count: Int64 = 0
    /// Milliseconds; nil where nothing travelled.
    var mean: Double? { count == 0 ? nil : Double(sum) / Double(count) }

    mutating func add(_ milliseconds: Int64) {
      let (total, overflow) = sum.addingReportingOverflow(milliseconds)
      guard milliseconds >= 0, !overflow else { return }
      sum = total
      count += 1
    }
  }

  struct Wear {
    /// Openings of a barrier or gate, unlockings of a door.
    var cycles = 0
    var slow = 0
    var obstructions = 0
    var faults = 0
    /// By step of the period.
    var opening: [Travel]
    var closing: [Travel]
    var travels: Bool { opening.contains { $0.count > 0 } || closing.contains { $0.count > 0 } }
  }

  struct Loss {
    var gateway: String
    /// By the gateway's clock.
    var at: Int64
    var reason: String
    var count: Int64?
  }

  /// How long after it was written a record was at HQ: up to 10 seconds, a minute, an hour, a day, and longer.
  static let lagBounds: [Int64] = [10_000, 60_000, 3_600_000, 86_400_000]
  static let lagNames = ["up to 10 s", "up to 1 min", "up to 1 h", "up to 1 day", "longer"]

  let period: ReportPeriod
  var gateways: [Gateway] = []
  var grants: [Int]
  var denials: [Int]
  var passages: [Int]
  /// By step, one count for each of ``lagNames``.
  var lag: [[Int]]
  var reasons: [String: Int] = [:]
  /// Passages by hour of the day.
  var traffic: [PointName: [Int]] = [:]
  var doors: [PointName: Doors] = [:]
  var wear: [PointName: Wear] = [:]
  var losses: [Loss] = []
  var lossCount = 0
  var alarms: [Alarm] = []

  private let unmoved: Wear

  init(period: ReportPeriod) {
    self.period = period
    let none = [Travel](repeating: Travel(), count: period.count)
    unmoved = Wear(opening: none, closing: none)
    let empty = [Int](repeating: 0, count: period.count)
    grants = empty
    denials = empty
    passages = empty
    lag = [[Int]](repeating: [Int](repeating: 0, count: Self.lagNames.count), count: period.count)
  }

  var records: Int { gateways.reduce(0) { $0 + $1.records } }

  var unreadable: Int { gateways.reduce(0) { $0 + $1.unreadable } }

  /// Takes one record into the counts.
  mutating func add(_ record: ReportRecord, of gateway: String) {
    let place = period.place(record.at)
    if let storedAt = record.storedAt {
      let late = storedAt - record.at
      lag[place][Self.lagBounds.firstIndex { late <= $0 } ?? Self.lagBounds.count] += 1
    }
    let point = PointName(gateway: gateway, point: bounded(record.point ?? "", of: gateway))
    switch record.type {
    case "access":
      if record.decision == "grant" { grants[place] += 1 }
      guard record.decision == "deny" else { return }
      denials[place] += 1
      let reason = record.reason ?? "no reason"
      reasons[
        reasons.count < HQLimits.reportNames || reasons[reason] != nil ? reason : "others", default: 0] += 1
    case "passage" where record.event == "passage":
      passages[place] += 1
      traffic[point, default: [Int](repeating: 0, count: 24)][period.hour(record.at)] += 1
    case "door-alarm":
      switch record.event {
      case "held-open": doors[point, default: Doors()].held += 1
      case "forced-open": doors[point, default: Doors()].forced += 1
      case "tamper": doors[point, default: Doors()].tamper += 1
      case "fault": wear[point, default: unmoved].faults += 1
      default: break
      }
    case "actuator": addMotion(record, point, place)
    case "gap":
      lossCount += 1
      guard losses.count < HQLimits.reportNames else { return }
      losses.append(
        Loss(gateway: gateway, at: record.at, reason: record.reason ?? "no reason", count: record.amount))
    default: break
    }
  }

  /// A gateway that names ever new points is not given ever more memory.
  private func bounded(_ point: String, of gateway: String) -> String {
    let name = PointName(gateway: gateway, point: point)
    let isKnown = traffic[name] != nil || doors[name] != nil || wear[name] != nil
    return isKnown || max(traffic.count, doors.count, wear.count) < HQLimits.reportPoints ? point : "others"
  }

  private mutating func addMotion(_ record: ReportRecord, _ point: PointName, _ place: Int) {
    switch record.event {
    case "opened":
      wear[point, default: unmoved].cycles += 1
      if let amount = record.amount { wear[point, default: unmoved].opening[place].add(amount) }
    case "closed":
      if let amount = record.amount { wear[point, default: unmoved].closing[place].add(amount) }
    case "unlocked": wear[point, default: unmoved].cycles += 1
    case "slow": wear[point, default: unmoved].slow += 1
    case "obstruction": wear[point, default: unmoved].obstructions += 1
    case "fault": wear[point, default: unmoved].faults += 1
    default: break
    }
  }
}

/// What a report reads of a record.
struct ReportRecord {
  var at: Int64
  var storedAt: Int64?
  var type: String
  var point: String?
  var decision: String?
  var reason: String?
  var event: String?
  var amount: Int64?

  init(_ facts: RecordFacts, at: Int64, storedAt: Int64?) {
    self.at = at
    self.storedAt = storedAt
    type = facts.type ?? ""
    point = facts.point
    decision = facts.decision
    reason = facts.reason
    event = facts.event
    amount = facts.amount
  }
}
